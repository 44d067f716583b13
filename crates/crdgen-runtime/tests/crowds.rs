//! Many concurrent requests and connections: the share of one caller, and the rest for others.

mod wire;

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, header};
use axum::routing::{get, post};
use crdgen_runtime::server::health::Health;
use crdgen_runtime::server::limits::Limits;
use crdgen_runtime::server::problems;
use crdgen_runtime::server::serve::{RunningServer, Server, Timeouts};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use wire::{Answer, Wire, ask, ask_from, connect_from, request};

const SHORT: Duration = Duration::from_millis(200);
/// Time limit for everything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);
/// Other addresses of this machine.
const OTHER: [u8; 4] = [127, 0, 0, 2];
const ANOTHER: [u8; 4] = [127, 0, 0, 3];

async fn start(router: Router, set: impl FnOnce(Server) -> Server) -> (RunningServer, SocketAddr) {
    let server = Server::new(problems(router)).bind(([127, 0, 0, 1], 0).into()).health(Health::new());
    let running = set(server).start().await.expect("the server starts");
    let address = running.addresses()[0];
    (running, address)
}

fn echo() -> Router {
    Router::new().route("/echo", get(|| async { "hello" }).post(|body: Bytes| async move { body.len().to_string() }))
}

/// Adds a route that notifies `begun` and never answers.
fn never(begun: Arc<Notify>) -> Router {
    let wait = move || {
        begun.notify_one();
        pending::<()>()
    };
    echo().route("/never", get(wait))
}

fn watches() -> Router {
    let events = || async {
        let events = stream::once(async { Ok::<_, Infallible>("data: 1\n\n") }).chain(stream::pending());
        ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(events))
    };
    echo().route("/events", get(events))
}

fn get_(path: &str) -> Vec<u8> {
    request("GET", path, &[], "")
}

/// Builds a request that keeps the connection open.
fn keep(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n")
}

/// Opens an HTTP/2 connection that answers pings, and returns its sender and its task.
async fn http2(stream: TcpStream) -> (SendRequest<Body>, JoinHandle<()>) {
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
    (sender, tokio::spawn(async { drop(connection.await) }))
}

fn unfinished() -> Request<Body> {
    let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
    Request::post("http://test/echo").body(body).expect("a request")
}

async fn statuses(
    answers: impl IntoIterator<Item = impl Future<Output = hyper::Result<Response<Incoming>>>>,
) -> Vec<u16> {
    let answers = join_all(answers).await;
    answers.into_iter().map(|answer| answer.map_or(0, |answer| answer.status().as_u16())).collect()
}

#[tokio::test]
async fn bodies_that_do_not_come_keep_nobody_from_being_served() {
    let limits = Limits { max_requests: 40, body_timeout: SHORT * 10, ..Limits::default() };
    let (_running, address) = start(echo(), |server| server.limits(limits)).await;
    let mut asked = Vec::new();
    for _ in 0..4 {
        let (mut sender, _) = http2(connect_from(OTHER, address).await).await;
        asked.extend((0..50).map(|_| sender.send_request(unfinished())));
    }
    let attack = tokio::spawn(statuses(asked));
    sleep(SHORT).await;
    // Requests without a body are served even at the address under attack, and requests with a body at every other
    // address.
    assert_eq!(ask_from(OTHER, address, get_("/echo")).await.text(), "hello");
    let refused = ask_from(OTHER, address, request("POST", "/echo", &[], "abc")).await;
    assert_eq!(refused.header("retry-after"), Some("1"));
    let detail = refused.problem(429, "TooManyRequests")["detail"].to_string();
    assert!(detail.contains("the address has 10") && detail.contains("`Limits::caller_divisor`"), "{detail}");
    assert_eq!(ask(address, request("POST", "/echo", &[], "abc")).await.text(), "3");

    let statuses = timeout(PATIENCE, attack).await.expect("all are answered").expect("no panic");
    let count = |status: u16| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((count(408), count(429)), (10, 190));
    assert_eq!(ask_from(OTHER, address, request("POST", "/echo", &[], "abc")).await.text(), "3");
}

