//! Server around the routes: health, limits, timeouts, ids, shutdown and TLS. Tested through real sockets.

mod wire;

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{Version, header};
use axum::routing::{get, post};
use crdgen_runtime::backend::{Error, Reason};
use crdgen_runtime::problem::Problem;
use crdgen_runtime::server::health::Health;
use crdgen_runtime::server::limits::Limits;
use crdgen_runtime::server::metrics::Metrics;
use crdgen_runtime::server::metrics::prometheus_client::metrics::counter::Counter;
use crdgen_runtime::server::problems;
use crdgen_runtime::server::serve::{Access, RunningServer, Server, Timeouts};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::timeout;
use wire::{Answer, Wire, ask, request};

const SHORT: Duration = Duration::from_millis(200);
/// Time limit for everything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

fn server(router: Router) -> Server {
    Server::new(problems(router)).bind(loopback())
}

fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().expect("an address")
}

async fn start(server: Server) -> (RunningServer, SocketAddr) {
    let running = server.start().await.expect("the server starts");
    let address = running.addresses()[0];
    (running, address)
}

fn get_(path: &str) -> Vec<u8> {
    request("GET", path, &[], "")
}

fn greeting() -> Router {
    Router::new().route("/hello/{name}", get(|Path(name): Path<String>| async move { name }))
}

