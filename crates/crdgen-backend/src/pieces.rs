//! Queue of bytes. It joins short pieces into longer ones, and does not copy long pieces.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

/// Length in bytes from which a piece is passed on by itself.
const LONG: usize = 8 << 10;

/// Queue of bytes.
#[derive(Debug, Default)]
pub struct Pieces {
    whole: VecDeque<Bytes>,
    /// Short pieces, after all of `whole`.
    short: BytesMut,
    len: usize,
}

impl Pieces {
    /// Returns the number of bytes in the queue.
    pub fn size(&self) -> usize {
        self.len
    }

    /// Appends a piece.
    pub fn add(&mut self, piece: Bytes) {
        self.len += piece.len();
        if piece.len() < LONG {
            self.short.extend_from_slice(&piece);
        } else {
            self.flush();
            self.whole.push_back(piece);
        }
    }

    /// Removes the first piece and returns it.
    pub fn pop(&mut self) -> Option<Bytes> {
        if self.whole.is_empty() {
            self.flush();
        }
        let piece = self.whole.pop_front()?;
        self.len -= piece.len();
        Some(piece)
    }

    fn flush(&mut self) {
        if !self.short.is_empty() {
            self.whole.push_back(self.short.split().freeze());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_pieces_are_put_together_and_long_ones_shared() {
        let long = Bytes::from(vec![b'x'; LONG]);
        let mut pieces = Pieces::default();
        for piece in [b"a", b"b"] {
            pieces.add(Bytes::from_static(piece));
        }
        pieces.add(long.clone());
        pieces.add(Bytes::from_static(b"c"));
        assert_eq!(pieces.size(), LONG + 3);
        assert_eq!(pieces.pop().as_deref(), Some(&b"ab"[..]));
        assert_eq!(pieces.pop().map(|piece| piece.as_ptr()), Some(long.as_ptr()));
        assert_eq!(pieces.pop().as_deref(), Some(&b"c"[..]));
        assert_eq!((pieces.pop(), pieces.size()), (None, 0));
    }
}