#[tokio::test]
async fn a_body_has_as_long_as_what_comes_of_it_is_worth() {
    let limits = Limits { body_timeout: SHORT * 2, body_bytes_per_second: 1000, ..Limits::default() };
    let (_running, address) = start(echo(), |server| server.limits(limits)).await;
    let slowly = async |bytes: usize| {
        let begin = Instant::now();
        let mut wire = Wire::open(address).await;
        wire.send(format!("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: {}\r\n\r\n", 20 * bytes)).await;
        for _ in 0..20 {
            wire.send("x".repeat(bytes)).await;
            if let Ok(answer) = timeout(SHORT / 4, wire.some()).await {
                return (Answer::read(&answer).expect("an answer"), begin.elapsed());
            }
        }
        (Answer::read(&wire.some().await).expect("an answer"), begin.elapsed())
    };
    // 20 bytes in all add too little time. 4000 bytes add more time than they take.
    let (late, time) = slowly(1).await;
    late.problem(408, "Timeout");
    assert!(time < SHORT * 4, "{time:?}");
    let (whole, time) = slowly(200).await;
    assert_eq!(whole.text(), "4000");
    assert!(time > SHORT * 4, "{time:?}");
}

#[tokio::test]
async fn an_address_has_a_part_of_all_requests() {
    let begun = Arc::new(Notify::new());
    let limits = Limits { max_requests: 4, caller_divisor: 2, ..Limits::default() };
    let (_running, address) = start(never(begun.clone()), |server| server.limits(limits)).await;
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut wire = Wire::open(address).await;
        wire.send(keep("/never")).await;
        begun.notified().await;
        waiting.push(wire);
    }
    ask(address, get_("/echo")).await.problem(429, "TooManyRequests");
    assert_eq!(ask(address, get_("/healthz")).await.text(), "ok");
    assert_eq!(ask_from(OTHER, address, get_("/echo")).await.text(), "hello");
    // A peer that disconnects frees its place.
    drop(waiting);
    let served = async { while ask(address, get_("/echo")).await.status != 200 {} };
    timeout(PATIENCE, served).await.expect("there is a place again");
}

#[tokio::test]
async fn an_address_has_a_part_of_all_watches() {
    let limits = Limits { max_watches: 4, caller_divisor: 2, ..Limits::default() };
    let (_running, address) = start(watches(), |server| server.limits(limits)).await;
    let watch = async |local| {
        let mut wire = Wire::open_from(local, address).await;
        let begin = wire.send(keep("/events")).await.some().await;
        (Answer::read(&begin).expect("an answer"), wire)
    };
    let mut open = Vec::new();
    for local in [OTHER, OTHER, ANOTHER, ANOTHER] {
        let (begin, wire) = watch(local).await;
        assert_eq!(begin.status, 200);
        open.push(wire);
    }
    let detail = watch(OTHER).await.0.problem(429, "TooManyRequests")["detail"].to_string();
    assert!(detail.contains("the address has 2 watches"), "{detail}");
    let detail = watch([127, 0, 0, 1]).await.0.problem(429, "TooManyRequests")["detail"].to_string();
    assert!(detail.contains("the server has 4 watches") && detail.contains("`Limits::max_watches`"), "{detail}");
    // Watches take no place of a request.
    assert_eq!(ask_from(OTHER, address, get_("/echo")).await.text(), "hello");
    drop(open);
    let watching = async { while watch(OTHER).await.0.status != 200 {} };
    timeout(PATIENCE, watching).await.expect("there is a place again");
}

#[tokio::test]
async fn callers_behind_a_proxy_are_told_apart() {
    let begun = Arc::new(Notify::new());
    let limits = Limits { max_requests: 4, ..Limits::default() };
    let proxy = "127.0.0.2/32".parse().expect("a network");
    let set = |server: Server| server.limits(limits).connections(8).proxies([proxy]);
    let (_running, address) = start(never(begun.clone()), set).await;
    let of = |path: &str, client: &str| request("GET", path, &[("x-forwarded-for", client)], "");
    let mut waiting = Wire::open_from(OTHER, address).await;
    waiting.send(of("/never", "192.0.2.1")).await;
    begun.notified().await;
    ask_from(OTHER, address, of("/echo", "192.0.2.1")).await.problem(429, "TooManyRequests");
    assert_eq!(ask_from(OTHER, address, of("/echo", "192.0.2.2")).await.text(), "hello");
    // The header counts only on connections from a proxy.
    waiting.send(of("/never", "192.0.2.1")).await;
    let mut waiting = Wire::open(address).await;
    waiting.send(of("/never", "192.0.2.3")).await;
    begun.notified().await;
    ask(address, of("/echo", "192.0.2.4")).await.problem(429, "TooManyRequests");
}

