//! Bytes in pieces: short ones are put together, long ones are passed on as they are.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

/// Bytes from which on a piece is passed on by itself.
const LONG: usize = 8 << 10;

/// A queue of bytes.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    whole: VecDeque<Bytes>,
    /// Short pieces, behind all others.
    short: BytesMut,
    len: usize,
}

impl Pieces {
    /// Bytes in the queue.
    #[cfg(feature = "memory")]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Puts a piece at the end.
    pub(crate) fn add(&mut self, piece: Bytes) {
        self.len += piece.len();
        if piece.len() < LONG {
            self.short.extend_from_slice(&piece);
        } else {
            self.flush();
            self.whole.push_back(piece);
        }
    }

    /// Takes the first piece.
    pub(crate) fn next(&mut self) -> Option<Bytes> {
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

#[cfg(all(test, feature = "memory"))]
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
        assert_eq!(pieces.len(), LONG + 3);
        assert_eq!(pieces.next().as_deref(), Some(&b"ab"[..]));
        assert_eq!(pieces.next().map(|piece| piece.as_ptr()), Some(long.as_ptr()));
        assert_eq!(pieces.next().as_deref(), Some(&b"c"[..]));
        assert_eq!((pieces.next(), pieces.len()), (None, 0));
    }
}
