//! Tests of the book in `docs/src` and of the README: fences, commands, links, the table of contents, and the reference
//! pages, which are made of code. The Rust blocks are the doctests of `docs/snippets`; `cargo xtask book` checks the
//! TypeScript blocks.

#![cfg(unix)]

mod console;
mod contents;
mod fences;
mod links;
mod page;
mod reference;