#[tokio::test]
async fn a_connection_beyond_the_limit_takes_the_place_of_one_that_is_idle() {
    let set = |server: Server| server.connections(2).limits(Limits { caller_divisor: 1, ..Limits::default() });
    let (_running, address) = start(echo(), set).await;
    let mut served = Wire::open(address).await;
    assert!(served.send(keep("/echo")).await.some().await.ends_with(b"hello"));
    let mut silent = Wire::open(address).await;
    assert_eq!(ask_from(OTHER, address, get_("/echo")).await.text(), "hello");
    // The connection with the lowest standing was cut.
    assert!(silent.some().await.is_empty());
    assert!(served.send(keep("/echo")).await.some().await.ends_with(b"hello"));
}

#[tokio::test]
async fn health_is_answered_when_no_connection_is_left() {
    let begun = Arc::new(Notify::new());
    let set = |server: Server| server.connections(4);
    let (_running, address) = start(never(begun.clone()), set).await;
    let mut busy = Wire::open(address).await;
    busy.send(keep("/never")).await;
    begun.notified().await;
    // The address may have one connection, and that one is busy.
    for _ in 0..40 {
        let refused = ask(address, get_("/echo")).await;
        assert_eq!(refused.header("retry-after"), Some("1"));
        let detail = refused.problem(503, "ServiceUnavailable")["detail"].to_string();
        assert!(detail.contains("Server::connections"), "{detail}");
    }
    assert_eq!(ask(address, get_("/healthz")).await.text(), "ok");
    // Many silent connections do not block requests either.
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(Wire::open(address).await);
    }
    assert_eq!(ask(address, get_("/readyz")).await.text(), "ok");
    assert_eq!(ask_from(OTHER, address, get_("/echo")).await.text(), "hello");
}

/// Pings are not requests. A connection without requests ends, and the peer is told before.
#[tokio::test]
async fn a_connection_without_requests_ends_whatever_else_is_sent_on_it() {
    let timeouts = Timeouts { head: SHORT, idle: SHORT * 3, ..Timeouts::default() };
    let (_running, address) = start(watches(), |server| server.timeouts(timeouts)).await;
    let open = async |path: &str| {
        let (mut sender, connection) = http2(TcpStream::connect(address).await.expect("accepted")).await;
        let request = Request::get(format!("http://test{path}")).body(Body::empty()).expect("a request");
        (sender.send_request(request).await.expect("an answer"), sender, connection)
    };
    let (watch, _sender, watching) = open("/events").await;
    let begin = Instant::now();
    let (answer, _sender, asked) = open("/echo").await;
    drop(answer);
    timeout(PATIENCE, asked).await.expect("it ends").expect("no panic");
    assert!((SHORT * 3..SHORT * 20).contains(&begin.elapsed()), "{:?}", begin.elapsed());
    // A watch is in progress until it ends.
    sleep(SHORT * 5).await;
    assert!(!watching.is_finished());
    drop(watch);
    timeout(PATIENCE, watching).await.expect("it ends").expect("no panic");
}

#[tokio::test]
async fn a_connection_does_not_live_for_ever() {
    let timeouts = Timeouts { max_connection_age: SHORT * 2, ..Timeouts::default() };
    let (_running, address) = start(watches(), |server| server.timeouts(timeouts)).await;
    let mut watch = Wire::open(address).await;
    watch.send(keep("/events")).await.some().await;
    let mut wire = Wire::open(address).await;
    let aged = async {
        loop {
            let bytes = wire.send(keep("/echo")).await.some().await;
            if bytes.is_empty() {
                return;
            }
            assert_eq!(Answer::read(&bytes).expect("an answer").text(), "hello");
            sleep(SHORT / 20).await;
        }
    };
    timeout(PATIENCE, aged).await.expect("it ends");
    // A watch continues.
    sleep(SHORT * 4).await;
    assert!(timeout(SHORT, watch.some()).await.is_err());
}

