//! Memory use of the server under hostile requests.

use crate::service::{Abused, JSON, JSON_PATCH, MERGE_PATCH, WIDGETS, ada};
use crate::wire::Wire;

/// Returns the peak resident memory of this process, in KiB.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Hundreds of connections with unfinished heads, and bodies of the greatest size, depth and number of keys. The client
/// and the other tests run in the same process and share the bound.
#[tokio::test]
async fn hostile_requests_do_not_add_up() {
    let Some(before) = peak() else {
        println!("skipped: this system does not say how much memory a process has");
        return;
    };
    let abused = Abused::start().await;
    let mut silent = Vec::new();
    for _ in 0..400 {
        let mut wire = Wire::open(abused.address()).await;
        wire.send(format!("POST {WIDGETS} HTTP/1.1\r\nx-user: ada\r\nx-padding: {}", "a".repeat(4000))).await;
        silent.push(wire);
    }
    let large = "[".repeat(4 << 20);
    let escaped = format!("{{\"a\": \"{}\"}}", "\\u0061".repeat(500_000));
    let keys: String = (0..200_000).map(|index| format!("\"k{index}\":1,")).collect();
    let keys = format!("{{{}\"k0\":1}}", keys);
    for _ in 0..5 {
        abused.ask(ada("POST", WIDGETS, &[JSON], &large)).await.problem(413, "RequestEntityTooLarge");
        abused.ask(ada("POST", WIDGETS, &[JSON], &large[..3 << 20])).await.problem(400, "BadRequest");
        abused.ask(ada("POST", WIDGETS, &[JSON], &escaped)).await.problem(422, "Invalid");
        abused.ask(ada("POST", WIDGETS, &[JSON], &keys)).await.problem(400, "BadRequest");
    }
    drop(silent);
    abused.assert_intact().await;
    let grown = peak().expect("said before") - before;
    println!("peak memory grew by {grown} KiB");
    assert!(grown < 256 << 10, "{grown} KiB");
}

/// Callers with write access: large objects that change often, patches that copy and nest, and watches that nobody
/// reads.
#[tokio::test]
async fn hostile_writers_do_not_add_up() {
    let Some(before) = peak() else {
        println!("skipped: this system does not say how much memory a process has");
        return;
    };
    let abused = Abused::start().await;
    let one = format!("{WIDGETS}/large");
    let large = format!(r#"{{"metadata": {{"name": "large"}}, "spec": {{"color": "{}"}}}}"#, "x".repeat(500_000));
    let created = abused.ask(ada("POST", WIDGETS, &[JSON], &large)).await;
    assert!([201, 504].contains(&created.status), "{}", created.text());
    let mut unread = Vec::new();
    for _ in 0..50 {
        let mut wire = Wire::open(abused.address()).await;
        let path = WIDGETS.replace("/namespaces", "/watch/namespaces");
        wire.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\nx-user: ada\r\n\r\n")).await;
        unread.push(wire);
    }
    let steps: Vec<_> =
        (0..40).map(|step| format!(r#"{{"op": "copy", "from": "/metadata", "path": "/metadata/k{step}"}}"#)).collect();
    for label in 0..20 {
        let change = format!(r#"{{"metadata": {{"labels": {{"n": "{label}"}}}}}}"#);
        let changed = abused.ask(ada("PATCH", &one, &[MERGE_PATCH], change)).await;
        let copied = abused.ask(ada("PATCH", &one, &[JSON_PATCH], format!("[{}]", steps.join(",")))).await;
        // A slow machine may run into the time limit.
        assert!([200, 504].contains(&changed.status), "{}", changed.text());
        assert!([413, 504].contains(&copied.status), "{}", copied.text());
    }
    drop(unread);
    let grown = peak().expect("said before") - before;
    println!("peak memory grew by {grown} KiB");
    assert!(grown < 256 << 10, "{grown} KiB");
}
