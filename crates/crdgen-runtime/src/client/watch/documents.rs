//! JSON documents out of a stream of bytes, whole and one after the other, however they are laid out and cut into pieces.

use bytes::{Bytes, BytesMut};

/// Bytes that came and were not taken yet.
#[derive(Debug, Default)]
pub struct Documents {
    buffer: BytesMut,
    /// How far the buffer was looked at.
    seen: usize,
    depth: usize,
    inside: Inside,
}

/// Where the bytes looked at last are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Structure,
    Text,
    /// After a backslash in a text.
    Escape,
}

impl Documents {
    /// Adds what came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes wait for the rest of their document.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The next document if all of it came: an object or an array, with the space before it.
    pub fn next(&mut self) -> Option<Bytes> {
        while let Some(&byte) = self.buffer.get(self.seen) {
            self.seen += 1;
            self.inside = match (self.inside, byte) {
                (Inside::Escape, _) => Inside::Text,
                (Inside::Text, b'\\') => Inside::Escape,
                (Inside::Text, b'"') => Inside::Structure,
                (Inside::Text, _) => Inside::Text,
                (Inside::Structure, b'"') => Inside::Text,
                (Inside::Structure, b'{' | b'[') => {
                    self.depth += 1;
                    Inside::Structure
                }
                (Inside::Structure, b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(self.buffer.split_to(std::mem::take(&mut self.seen)).freeze());
                    }
                    Inside::Structure
                }
                (Inside::Structure, _) => Inside::Structure,
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Documents;

    const TEXT: &str = "{\"a\":\"}\\\"{\"}\n{\n \"b\": [1, {}]\n}\n\n{\"c\":\"\\\\\"}";

    /// Whatever pieces it comes in, it is the same three documents.
    #[test]
    fn cut_anywhere() {
        for size in 1..=TEXT.len() {
            let mut documents = Documents::default();
            let mut found = Vec::new();
            for piece in TEXT.as_bytes().chunks(size) {
                documents.push(piece);
                while let Some(document) = documents.next() {
                    found.push(String::from_utf8(document.to_vec()).expect("text").trim().to_owned());
                }
            }
            assert_eq!(found, ["{\"a\":\"}\\\"{\"}", "{\n \"b\": [1, {}]\n}", "{\"c\":\"\\\\\"}"]);
            assert_eq!(documents.waiting(), 0);
        }
    }
}
