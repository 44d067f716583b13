//! A service with FastAPI, pydantic and the official Python client: the variant `classic` of the baseline, in the
//! folder of [`workspace::data`].

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use crdgen_harness::program::Program;
use crdgen_harness::{process, workspace};

use super::way::Way;

/// Returns the way, or `None` after printing a line if the baseline, Python or its packages are not available.
pub fn classic(upstream: &Program) -> Result<Option<Way>> {
    let baseline = workspace::data().join("baseline");
    let python = match (baseline.is_dir(), process::is_installed("python3")) {
        (true, true) => environment(&baseline)?,
        _ => None,
    };
    let Some(python) = python else {
        eprintln!("skipped: FastAPI (its baseline, Python or its packages are not at hand)");
        return Ok(None);
    };
    let address = upstream.address;
    Ok(Some(Way {
        name: "fastapi",
        list: |namespace| format!("/v/classic/certificates?ns={namespace}"),
        one: |name| format!("/api/certificates/{name}"),
        nothing: None,
        is_flat: false,
        start: Box::new(move || start(&python, &baseline, address)),
    }))
}

/// Returns the path of a Python with the packages of the baseline, or `None` if they cannot be installed.
fn environment(baseline: &std::path::Path) -> Result<Option<PathBuf>> {
    let folder = workspace::scratch("bench-service").join("venv");
    let (python, done) = (folder.join("bin/python"), folder.join("done"));
    if done.is_file() {
        return Ok(Some(python));
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "-r"]).arg(baseline.join("requirements.txt"));
    if process::run(&mut pip).is_err() {
        return Ok(None);
    }
    fs::write(done, "")?;
    Ok(Some(python))
}

fn start(python: &std::path::Path, baseline: &std::path::Path, upstream: SocketAddr) -> Result<Program> {
    // The port becomes free when the listener is dropped.
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = Command::new(python);
    command
        .args(["-m", "uvicorn", "app.main:app", "--loop", "uvloop", "--http", "httptools", "--workers", "1"])
        .args(["--log-level", "warning", "--no-access-log", "--port", &address.port().to_string()])
        .current_dir(baseline)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("FAKE", format!("http://{upstream}"))
        .env("KINDS", "certificates")
        .stdin(Stdio::null());
    let program = Program::told(command.spawn()?, address);
    let deadline = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(address).is_err() {
        ensure!(Instant::now() < deadline, "FastAPI does not listen");
        thread::sleep(Duration::from_millis(100));
    }
    Ok(program)
}
