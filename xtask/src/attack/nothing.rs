//! A process that answers requests and does nothing else. Its answers show the delay of the machine itself.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;

use anyhow::Result;
use crdgen_harness::program::Program;

/// Hidden flag of `attack` that starts this process.
pub const FLAG: &str = "--nothing";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// Starts the process.
pub fn start() -> Result<Program> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["attack", FLAG]);
    Program::start(command)
}

/// Answers requests until the process is ended.
pub fn serve() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("{}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        // An error means that the caller is gone and needs no answer.
        thread::spawn(move || answer(&stream).ok());
    }
    Ok(())
}

fn answer(mut stream: &TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    for line in BufReader::new(stream).lines() {
        if line?.is_empty() {
            stream.write_all(ANSWER)?;
        }
    }
    Ok(())
}
