//! Hostile requests through a real socket. Each gets the right problem, and none reaches the backend.

#[path = "../sample/mod.rs"]
mod sample;
#[path = "../wire/mod.rs"]
mod wire;

mod bodies;
mod callers;
mod headers;
mod memory;
mod paths;
mod queries;
mod service;
mod sockets;
