//! Tests of the real binary, each in a folder of its own.

#![cfg(unix)]

mod api;
mod check;
mod client;
mod command_line;
mod config;
mod diagnostics;
mod diff;
mod docs;
mod errors;
mod explain;
mod generate;
mod golden;
mod harness;
mod init;
mod killed;
mod lint;
mod new;
mod output;
mod overrides;
mod paths;
mod reports;
mod up_to_date;
mod validate;
mod views;
mod watch;
