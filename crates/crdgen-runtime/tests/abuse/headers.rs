//! Request heads that are ambiguous or too large. hyper refuses malformed HTTP without a problem document.

use crate::service::{Abused, JSON, WIDGET, WIDGETS, ada};
use crate::wire::Wire;

#[tokio::test]
async fn a_head_that_is_not_http_is_refused() {
    let abused = Abused::start().await;
    let get = format!("GET {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\n");
    let many: String = (0..200).map(|index| format!("x-{index}: a\r\n")).collect();
    for head in [
        format!("{get}x: a\rx-user: root\r\n\r\n"),
        format!("{get}x: a\0b\r\n\r\n"),
        format!("{get}x y: a\r\n\r\n"),
        format!("{get}x : a\r\n\r\n"),
        format!("{get}: a\r\n\r\n"),
        format!("{get}x\r\n\r\n"),
        format!("{get}x: a\r\n folded\r\n\r\n"),
        format!("{get}{many}\r\n"),
        format!("{get}x: {}\r\n\r\n", "a".repeat(200_000)),
        format!("{get}{}: a\r\n\r\n", "x".repeat(200_000)),
        format!("GET {WIDGETS}?{} HTTP/1.1\r\n\r\n", "a".repeat(100_000)),
        format!("GET {WIDGETS}\r\n\r\n"),
        format!("GET {WIDGETS} HTTP/3.0\r\n\r\n"),
        format!("GET {WIDGETS} x HTTP/1.1\r\n\r\n"),
        format!("GET\t{WIDGETS}\tHTTP/1.1\r\n\r\n"),
        "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03".to_owned(),
        "SSH-2.0-OpenSSH_9.0\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage that is no frame at all, but long enough for one".to_owned(),
    ] {
        let bytes = Wire::open(abused.address()).await.send(&head).await.rest().await;
        let text = String::from_utf8_lossy(&bytes);
        let is_refused = bytes.is_empty() || bytes.starts_with(b"HTTP/1.1 4") || !bytes.starts_with(b"HTTP");
        assert!(is_refused, "{:?}: {text}", head.chars().take(80).collect::<String>());
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_body_has_one_length() {
    let abused = Abused::start().await;
    let post = format!("POST {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\ncontent-type: application/json\r\n");
    let length = WIDGET.len();
    let chunked = format!("{length:x}\r\n{WIDGET}\r\n0\r\n\r\n");
    for rest in [
        format!("content-length: {length}\r\ncontent-length: 1\r\n\r\n{WIDGET}"),
        format!("content-length: 1\r\ncontent-length: {length}\r\n\r\n{WIDGET}"),
        format!("content-length: {length}, 1\r\n\r\n{WIDGET}"),
        format!("content-length: -1\r\n\r\n{WIDGET}"),
        format!("content-length: +{length}\r\n\r\n{WIDGET}"),
        format!("content-length: 0x{length:x}\r\n\r\n{WIDGET}"),
        format!("content-length: 99999999999999999999999\r\n\r\n{WIDGET}"),
        format!("transfer-encoding: gzip\r\n\r\n{chunked}"),
        format!("transfer-encoding: chunked, gzip\r\n\r\n{chunked}"),
        format!("transfer-encoding: xchunked\r\n\r\n{chunked}"),
        format!("transfer-encoding: chunked\r\n\r\nzz\r\n{WIDGET}\r\n0\r\n\r\n"),
        format!("transfer-encoding: chunked\r\n\r\n{}1\r\n{WIDGET}\r\n0\r\n\r\n", "f".repeat(16)),
    ] {
        let bytes =
            Wire::open(abused.address()).await.send(format!("{post}{rest}")).await.half_close().await.rest().await;
        let text = String::from_utf8_lossy(&bytes);
        assert!(bytes.is_empty() || bytes.starts_with(b"HTTP/1.1 4"), "{rest:?}: {text}");
        assert_eq!(text.matches("HTTP/1.1 ").count().max(1), 1, "{rest:?} was read as two: {text}");
    }
    abused.assert_intact().await;
}

/// With both headers, the chunked encoding counts (RFC 9112, 6.3), and no part of the body is taken for another
/// request.
#[tokio::test]
async fn chunks_count_before_a_length() {
    let abused = Abused::start().await;
    let smuggled = format!("DELETE {WIDGETS}/a HTTP/1.1\r\nhost: test\r\nx-user: ada\r\n\r\n");
    let chunked = format!("{:x}\r\n{smuggled}\r\n0\r\n\r\n", smuggled.len());
    let post = format!("POST {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\ncontent-type: application/json\r\n");
    for both in ["content-length: 4\r\ntransfer-encoding: chunked", "transfer-encoding: chunked\r\ncontent-length: 4"] {
        let mut wire = Wire::open(abused.address()).await;
        let bytes = wire.send(format!("{post}{both}\r\n\r\n{chunked}")).await.half_close().await.rest().await;
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("HTTP/1.1 400") && text.matches("HTTP/1.1 ").count() == 1, "{text}");
    }
    abused.assert_intact().await;
}

/// Refused even if the service reads another header to authenticate callers, because a proxy may have read the second
/// value.
#[tokio::test]
async fn credentials_are_given_once() {
    let abused = Abused::start().await;
    let bearer = |token| ("authorization", token);
    for headers in [[bearer("Bearer a"), bearer("Bearer b")], [bearer("Bearer a"), bearer("Bearer a")]] {
        for path in [WIDGETS, "/nowhere"] {
            let problem = abused.ask(ada("GET", path, &headers, "")).await.problem(400, "BadRequest");
            assert_eq!(problem["detail"], "there is more than one Authorization header");
        }
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    let abused = Abused::start().await;
    for (target, hosts) in [
        (WIDGETS.to_owned(), ""),
        (WIDGETS.to_owned(), "host:\r\n"),
        (WIDGETS.to_owned(), "host: a\r\nhost: a\r\n"),
        (WIDGETS.to_owned(), "host: a\r\nhost: b\r\n"),
        (WIDGETS.to_owned(), "host: a, b\r\n"),
        (WIDGETS.to_owned(), "host: ada@a\r\n"),
        (format!("http://a{WIDGETS}"), ""),
        (format!("http://a{WIDGETS}"), "host: b\r\n"),
    ] {
        let head = format!("GET {target} HTTP/1.1\r\n{hosts}x-user: ada\r\nconnection: close\r\n\r\n");
        abused.ask(&head).await.problem(400, "BadRequest");
    }
    abused.assert_unreached();
    // HTTP/1.0 has no `Host` header.
    let head = format!("GET {WIDGETS} HTTP/1.0\r\nx-user: ada\r\n\r\n");
    assert_eq!(abused.ask(&head).await.status, 200);
}

#[tokio::test]
async fn only_what_can_be_answered_is_accepted() {
    let abused = Abused::start().await;
    for accept in
        ["text/html", "application/xml", "application/json;q=0", "application/yaml", "image/*", "a b", "\u{fc}"]
    {
        abused.ask(ada("GET", WIDGETS, &[("accept", accept)], "")).await.problem(406, "NotAcceptable");
        // The request is refused before anything is stored.
        abused.ask(ada("POST", WIDGETS, &[JSON, ("accept", accept)], WIDGET)).await.problem(406, "NotAcceptable");
        let watch = "/apis/ci.example.com/v1/watch/widgets";
        abused.ask(ada("GET", watch, &[("accept", accept)], "")).await.problem(406, "NotAcceptable");
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn what_a_caller_says_of_versions_is_quoted() {
    let abused = Abused::start().await;
    for tag in ["1", "\"1", "\"1\", \"2\"", "'1'", "\u{fc}"] {
        let path = format!("{WIDGETS}/a");
        abused.ask(ada("DELETE", &path, &[("if-match", tag)], "")).await.problem(400, "BadRequest");
    }
    abused.assert_intact().await;
}
