//! Peers that are slow, disconnect, or open many connections.

use std::time::Duration;

use crate::service::{Abused, HEAD, WIDGET, WIDGETS, ada};
use crate::wire::{Answer, Wire};

#[tokio::test]
async fn a_slow_head_is_not_waited_for() {
    let abused = Abused::start().await;
    let mut loris = Vec::new();
    for _ in 0..200 {
        let mut wire = Wire::open(abused.address()).await;
        wire.send(format!("GET {WIDGETS} HTTP/1.1\r\nx-user: ada\r\n")).await;
        loris.push(wire);
    }
    // More header lines do not extend the time limit, which applies to the whole head.
    for _ in 0..3 {
        tokio::time::sleep(HEAD / 2).await;
        for wire in &mut loris {
            wire.send("x: y\r\n").await;
        }
    }
    for mut wire in loris {
        let rest = wire.rest().await;
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_slow_body_is_not_waited_for() {
    let abused = Abused::start().await;
    let head = format!("POST {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\ncontent-type: application/json\r\n");
    let mut wire = Wire::open(abused.address()).await;
    wire.send(format!("{head}content-length: {}\r\n\r\n", WIDGET.len())).await;
    let mut answer = None;
    for byte in WIDGET.as_bytes() {
        wire.send([*byte]).await;
        if let Ok(bytes) = tokio::time::timeout(Duration::from_millis(100), wire.some()).await {
            answer = Answer::read(&bytes);
            break;
        }
    }
    answer.expect("an answer before the body is there").problem(408, "Timeout");
    abused.assert_intact().await;
}

#[tokio::test]
async fn what_was_not_sent_whole_is_not_done() {
    let abused = Abused::start().await;
    let whole = ada("POST", WIDGETS, &[("content-type", "application/json")], WIDGET);
    let head_len = whole.len() - WIDGET.len();
    for end in [0, 1, 10, head_len - 2, head_len, head_len + 1, whole.len() - 1] {
        // First a peer that closes only its sending half and waits for an answer, then one that closes the connection.
        let rest = Wire::open(abused.address()).await.send(&whole[..end]).await.half_close().await.rest().await;
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"), "{end}: {}", String::from_utf8_lossy(&rest));
        Wire::open(abused.address()).await.send(&whole[..end]).await;
    }
    let chunked = format!(
        "POST {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
         {:x}\r\n{WIDGET}\r\n",
        WIDGET.len()
    );
    let rest = Wire::open(abused.address()).await.send(&chunked).await.half_close().await.rest().await;
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&rest));
    abused.assert_intact().await;
}

#[tokio::test]
async fn what_follows_a_refused_body_is_not_a_request() {
    let abused = Abused::start().await;
    let smuggled = format!("DELETE {WIDGETS}/a HTTP/1.1\r\nhost: test\r\nx-user: ada\r\n\r\n");
    let head = format!("POST {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\ncontent-type: text/plain\r\n");
    let request = format!("{head}content-length: {}\r\n\r\n{smuggled}", smuggled.len());
    let bytes = Wire::open(abused.address()).await.send(request).await.rest().await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.starts_with("HTTP/1.1 415") && text.matches("HTTP/1.1 ").count() == 1, "{text}");
    abused.assert_intact().await;
}
