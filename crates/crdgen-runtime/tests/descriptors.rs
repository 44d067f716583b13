//! Server with few file descriptors, and peers that open more connections than that. The limit applies to a process, so
//! this test starts itself again as the server.

#[cfg(unix)]
mod wire;

#[cfg(not(unix))]
fn main() {
    println!("skipped: this system has no limit of descriptors");
}

#[cfg(unix)]
fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("serve") => runtime().block_on(unix::serve()),
        // cargo asks every test binary for its list of tests.
        Some("--list") => {}
        _ => runtime().block_on(unix::health_is_answered_when_descriptors_run_out()),
    }
}

#[cfg(unix)]
fn runtime() -> tokio::runtime::Runtime {
    crdgen_runtime::server::serve::runtime().expect("a runtime")
}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead, BufReader};
    use std::net::SocketAddr;
    use std::process::{Child, Command, Stdio};

    use axum::Router;
    use axum::routing::get;
    use crdgen_runtime::server::health::Health;
    use crdgen_runtime::server::limits::Limits;
    use crdgen_runtime::server::serve::Server;

    use crate::wire::{Wire, ask, request};

    /// Number of connections, larger than the server's limit of descriptors.
    const CONNECTIONS: usize = 300;

    /// Serves, prints its address, and runs until the process is ended.
    pub async fn serve() {
        let router = Router::new().route("/", get(|| async { "hello" }));
        // One caller may have all connections, so only the number of descriptors limits them.
        let limits = Limits { caller_divisor: 1, ..Limits::default() };
        let server =
            Server::new(router).bind(SocketAddr::from(([127, 0, 0, 1], 0))).limits(limits).health(Health::new());
        let running = server.start().await.expect("the server starts");
        println!("{}", running.addresses()[0]);
        running.serve_until_signal().await;
    }

    struct Ended(Child);

    impl Drop for Ended {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    pub async fn health_is_answered_when_descriptors_run_out() {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new("sh");
        command.args(["-c", r#"ulimit -n 128; exec "$0" serve"#]).arg(program).stdout(Stdio::piped());
        let mut child = Ended(command.spawn().expect("a shell"));
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.trim().parse().expect("an address");

        let mut asked = Vec::new();
        for index in 0..CONNECTIONS {
            let mut wire = Wire::open(address).await;
            // Half of the connections stay silent, the others were answered and stay open.
            if index % 2 == 0 {
                wire.send("GET / HTTP/1.1\r\nhost: test\r\n\r\n").await;
            }
            asked.push(wire);
        }
        for path in ["/healthz", "/readyz"] {
            assert_eq!(ask(address, request("GET", path, &[], "")).await.text(), "ok", "{path}");
        }
        assert_eq!(ask(address, request("GET", "/", &[], "")).await.text(), "hello");
        println!("health was answered beside {CONNECTIONS} connections of 128 descriptors");
    }
}