/// An answer that is read without end is cut off after the age of its connection has passed twice.
#[tokio::test]
async fn an_answer_outlives_its_connections_age_by_as_much() {
    let endless = || async {
        let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(b"x")));
        Body::from_stream(chunks.then(|chunk| async {
            sleep(SHORT / 10).await;
            chunk
        }))
    };
    let timeouts = Timeouts { max_connection_age: SHORT * 2, ..Timeouts::default() };
    let router = Router::new().route("/endless", get(endless));
    let (_running, address) = start(router, |server| server.timeouts(timeouts)).await;
    let begin = Instant::now();
    let mut wire = Wire::open(address).await;
    timeout(PATIENCE, wire.send(keep("/endless")).await.rest()).await.expect("it ends");
    assert!(begin.elapsed() > SHORT * 3, "{:?}", begin.elapsed());
}

/// On HTTP/2 only that answer ends: others on the connection continue.
#[tokio::test]
async fn an_answer_that_nobody_reads_ends() {
    struct Ended(Arc<Notify>);
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let ended = Arc::new(Notify::new());
    let seen = ended.clone();
    let large = move || {
        let ended = Ended(seen.clone());
        // One chunk of the handler, larger than the client's window.
        let chunk = async move {
            let _alive = &ended;
            Ok::<_, Infallible>(Bytes::from(vec![0; 16 << 20]))
        };
        async { Body::from_stream(stream::once(chunk).chain(stream::pending())) }
    };
    let timeouts = Timeouts { write: SHORT, ..Timeouts::default() };
    let router = watches().route("/large", get(large));
    let (_running, address) = start(router, |server| server.timeouts(timeouts)).await;
    let (mut sender, _connection) = http2(TcpStream::connect(address).await.expect("accepted")).await;
    let mut ask = |path: &str| {
        let request = Request::get(format!("http://test{path}")).body(Body::empty()).expect("a request");
        sender.send_request(request)
    };
    let watch = ask("/events").await.expect("an answer");
    let unread = ask("/large").await.expect("an answer");
    let mut watch = Body::new(watch.into_body()).into_data_stream();
    assert_eq!(watch.next().await.expect("an event").expect("an event"), "data: 1\n\n");
    timeout(PATIENCE, ended.notified()).await.expect("the answer is given up");
    sleep(SHORT * 2).await;
    assert!(axum::body::to_bytes(Body::new(unread.into_body()), usize::MAX).await.is_err());
    // A watch without events does not count as an unread answer.
    assert!(timeout(SHORT, watch.next()).await.is_err());
    assert_eq!(ask("/echo").await.expect("an answer").status(), 200);
}

/// Bodies that no handler reads stay with their sender.
#[tokio::test]
async fn unread_bodies_do_not_fill_the_servers_memory() {
    let begun = Arc::new(Notify::new());
    let seen = begun.clone();
    let unread = move |_: Request<Body>| {
        seen.notify_one();
        pending::<()>()
    };
    let (_running, address) = start(Router::new().route("/unread", post(unread)), |server| server).await;
    let (mut sender, _connection) = http2(TcpStream::connect(address).await.expect("accepted")).await;
    let sent = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut asked = Vec::new();
    for _ in 0..20 {
        let sent = sent.clone();
        let chunks = stream::repeat_with(move || {
            sent.fetch_add(16 << 10, std::sync::atomic::Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from(vec![0; 16 << 10]))
        });
        let request = Request::post("http://test/unread").body(Body::from_stream(chunks)).expect("a request");
        asked.push(sender.send_request(request));
        begun.notified().await;
    }
    sleep(SHORT * 2).await;
    let sent = sent.load(std::sync::atomic::Ordering::Relaxed);
    // Upper bound of the bytes that the server buffers and that wait at the client.
    assert!(sent < (1 << 20) + 20 * (64 << 10), "{sent} bytes were sent");
}
