//! Request bodies that are too large, too deep, ambiguous, or of another type than declared.

use crate::service::{Abused, JSON, MERGE_PATCH, WIDGET, WIDGETS, ada};
use crate::wire::Wire;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn a_body_has_a_size() {
    let abused = Abused::start().await;
    let large = format!(r#"{{"metadata": {{"name": "a"}}, "spec": {{"color": "{}"}}}}"#, "x".repeat(3 * MIB));
    abused.ask(ada("POST", WIDGETS, &[JSON], &large)).await.problem(413, "RequestEntityTooLarge");
    abused
        .ask(ada("PATCH", &format!("{WIDGETS}/a"), &[MERGE_PATCH], &large))
        .await
        .problem(413, "RequestEntityTooLarge");
    // A chunked body does not declare its length.
    let head = format!("POST {WIDGETS} HTTP/1.1\r\nhost: test\r\nx-user: ada\r\ncontent-type: application/json\r\n");
    let chunk = format!("{:x}\r\n{}\r\n", MIB, " ".repeat(MIB));
    let mut wire = Wire::open(abused.address()).await;
    wire.send(format!("{head}transfer-encoding: chunked\r\n\r\n")).await;
    for _ in 0..8 {
        wire.send(&chunk).await;
    }
    wire.answer().await.problem(413, "RequestEntityTooLarge");
    // A body with a declared length is refused before it is sent.
    let mut wire = Wire::open(abused.address()).await;
    wire.send(format!("{head}expect: 100-continue\r\ncontent-length: 99999999\r\n\r\n")).await;
    let bytes = wire.rest().await;
    assert!(bytes.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&bytes));
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_body_has_a_depth() {
    let abused = Abused::start().await;
    for depth in [1_000, 100_000] {
        let lists = "[".repeat(depth) + &"]".repeat(depth);
        let objects = r#"{"a":"#.repeat(depth) + "1" + &"}".repeat(depth);
        let in_spec = format!(r#"{{"metadata": {{"name": "a"}}, "spec": {{"color": "red", "unknown": {lists}}}}}"#);
        let in_metadata =
            format!(r#"{{"metadata": {{"name": "a", "annotations": {objects}}}, "spec": {{"color": "red"}}}}"#);
        for body in [&lists, &objects, &in_spec, &in_metadata, &"[".repeat(depth), &r#"[{"a":"#.repeat(depth)] {
            abused.ask(ada("POST", WIDGETS, &[JSON], body)).await.problem(400, "BadRequest");
            abused.ask(ada("PATCH", &format!("{WIDGETS}/a"), &[MERGE_PATCH], body)).await.problem(400, "BadRequest");
            abused.ask(ada("PUT", &format!("{WIDGETS}/a/scale"), &[JSON], body)).await.problem(400, "BadRequest");
        }
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_body_says_everything_once() {
    let abused = Abused::start().await;
    for (body, field) in [
        (r#"{"metadata": {"name": "a"}, "spec": {"color": "red"}, "spec": {"color": "blue"}}"#, "spec"),
        (r#"{"metadata": {"name": "a", "name": "b"}, "spec": {"color": "red"}}"#, "metadata.name"),
        (r#"{"metadata": {"name": "a", "n\u0061me": "b"}, "spec": {"color": "red"}}"#, "metadata.name"),
        (
            r#"{"metadata": {"name": "a", "labels": {"k": "1", "k": "2"}}, "spec": {"color": "red"}}"#,
            "metadata.labels.k",
        ),
        (r#"{"metadata": {"name": "a"}, "spec": {"color": "red", "x": [{"y": 1, "y": 1}]}}"#, "spec.x[0].y"),
    ] {
        for (method, path, media_type) in
            [("POST", WIDGETS.to_owned(), JSON), ("PATCH", format!("{WIDGETS}/a"), MERGE_PATCH)]
        {
            let problem = abused.ask(ada(method, &path, &[media_type], body)).await.problem(400, "BadRequest");
            assert_eq!(problem["causes"][0]["field"], field);
        }
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_body_is_json() {
    let abused = Abused::start().await;
    for body in [
        &b""[..],
        b" ",
        b"{",
        b"{}}",
        b"{} {}",
        b"null null",
        b"{'a': 1}",
        b"{a: 1}",
        b"{\"a\": 1,}",
        b"{\"a\": 01}",
        b"{\"a\": NaN}",
        b"{\"a\": Infinity}",
        b"{\"a\": 1e999}",
        b"{\"a\": \"\\x41\"}",
        b"{\"a\": \"\\ud800\"}",
        b"{\"a\": \"\xff\"}",
        b"{\"a\": \"\xed\xa0\x80\"}",
        b"{\"a\": \"\n\"}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
        b"// comment\n{}",
        b"---\nmetadata: {name: a}\n",
        b"<!DOCTYPE x [<!ENTITY a \"b\">]><x/>",
        b"\x1f\x8b\x08\0\0\0\0\0",
    ] {
        let text = String::from_utf8_lossy(body);
        let answer = abused.ask(ada("POST", WIDGETS, &[JSON], body)).await;
        assert_eq!(answer.status, 400, "{text}: {}", answer.text());
        answer.problem(400, "BadRequest");
    }
    // Valid JSON, but not an object.
    for body in
        ["null", "true", "1", "\"a\"", "[]", "[{}]", "{}", r#"{"spec": null}"#, r#"{"metadata": [], "spec": {}}"#]
    {
        abused.ask(ada("POST", WIDGETS, &[JSON], body)).await.problem(422, "Invalid");
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn a_body_is_what_it_says() {
    let abused = Abused::start().await;
    let typed = |media_type| ("content-type", media_type);
    for headers in [
        &[][..],
        &[typed("")],
        &[typed("text/plain")],
        &[typed("text/json")],
        &[typed("application/x-www-form-urlencoded")],
        &[typed("multipart/form-data; boundary=application/json")],
        &[typed("text/plain; application/json")],
        &[typed("text/plain, application/json")],
        &[typed("application/json, text/plain")],
        &[typed("application/json/x")],
        &[typed("application/json\u{a0}")],
        &[typed("application/jsonx")],
        &[typed("application/yaml")],
        &[typed("application/vnd.kubernetes.protobuf")],
        &[typed("application/cbor")],
        &[typed("application/json; charset=utf-16")],
        &[typed("application/json; charset=utf-7")],
        &[typed("application/json"), typed("text/plain")],
        &[typed("text/plain"), typed("application/json")],
        &[JSON, ("content-encoding", "gzip")],
        &[JSON, ("content-encoding", "identity"), ("content-encoding", "br")],
        &[MERGE_PATCH],
    ] {
        let answer = abused.ask(ada("POST", WIDGETS, headers, WIDGET)).await;
        assert_eq!(answer.status, 415, "{headers:?}: {}", answer.text());
        answer.problem(415, "UnsupportedMediaType");
    }
    let patches =
        ["application/strategic-merge-patch+json", "application/apply-patch+cbor", "text/plain", "application/xml"];
    for media_type in patches {
        let answer = abused.ask(ada("PATCH", &format!("{WIDGETS}/a"), &[typed(media_type)], "{}")).await;
        answer.problem(415, "UnsupportedMediaType");
    }
    abused.assert_intact().await;
}
