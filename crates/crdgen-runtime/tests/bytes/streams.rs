//! Lists as streams: reading from a body in any chunks, and writing the list that replaces it.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use crdgen_runtime::bytes::{
    CutError, CutList, ErrorKind, ItemError, Items, Limits, ListBody, ListHead, MetadataFilter, items,
};
use futures_core::Stream;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{chunks, json};

const HEAD: ListHead = ListHead { api_version: "ci.example.com/v1", kind: "WidgetList" };

#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Widget {
    metadata: Value,
    size: i64,
}

/// Body whose chunks are never ready at once: every other poll is pending.
struct Body {
    chunks: VecDeque<Result<Bytes, &'static str>>,
    is_ready: bool,
}

impl Body {
    fn new(text: &str, sizes: &[usize]) -> Self {
        Self {
            chunks: chunks(text.as_bytes(), sizes).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect(),
            is_ready: false,
        }
    }

    fn broken(text: &str) -> Self {
        let mut body = Self::new(text, &[]);
        body.chunks.push_back(Err("reset"));
        body
    }
}

impl Stream for Body {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            return Poll::Ready(self.chunks.pop_front());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[tokio::main(flavor = "current_thread")]
async fn all<S: Stream + Unpin>(stream: &mut S) -> Vec<S::Item> {
    let mut found = Vec::new();
    let mut stream = pin!(stream);
    while let Some(item) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
        found.push(item);
    }
    found
}

fn written<S: Stream<Item = Result<Bytes, E>> + Unpin, E: Debug>(mut stream: S) -> String {
    let chunks: Vec<Bytes> = all(&mut stream).into_iter().collect::<Result<_, _>>().expect("the list is good");
    String::from_utf8(chunks.concat()).expect("text")
}

const BODY: &str = r#"{"kind":"WidgetList","items":[{"metadata":{"name":"a"},"size":1},{"metadata":{"name":"b","namespace":"n"},"size":"2"},{"size":3},{"metadata":{},"size":4}],"metadata":{"resourceVersion":"9"}}"#;

#[test]
fn one_bad_item_is_an_error_in_its_place_and_the_list_goes_on() {
    for sizes in [&[][..], &[1], &[50]] {
        let mut stream: Items<_, Widget> = items(Body::new(BODY, sizes));
        let found: Vec<_> = all(&mut stream)
            .into_iter()
            .map(|item| match item {
                Ok(widget) => widget.size.to_string(),
                Err(ItemError::Undecodable(error)) => error.to_string(),
                Err(error) => panic!("{error}"),
            })
            .collect();
        let expected =
            ["1", "item 1 (n/b) is not of its type, at column 51", "item 2 is not of its type, at column 10", "4"];
        assert_eq!(found, expected);
        let end = stream.end().expect("the list has ended");
        assert_eq!((end.items, end.metadata.resource_version.as_deref()), (4, Some("9")));
    }
}

#[test]
fn a_typed_list_is_written_without_what_cannot_be_decoded() {
    let mut bad = Vec::new();
    let stream: Items<_, Widget> = items(Body::new(BODY, &[40]));
    let list = written(ListBody::new(stream.decodable(|error| bad.push(error.index)), HEAD));
    let expected = r#"{"apiVersion":"ci.example.com/v1","items":[{"metadata":{"name":"a"},"size":1},{"metadata":{},"size":4}],"kind":"WidgetList","metadata":{"resourceVersion":"9"}}"#;
    assert_eq!(list, expected);
    assert_eq!(bad, [1, 2]);
}

