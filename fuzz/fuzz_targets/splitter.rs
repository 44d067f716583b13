//! Lists and watches as bytes. The size of chunks must make no difference, and the items of a list that is
//! JSON are those that `serde_json` finds. The first byte of the input is the size of the chunks.

#![no_main]

use crdgen_runtime::bytes::{EventLines, Filter, Limits, MetadataFilter, Splitter};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// A list with undecoded items.
#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
}

const LIMITS: Limits = Limits { item_bytes: 1 << 10, depth: 64, envelope_bytes: 256 };

fuzz_target!(|data: &[u8]| {
    let Some((length, body)) = data.split_first() else { return };
    let length = usize::from(*length).max(1);
    let whole = items(body, body.len().max(1));
    assert_eq!(whole, items(body, length), "chunks made a difference");
    assert_eq!(cut(body, body.len().max(1)), cut(body, length), "chunks made a difference to a trimmed list");
    assert_eq!(events(body, body.len().max(1)), events(body, length), "chunks made a difference to a watch");
    if let (Ok(found), Ok(list)) = (&whole, serde_json::from_slice::<List>(body)) {
        let expected: Vec<_> =
            list.items.unwrap_or_default().iter().map(|item| item.get().as_bytes().to_vec()).collect();
        assert_eq!(*found, expected, "other items than those of the list");
        for trimmed in cut(body, length).unwrap_or_default() {
            serde_json::from_slice::<IgnoredAny>(&trimmed).expect("a trimmed item is JSON");
        }
    }
});

fn items(body: &[u8], length: usize) -> Result<Vec<Vec<u8>>, ()> {
    let mut splitter = Splitter::new(LIMITS);
    let mut items = Vec::new();
    for mut chunk in body.chunks(length) {
        while let Some(item) = splitter.next_item(&mut chunk).map_err(drop)? {
            items.push(item.to_vec());
        }
    }
    let end = splitter.finish().map_err(drop)?;
    assert_eq!(end.items, items.len() as u64);
    Ok(items)
}

fn cut(body: &[u8], length: usize) -> Result<Vec<Vec<u8>>, ()> {
    let filter = Filter::from(MetadataFilter::default());
    let mut splitter = Splitter::new(LIMITS);
    let mut items = Vec::new();
    for mut chunk in body.chunks(length) {
        let mut item = Vec::new();
        while splitter.next_cut(&filter, &mut chunk, &mut item).map_err(drop)? {
            items.push(std::mem::take(&mut item));
        }
    }
    splitter.finish().map_err(drop)?;
    Ok(items)
}

fn events(body: &[u8], length: usize) -> Result<Vec<Vec<u8>>, ()> {
    let mut lines = EventLines::new(LIMITS);
    let mut events = Vec::new();
    for mut chunk in body.chunks(length) {
        while let Some(event) = lines.next_event(&mut chunk).map_err(drop)? {
            events.push(event.object.to_vec());
        }
    }
    lines.finish().map_err(drop)?;
    Ok(events)
}
