//! Control of the cluster by the tests that run on it: commands as lines over TCP. The response is `ok` or an error.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Mutex, Weak};
use std::thread;

use anyhow::{Result, bail};

use super::cluster::{Cluster, lock};
use super::daemon::End;

/// Environment variable with the address of the control.
pub const VARIABLE: &str = "CRDGEN_ENVTEST_CONTROL";

/// Serves commands in separate threads until the cluster has ended. Returns the address.
pub fn serve(cluster: Weak<Mutex<Option<Cluster>>>) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let cluster = Weak::clone(&cluster);
            // An error means that the client is gone.
            thread::spawn(move || obey(&stream, &cluster).ok());
        }
    });
    Ok(address)
}

fn obey(stream: &TcpStream, cluster: &Weak<Mutex<Option<Cluster>>>) -> Result<()> {
    let mut answers = stream;
    for line in BufReader::new(stream).lines() {
        let Some(cluster) = cluster.upgrade() else { break };
        let mut cluster = lock(&cluster);
        let Some(cluster) = cluster.as_mut() else { break };
        match command(&line?, cluster) {
            Ok(()) => writeln!(answers, "ok")?,
            Err(error) => writeln!(answers, "{}", format!("{error:#}").replace('\n', " "))?,
        }
    }
    Ok(())
}

fn command(line: &str, cluster: &mut Cluster) -> Result<()> {
    match line.trim() {
        "start" => cluster.start_server(),
        "stop" => cluster.stop_server(End::Asked),
        "crash" => cluster.stop_server(End::Crash),
        "compact" => cluster.compact(),
        other => bail!("{other:?} is none of start, stop, crash, compact"),
    }
}