#[test]
fn what_is_trimmed_is_not_decoded() {
    let body = r#"{"items":[{"metadata":{"name":"a","managedFields":"no list"},"size":1}]}"#;
    let found: Vec<_> = all(&mut items::<Widget, _>(Body::new(body, &[30])).cut(&MetadataFilter::default()));
    let [Ok(widget)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(widget.metadata, json!({"name": "a"}));
}

#[test]
fn a_list_that_breaks_off_is_an_error_and_then_nothing() {
    let cut = &BODY[..100];
    let found = all(&mut items::<Widget, _>(Body::broken(cut)));
    assert!(matches!(found[..], [Ok(_), Err(ItemError::Body("reset"))]), "{found:?}");
    let found = all(&mut items::<Widget, _>(Body::new(cut, &[])));
    assert!(
        matches!(&found[..], [Ok(_), Err(ItemError::List(error))] if error.kind == ErrorKind::Truncated),
        "{found:?}"
    );

    let found = all(&mut CutList::new(Body::broken(cut), HEAD, &MetadataFilter::default(), Limits::default()));
    assert!(matches!(found[..], [Ok(_), Err(CutError::Body("reset"))]), "{found:?}");
    let found = all(&mut CutList::new(Body::new(cut, &[]), HEAD, &MetadataFilter::default(), Limits::default()));
    assert!(
        matches!(&found[..], [Ok(_), Err(CutError::List(error))] if error.kind == ErrorKind::Truncated),
        "{found:?}"
    );
}

#[test]
fn chunks_are_sent_before_the_list_is_read() {
    let widget = json!({"metadata": {"name": "x".repeat(1000)}, "size": 1});
    let body = json!({"items": vec![widget; 1000]}).to_string();
    let largest = |sizes: Vec<usize>| sizes.into_iter().max().unwrap_or_default();
    let cut = &mut CutList::new(Body::new(&body, &[16 << 10]), HEAD, &MetadataFilter::default(), Limits::default());
    let sizes: Vec<usize> = all(cut).into_iter().map(|chunk| chunk.expect("good").len()).collect();
    assert!(sizes.len() > 10 && largest(sizes) < 100_000);
    let typed = &mut ListBody::new(items::<Widget, _>(Body::new(&body, &[16 << 10])), HEAD);
    let sizes: Vec<usize> = all(typed).into_iter().map(|chunk| chunk.expect("good").len()).collect();
    assert!(sizes.len() > 10 && largest(sizes) < 100_000);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_cut_is_a_list_again(
        objects in prop::collection::vec(json::object(), 0..6), sizes in prop::collection::vec(1..300usize, 0..4),
    ) {
        let body = json!({"items": objects, "metadata": {"resourceVersion": "7", "continue": "t"}}).to_string();
        let list = written(CutList::new(Body::new(&body, &sizes), HEAD, &MetadataFilter::default(), Limits::default()));
        let items: Vec<Value> =
            objects.iter().map(|object| crate::trim::expected(object, Default::default())).collect();
        let expected = json!({
            "apiVersion": HEAD.api_version, "kind": HEAD.kind, "items": items,
            "metadata": {"resourceVersion": "7", "continue": "t"}});
        prop_assert_eq!(serde_json::from_str::<Value>(&list).expect("a list is JSON"), expected);
    }
}

/// A list whose next piece is always ready must still yield to other tasks.
#[test]
fn a_long_list_lets_others_go_first() {
    let item = format!(r#"{{"metadata":{{"name":"{}"}},"size":1}}"#, "a".repeat(1000));
    let text = format!(r#"{{"metadata":{{}},"items":[{}]}}"#, vec![item; 4000].join(","));
    let pieces: Vec<_> =
        text.as_bytes().chunks(64 << 10).map(|piece| Ok::<_, &str>(Bytes::copy_from_slice(piece))).collect();
    let mut context = Context::from_waker(std::task::Waker::noop());
    let mut rounds = |mut list: Pin<Box<dyn Stream<Item = usize>>>| {
        let (mut bytes, mut rounds) = (0, 1);
        loop {
            match list.as_mut().poll_next(&mut context) {
                Poll::Ready(Some(more)) => bytes += more,
                Poll::Ready(None) => return (bytes, rounds),
                Poll::Pending => rounds += 1,
            }
        }
    };
    let ready = || futures_util::stream::iter(pieces.clone());
    let sizes = futures_util::StreamExt::map(
        CutList::new(ready(), HEAD, &MetadataFilter::default(), Limits::default()),
        |piece| piece.expect("a list").len(),
    );
    let (bytes, turns) = rounds(Box::pin(sizes));
    assert!(bytes > 4_000_000 && turns > 10, "{bytes} bytes in {turns} turns");
    let decoded: Items<_, Widget> = Items::new(ready(), Limits::default());
    let body = ListBody::new(decoded, HEAD);
    let sizes = futures_util::StreamExt::map(body, |piece| piece.expect("a list").len());
    let (bytes, turns) = rounds(Box::pin(sizes));
    assert!(bytes > 4_000_000 && turns > 40, "{bytes} bytes in {turns} turns");
}
