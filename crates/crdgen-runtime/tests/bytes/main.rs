//! Lists and watches as bytes, compared with serde_json and with a splitter that reads byte by byte.

mod event_lines;
mod json;
mod project;
mod splitter;
mod streams;
mod trim;
mod twin;

use crdgen_runtime::bytes::{Error, Limits, ListEnd, Splitter};

/// Splits a body that arrives in chunks of these sizes, repeated as often as necessary. Returns its items and its end.
fn split(body: &[u8], limits: Limits, sizes: &[usize]) -> (Vec<Vec<u8>>, Result<ListEnd, Error>) {
    let mut splitter = Splitter::new(limits);
    let mut items = Vec::new();
    for mut chunk in chunks(body, sizes) {
        loop {
            match splitter.next_item(&mut chunk) {
                Ok(Some(item)) => items.push(item.to_vec()),
                Ok(None) => break,
                Err(error) => return (items, Err(error)),
            }
        }
        assert!(chunk.is_empty(), "a chunk is read to its end");
    }
    (items, splitter.finish())
}

fn chunks<'a>(mut body: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut sizes = sizes.iter().cycle();
    std::iter::from_fn(move || {
        let size = sizes.next().map_or(body.len(), |&size| size.clamp(1, body.len().max(1)));
        let (chunk, rest) = body.split_at_checked(size).filter(|(chunk, _)| !chunk.is_empty())?;
        body = rest;
        Some(chunk)
    })
}