#[tokio::test]
async fn others_are_not_served_before_somebody_says_how_they_are_authorised() {
    let everywhere: SocketAddr = "0.0.0.0:0".parse().expect("an address");
    let error = Server::new(greeting()).bind(loopback()).bind(everywhere).start().await.expect_err("refused");
    let text = error.to_string();
    assert!(text.contains("0.0.0.0:0") && text.contains(".access(Access::AuthorizedByService)"), "{text}");
    for access in [Access::AuthorizedByService, Access::Unrestricted] {
        Server::new(greeting()).bind(everywhere).access(access).start().await.expect("a choice was made");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let (_running, address) = start(server(greeting())).await;
    let error = Server::new(greeting()).bind(address).start().await.expect_err("taken");
    assert_eq!(error.to_string(), format!("cannot listen on {address}"));
}

#[tokio::test]
async fn health_is_what_the_checks_say() {
    let broken = Arc::new(AtomicBool::new(false));
    let store = {
        let broken = broken.clone();
        move || {
            let broken = broken.load(Ordering::Relaxed);
            async move { if broken { Err("secret") } else { Ok(()) } }
        }
    };
    let health = Health::new().live("loop", || async { Ok::<_, Infallible>(()) }).ready("store", store);
    let (_running, address) = start(server(greeting()).health(health)).await;
    let ready = ask(address, get_("/readyz")).await;
    assert_eq!((ready.status, ready.text().as_str()), (200, "ok"));
    assert_eq!(ready.header("cache-control"), Some("no-store"));
    assert_eq!(ready.header("x-content-type-options"), Some("nosniff"));
    let verbose = ask(address, get_("/readyz?verbose")).await;
    assert_eq!(verbose.text(), "[+]store ok\n[+]shutdown ok\nreadyz check passed\n");

    broken.store(true, Ordering::Relaxed);
    let unready = ask(address, get_("/readyz")).await;
    let report = "[-]store failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n";
    assert_eq!((unready.status, unready.text().as_str()), (503, report));
    let alive = ask(address, get_("/healthz?verbose")).await;
    assert_eq!((alive.status, alive.text().as_str()), (200, "[+]loop ok\nhealthz check passed\n"));
    ask(address, request("POST", "/healthz", &[], "")).await.problem(405, "MethodNotAllowed");
}

#[tokio::test]
async fn checks_run_once_however_many_ask() {
    let runs = Arc::new(AtomicUsize::new(0));
    let seen = runs.clone();
    let slow = move || {
        seen.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(SHORT * 2).await;
            Ok::<_, Infallible>(())
        }
    };
    let (_running, address) = start(server(greeting()).health(Health::new().ready("store", slow))).await;
    let answers = join_all((0..20).map(|_| ask(address, get_("/readyz")))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn health_and_metrics_have_an_address_of_their_own_if_that_is_wished() {
    let metrics = Metrics::new();
    let own = server(greeting()).health(Health::new()).metrics(&metrics).metrics_token("pass").management(loopback());
    let (running, address) = start(own).await;
    let management = running.management().expect("an address");
    for path in ["/healthz", "/readyz", "/metrics"] {
        ask(address, get_(path)).await.problem(404, "NotFound");
    }
    assert_eq!(ask(management, get_("/readyz")).await.text(), "ok");
    ask(management, get_("/hello/ada")).await.problem(404, "NotFound");

    // The management address is served until the server has stopped.
    let stopping = running.stopping();
    let mut waiting = Wire::open(address).await;
    waiting.send("GET /hello/ada HTTP/1.1\r\nhost: test\r\n").await;
    let stop = tokio::spawn(timeout(PATIENCE, running.stop()));
    stopping.cancelled().await;
    assert_eq!(ask(management, get_("/readyz")).await.status, 503);
    drop(waiting);
    stop.await.expect("no panic").expect("stops");
    assert!(TcpStream::connect(management).await.is_err());
}

#[tokio::test]
async fn metrics_may_ask_for_a_token() {
    let (_running, address) = start(server(greeting()).metrics(&Metrics::new()).metrics_token("pass")).await;
    let asked = async |headers: &[(&str, &str)]| ask(address, request("GET", "/metrics", headers, "")).await;
    let bearer = |token| ("authorization", token);
    for wrong in
        [&[][..], &[bearer("Bearer pas")], &[bearer("Basic pass")], &[bearer("Bearer pass"), bearer("Bearer x")]]
    {
        let refused = asked(wrong).await;
        assert_eq!(refused.header("www-authenticate"), Some("bearer"));
        refused.problem(401, "Unauthorized");
    }
    assert_eq!(asked(&[bearer("bearer pass")]).await.status, 200);
}

#[tokio::test]
async fn answers_have_headers_that_keep_them_from_being_misused() {
    let cached = || async { ([("cache-control", "max-age=7"), ("x-content-type-options", "nosniff")], "kept") };
    let (_running, address) = start(server(greeting().route("/cached", get(cached)))).await;
    for (path, kept) in [("/hello/ada", "no-store"), ("/nowhere", "no-store"), ("/cached", "max-age=7")] {
        let answer = ask(address, get_(path)).await;
        for (name, value) in [("cache-control", kept), ("x-content-type-options", "nosniff")] {
            assert_eq!(answer.header(name), Some(value), "{path}");
            assert_eq!(answer.head.matches(name).count(), 1, "{path}");
        }
        assert_eq!(answer.header("strict-transport-security"), None);
    }
}

#[tokio::test]
async fn a_request_has_an_id_that_its_problem_names() {
    let (_running, address) = start(server(greeting())).await;
    let answer = ask(address, request("GET", "/nowhere", &[("x-request-id", "build-7")], "")).await;
    assert_eq!(answer.header("x-request-id"), Some("build-7"));
    assert_eq!(answer.problem(404, "NotFound")["instance"], "urn:request:build-7");
    let answer = ask(address, request("GET", "/hello/ada", &[("x-request-id", "a b")], "")).await;
    assert_eq!((answer.text().as_str(), answer.header("x-request-id").expect("an id").len()), ("ada", 36));
}

#[tokio::test]
async fn what_fails_inside_stays_inside() {
    let fails = || async { Err::<(), _>(Problem::from(Error::internal("the password is 1234"))) };
    async fn panics() {
        panic!("on purpose");
    }
    let router = Router::new().route("/fails", get(fails)).route("/panics", get(panics));
    let (_running, address) = start(server(router)).await;
    for path in ["/fails", "/panics"] {
        let problem = ask(address, get_(path)).await.problem(500, "InternalError");
        assert_eq!(problem["detail"], "internal error");
    }
}

#[tokio::test]
async fn bodies_and_urls_have_a_size() {
    let router = Router::new().route("/echo", post(|body: Bytes| async move { body.len().to_string() }));
    let limits = Limits { max_body_bytes: 1000, max_url_bytes: 100, ..Limits::default() };
    let (_running, address) = start(server(router).limits(limits)).await;
    assert_eq!(ask(address, request("POST", "/echo", &[], "x".repeat(1000))).await.text(), "1000");
    ask(address, request("POST", "/echo", &[], "x".repeat(1001))).await.problem(413, "RequestEntityTooLarge");
    ask(address, get_(&format!("/{}", "x".repeat(100)))).await.problem(414, "BadRequest");

    // A body that only declares a large size is refused before it is sent.
    let announced = "POST /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: 1000000\r\n\r\n";
    ask(address, announced).await.problem(413, "RequestEntityTooLarge");
}

/// A small body that nobody reads is thrown away, so that the connection continues. After a large one the caller is
/// told that the connection ends.
#[tokio::test]
async fn what_nobody_reads_does_not_stand_in_the_way() {
    let (_running, address) = start(server(greeting())).await;
    let mut wire = Wire::open(address).await;
    wire.send("POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\n").await;
    // The body arrives after the head, as many clients send it.
    tokio::time::sleep(SHORT / 4).await;
    wire.send("body").await;
    let refused = Answer::read(&wire.some().await).expect("an answer");
    refused.problem(404, "NotFound");
    assert_eq!(refused.header("connection"), None);
    assert_eq!(wire.send(get_("/hello/ada")).await.answer().await.text(), "ada");

    for rest in [
        "content-length: 1000000\r\n\r\n",
        "content-length: 4\r\nexpect: 100-continue\r\n\r\n",
        "content-length: 4\r\n\r\n",
    ] {
        let mut wire = Wire::open(address).await;
        let refused = wire.send(format!("POST /nowhere HTTP/1.1\r\nhost: test\r\n{rest}")).await.answer().await;
        refused.problem(404, "NotFound");
        assert_eq!(refused.header("connection"), Some("close"), "{rest}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_begin_is_given_up() {
    let router = Router::new()
        .route("/never", get(pending::<()>))
        .route("/echo", post(|body: Bytes| async move { body.len().to_string() }));
    let (_running, address) =
        start(server(router).limits(Limits { request_timeout: SHORT, ..Limits::default() })).await;
    ask(address, get_("/never")).await.problem(504, "Timeout");
    let torn = "POST /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf";
    ask(address, torn).await.problem(408, "Timeout");
}

#[tokio::test]
async fn requests_beyond_the_limit_are_told_to_come_back() {
    let begun = Arc::new(Notify::new());
    let seen = begun.clone();
    let wait = move || {
        let seen = seen.clone();
        async move {
            seen.notify_one();
            pending::<()>().await;
        }
    };
    let router = greeting().route("/wait", get(wait));
    let limits = Limits { max_requests: 1, ..Limits::default() };
    let (_running, address) = start(server(router).limits(limits).health(Health::new())).await;
    let mut waiting = Wire::open(address).await;
    waiting.send(get_("/wait")).await;
    begun.notified().await;
    let refused = ask(address, get_("/hello/ada")).await;
    refused.problem(429, "TooManyRequests");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(ask(address, get_("/healthz")).await.text(), "ok");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let timeouts = Timeouts { head: SHORT, ..Timeouts::default() };
    let (_running, address) = start(server(greeting()).timeouts(timeouts)).await;
    // The second could still become HTTP/2, the third is an unfinished head.
    for begin in ["", "PRI * HTTP", "GET /hello/ada HTTP/1.1\r\nhost: test\r\n"] {
        let mut wire = Wire::open(address).await;
        wire.send(begin).await;
        let rest = wire.rest().await;
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{:?}", String::from_utf8_lossy(&rest));
    }
    // The limit applies between requests too.
    let mut wire = Wire::open(address).await;
    wire.send("GET /hello/ada HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert!(wire.rest().await.ends_with(b"ada"));
}

#[tokio::test]
async fn a_reader_that_does_not_read_is_cut_off() {
    struct Ended(Arc<Notify>);
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let ended = Arc::new(Notify::new());
    let seen = ended.clone();
    let endless = move || {
        let ended = Ended(seen.clone());
        let chunk = Bytes::from(vec![b'x'; 64 << 10]);
        let chunks = stream::repeat_with(move || {
            let _alive = &ended;
            Ok::<_, Infallible>(chunk.clone())
        });
        async move { Body::from_stream(chunks) }
    };
    let timeouts = Timeouts { write: SHORT, ..Timeouts::default() };
    let (_running, address) = start(server(Router::new().route("/endless", get(endless))).timeouts(timeouts)).await;
    let mut wire = Wire::open(address).await;
    wire.send(get_("/endless")).await;
    timeout(PATIENCE, ended.notified()).await.expect("the stream is dropped");
}

fn watch(begun: Arc<Notify>) -> Router {
    let events = move || {
        begun.notify_one();
        let events = stream::once(async { Ok::<_, Infallible>("data: 1\n\n") }).chain(stream::pending());
        async move { ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)) }
    };
    Router::new().route("/events", get(events))
}

#[tokio::test]
async fn a_watch_outlives_the_time_of_a_request_and_ends_in_order() {
    let begun = Arc::new(Notify::new());
    let limits = Limits { request_timeout: SHORT, ..Limits::default() };
    let (running, address) = start(server(watch(begun.clone())).limits(limits)).await;
    let mut wire = Wire::open(address).await;
    wire.send("GET /events HTTP/1.1\r\nhost: test\r\n\r\n").await;
    begun.notified().await;
    tokio::time::sleep(SHORT * 2).await;
    let stop = tokio::spawn(timeout(PATIENCE, running.stop()));
    let text = String::from_utf8(wire.rest().await).expect("text");
    assert!(text.contains("data: 1") && text.ends_with("\r\n0\r\n\r\n"), "{text}");
    stop.await.expect("no panic").expect("stops");
}

#[tokio::test]
async fn stopping_answers_what_is_under_way_and_takes_nothing_new() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let signals = (begun.clone(), go_on.clone());
    let slow = move || {
        let (begun, go_on) = signals.clone();
        async move {
            begun.notify_one();
            go_on.notified().await;
            "done"
        }
    };
    let timeouts = Timeouts { shutdown_delay: SHORT, ..Timeouts::default() };
    let router = Router::new().route("/slow", get(slow));
    let (running, address) = start(server(router).timeouts(timeouts).health(Health::new())).await;
    let mut wire = Wire::open(address).await;
    wire.send("GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").await;
    begun.notified().await;

    let stopping = running.stopping();
    let stop = tokio::spawn(timeout(PATIENCE, running.serve_until_signal()));
    stopping.cancel();
    // During the notice for load balancers the service still answers, and reports that it is not ready.
    let unready = ask(address, get_("/readyz")).await;
    assert_eq!(unready.status, 503);
    assert!(unready.text().contains("[-]shutdown failed"), "{}", unready.text());
    while TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(SHORT / 10).await;
    }
    assert!(!stop.is_finished());
    go_on.notify_one();
    assert!(String::from_utf8_lossy(&wire.rest().await).ends_with("done"));
    stop.await.expect("no panic").expect("stops");
}

#[tokio::test]
async fn http_2_is_spoken_with_who_begins_with_it() {
    let begun = Arc::new(Notify::new());
    let (running, address) = start(server(greeting().merge(watch(begun.clone())))).await;
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Body>();
    let ask = async |path: &str| client.get(format!("http://{address}{path}").parse().expect("a URL")).await;
    let answer = ask("/hello/ada").await.expect("an answer");
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    let answer = ask("/nowhere").await.expect("an answer");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
    // Watches on HTTP/2 end cleanly too.
    let events = Body::new(ask("/events").await.expect("an answer").into_body());
    let (stopped, read) = tokio::join!(timeout(PATIENCE, running.stop()), axum::body::to_bytes(events, 1000));
    stopped.expect("stops");
    assert_eq!(read.expect("an end in order"), "data: 1\n\n");
}

#[tokio::test]
async fn what_does_not_end_is_cut_off() {
    let begun = Arc::new(Notify::new());
    let seen = begun.clone();
    let never = move || {
        seen.notify_one();
        pending::<()>()
    };
    let timeouts = Timeouts { shutdown_grace: SHORT, ..Timeouts::default() };
    let (running, address) = start(server(Router::new().route("/never", get(never))).timeouts(timeouts)).await;
    let mut wire = Wire::open(address).await;
    wire.send(get_("/never")).await;
    begun.notified().await;
    timeout(PATIENCE, running.stop()).await.expect("stops");
    assert!(wire.rest().await.is_empty());
}

#[tokio::test]
async fn what_is_asked_is_counted_by_route() {
    let metrics = Metrics::new();
    let jobs = Counter::<u64>::default();
    metrics.register(|registry| registry.register("jobs", "Jobs done", jobs.clone()));
    jobs.inc_by(7);
    let begun = Arc::new(Notify::new());
    let router = greeting().merge(watch(begun.clone()));
    let (_running, address) = start(server(router).metrics(&metrics)).await;
    for name in ["ada", "eve"] {
        assert_eq!(ask(address, get_(&format!("/hello/{name}"))).await.status, 200);
    }
    ask(address, get_("/secret/path?token=1")).await.problem(404, "NotFound");
    ask(address, request("SMUGGLE", "/hello/ada", &[], "")).await.problem(405, "MethodNotAllowed");
    let mut events = Wire::open(address).await;
    events.send("GET /events HTTP/1.1\r\nhost: test\r\n\r\n").await;
    begun.notified().await;
    events.some().await;

    let answer = ask(address, get_("/metrics")).await;
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(media_type));
    let text = answer.text();
    for line in [
        r#"http_requests_total{method="GET",route="/hello/{name}",status="200"} 2"#,
        r#"http_requests_total{method="GET",route="unmatched",status="404"} 1"#,
        r#"http_requests_total{method="other",route="/hello/{name}",status="405"} 1"#,
        r#"http_request_duration_seconds_count{method="GET",route="/hello/{name}"} 2"#,
        r#"http_response_bytes_total{method="GET",route="/hello/{name}"} 6"#,
        r#"http_watches_open{method="GET",route="/events"} 1"#,
        "http_requests_in_flight 1",
        "jobs_total 7",
        "# EOF",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    for secret in ["ada", "secret", "token", "SMUGGLE"] {
        assert!(!text.contains(secret), "{text}");
    }

    drop(events);
    let closed = r#"http_watches_open{method="GET",route="/events"} 0"#;
    let gone = async {
        while !metrics.text().contains(closed) {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    timeout(PATIENCE, gone).await.expect("the watch is gone");
    assert!(metrics.text().contains(r#"http_requests_total{method="GET",route="/events",status="200"} 1"#));
    assert!(!metrics.text().contains(r#"http_request_duration_seconds_count{method="GET",route="/events"}"#));
}

#[tokio::test]
async fn a_span_says_what_a_request_was_and_not_what_it_was_about() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .with_writer(move || Shared(writer.clone()))
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fails = || async {
        crdgen_runtime::server::trace::caller("ada");
        Err::<(), _>(Problem::from(Error::internal("the disk is full")))
    };
    let router = Router::new().route("/fails/{name}", post(fails));
    let (_running, address) = start(server(router)).await;
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = [
        ("authorization", "Bearer pass1"),
        ("x-request-id", "build-7"),
        ("traceparent", traceparent),
        ("cookie", "pass2"),
    ];
    let secret = request("POST", "/fails/pass3?labelSelector=pass4", &headers, "pass5");
    ask(address, secret).await.problem(500, "InternalError");
    let text = String::from_utf8(written.lock().expect("no panic").clone()).expect("text");
    for said in [
        "method=\"POST\"",
        "route=\"/fails/{name}\"",
        "request_id=\"build-7\"",
        "caller=\"ada\"",
        "status=500",
        "latency_ms=",
        "the disk is full",
        traceparent,
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("pass"), "{text}");
}

struct Shared(Arc<Mutex<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn limits_are_those_of_the_api_server() {
    assert_eq!(Limits::default().max_body_bytes, 3_145_728);
    assert_eq!(Problem::new(Reason::Timeout, "").status, 504);
}
