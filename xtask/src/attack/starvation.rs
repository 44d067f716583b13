//! Connections and requests that occupy a place and do nothing.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::caller::Caller;
use super::entry::Attack;
use super::route::Route;
use super::siege::{Expected, Siege};
use super::wire::{Connection, Request};
use super::{http2, objects};

pub const ATTACKS: &[Attack] = &[
    Attack::new("unfinished-streams", "requests that never end keep no others from being answered", streams),
    Attack::new("slow-bodies", "bodies that come byte by byte keep no others from being answered", bodies),
    Attack::new("slow-heads", "heads that come byte by byte keep no others from being answered", heads),
    Attack::new("idle-connections", "connections that do nothing leave descriptors to new ones", idle).descriptors(128),
    Attack::new("pinging-connections", "connections that only answer pings leave descriptors to new ones", answering)
        .descriptors(128),
    Attack::new(
        "idle-connections-of-many",
        "idle connections of many addresses leave descriptors to new ones",
        idle_of_many,
    )
    .descriptors(128)
    .long(),
    Attack::new("pinging-of-many", "connections of many addresses leave descriptors to new ones", answering_of_many)
        .descriptors(128)
        .long(),
    Attack::new("unread-streams", "answers that nobody reads take no more memory than there is", unread),
];

/// Bytes that a peer may send before they are read, as in most clients.
const WINDOW: u32 = 64 << 10;

/// Checks the answers to a new caller on a new connection during an attack.
fn check_newcomer(siege: &mut Siege, case: &str) {
    for path in ["/readyz".to_owned(), siege.collection("pipelines")] {
        siege.requests += 1;
        let request = Request::get(&path).by(Caller::Operator);
        let answer =
            Connection::open(siege.route.of_newcomer(), Duration::from_secs(5)).and_then(|mut open| open.ask(&request));
        siege.judge(format!("{case}: {path} of a new caller"), answer, Expected::Status(&[200]));
    }
}

fn streams(siege: &mut Siege) -> Result<()> {
    for caller in [Caller::Developer, Caller::Stranger] {
        for path in ["pipelines", "pipelineruns"] {
            let request = Request::post(siege.collection(path), "").by(caller);
            hold_streams(siege, &format!("{path} by {caller:?}"), &request)?;
        }
    }
    Ok(())
}

fn hold_streams(siege: &mut Siege, case: &str, request: &Request) -> Result<()> {
    let route = siege.route;
    let time = siege.pick(Duration::from_secs(1), Duration::from_secs(3));
    http2::block_on(async {
        let mut connections = Vec::new();
        for _ in 0..4 {
            let mut connection = http2::Connection::open(route, WINDOW).await?;
            for _ in 0..120 {
                siege.requests += 1;
                // A service that refuses more has held.
                if connection.begin(request, b"{").await.is_err() {
                    break;
                }
            }
            connections.push(connection);
        }
        tokio::time::sleep(time).await;
        check_newcomer(siege, case);
        Ok(())
    })
}

/// Opens connections that send `head`, and then `drip` again and again until the time is over.
fn drip(siege: &mut Siege, case: &str, head: &[u8], drip: &[u8]) -> Result<()> {
    let mut streams = Vec::new();
    for _ in 0..500 {
        siege.requests += 1;
        let mut stream = siege.route.connect(Duration::from_secs(5))?;
        stream.set_nonblocking(true)?;
        stream.write_all(head)?;
        streams.push(stream);
    }
    let ends = Instant::now() + siege.pick(Duration::from_secs(2), Duration::from_secs(6));
    while Instant::now() < ends {
        // A connection that the service has closed accepts no more bytes.
        streams.retain_mut(|stream| stream.write_all(drip).is_ok());
        thread::sleep(Duration::from_millis(200));
    }
    check_newcomer(siege, case);
    Ok(())
}

fn bodies(siege: &mut Siege) -> Result<()> {
    for caller in [Caller::Developer, Caller::Stranger] {
        let head = Request::post(siege.collection("pipelines"), "").by(caller).head(1_000_000);
        drip(siege, &format!("bodies by {caller:?}"), &head, b" ")?;
    }
    Ok(())
}

fn heads(siege: &mut Siege) -> Result<()> {
    drip(siege, "heads", b"GET /readyz HTTP/1.1\r\nhost: x\r\nx-long: ", b"a")
}

fn idle(siege: &mut Siege) -> Result<()> {
    let route = siege.route;
    idle_from(siege, "150 idle connections", |_| route)
}

fn idle_of_many(siege: &mut Siege) -> Result<()> {
    let route = siege.route;
    idle_from(siege, "idle connections of 150 addresses", |index| route.of_one(index))
}

fn idle_from(siege: &mut Siege, case: &str, route: impl Fn(u8) -> Route) -> Result<()> {
    let mut connections = Vec::new();
    for index in 1..=150 {
        siege.requests += 1;
        // The service need not accept all of them.
        let Ok(mut connection) = Connection::open(route(index), Duration::from_millis(300)) else { continue };
        // Every other connection makes one request and then stays open.
        if index % 2 == 0 {
            connection.ask(&Request::get("/healthz")).ok();
        }
        connections.push(connection);
    }
    thread::sleep(Duration::from_secs(1));
    check_newcomer(siege, case);
    Ok(())
}

fn answering(siege: &mut Siege) -> Result<()> {
    let route = siege.route;
    answering_from(siege, "150 connections that answer pings", |_| route)
}

fn answering_of_many(siege: &mut Siege) -> Result<()> {
    let route = siege.route;
    answering_from(siege, "connections of 150 addresses that answer pings", |index| route.of_one(index))
}

fn answering_from(siege: &mut Siege, case: &str, route: impl Fn(u8) -> Route) -> Result<()> {
    let time = siege.pick(Duration::from_secs(1), Duration::from_secs(5));
    http2::block_on(async {
        let mut connections = Vec::new();
        for index in 1..=150 {
            siege.requests += 1;
            let open = async {
                let mut connection = http2::Connection::open(route(index), WINDOW).await?;
                connection.head(&Request::get("/healthz")).await?;
                Ok::<_, anyhow::Error>(connection)
            };
            connections.push(tokio::time::timeout(Duration::from_millis(100), open).await);
        }
        // This thread answers the service's pings only while it sleeps here, which is soon enough.
        tokio::time::sleep(time).await;
        check_newcomer(siege, case);
        Ok(())
    })
}

/// Requests large lists with a window of 0, so that the service may not send them.
fn unread(siege: &mut Siege) -> Result<()> {
    let value = objects::text(1_000_000);
    for index in 0..siege.pick(10, 30) {
        let body = objects::pipeline_with(&format!("large-{index}"), &value);
        let create = Request::post(siege.collection("pipelines"), body).by(Caller::Developer);
        siege.expect("a large object", &create, Expected::AnswerOrNoRoom);
    }
    let route = siege.route;
    let list = Request::get(siege.collection("pipelines")).by(Caller::Viewer);
    let time = siege.pick(Duration::from_secs(2), Duration::from_secs(5));
    http2::block_on(async {
        let mut connection = http2::Connection::open(route, 0).await?;
        for _ in 0..120 {
            siege.requests += 1;
            if connection.begin(&list, b"").await.is_err() {
                break;
            }
        }
        tokio::time::sleep(time).await;
        check_newcomer(siege, "120 lists that nobody reads");
        Ok(())
    })
}
