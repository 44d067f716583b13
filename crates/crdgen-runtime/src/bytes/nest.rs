//! Where the bracket closes that was opened first: strings are passed over, depth is counted.
//!
//! The search stops at the end of a chunk and goes on in the next one. A `}` closes a `[` too: which bracket it is takes a
//! parser to check, and where an object ends does not depend on it.

use fearless_simd::{Level, Simd, dispatch};

use super::block::{BLOCK, Block, Brackets, Carry, padded};

/// A search under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nest {
    depth: u32,
    limit: u32,
    carry: Carry,
}

/// How far a search came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The closing bracket is the last of so many bytes.
    End(usize),
    /// Every byte was read.
    Nothing,
    /// The bracket at this index is one level deeper than is allowed.
    TooDeep(usize),
}

impl Nest {
    /// Before the first bracket.
    pub(super) fn new(limit: u32) -> Self {
        Self::within(0, limit)
    }

    /// With so many brackets open.
    pub(super) fn within(depth: u32, limit: u32) -> Self {
        Self { depth, limit, carry: Carry::default() }
    }

    /// Reads on.
    pub(super) fn scan(&mut self, level: Level, bytes: &[u8]) -> Found {
        dispatch!(level, simd => self.scan_with(simd, bytes))
    }

    #[inline(always)]
    fn scan_with<S: Simd>(&mut self, simd: S, bytes: &[u8]) -> Found {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for (index, block) in blocks.iter().enumerate() {
            let brackets = self.carry.brackets(Block::of(simd, block), BLOCK);
            if let Some(found) = self.follow(brackets, index * BLOCK) {
                return found;
            }
        }
        if rest.is_empty() {
            return Found::Nothing;
        }
        let brackets = self.carry.brackets(Block::of(simd, &padded(rest)), rest.len());
        self.follow(brackets, blocks.len() * BLOCK).unwrap_or(Found::Nothing)
    }

    #[inline(always)]
    fn follow(&mut self, brackets: Brackets, start: usize) -> Option<Found> {
        let (opens, closes) = (brackets.opens.count_ones(), brackets.closes.count_ones());
        // In most blocks neither the end nor the limit can be reached, whatever the order of the brackets.
        if closes < self.depth && self.depth + opens <= self.limit {
            self.depth = self.depth + opens - closes;
            return None;
        }
        self.follow_each(brackets, start)
    }

    fn follow_each(&mut self, brackets: Brackets, start: usize) -> Option<Found> {
        let mut left = brackets.opens | brackets.closes;
        while left != 0 {
            let index = start + left.trailing_zeros() as usize;
            let bit = left & left.wrapping_neg();
            left ^= bit;
            if brackets.opens & bit == 0 {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Some(Found::End(index + 1));
                }
            } else if self.depth == self.limit {
                return Some(Found::TooDeep(index));
            } else {
                self.depth += 1;
            }
        }
        None
    }
}

/// The index of the quote that ends a string, in the bytes behind the one that begins it.
pub(super) fn end_of_string(level: Level, bytes: &[u8]) -> Option<usize> {
    dispatch!(level, simd => end_of_string_with(simd, bytes))
}

#[inline(always)]
fn end_of_string_with<S: Simd>(simd: S, bytes: &[u8]) -> Option<usize> {
    let mut carry = Carry::default();
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (index, block) in blocks.iter().enumerate() {
        let quotes = carry.unescaped_quotes(Block::of(simd, block), BLOCK);
        if quotes != 0 {
            return Some(index * BLOCK + quotes.trailing_zeros() as usize);
        }
    }
    if rest.is_empty() {
        return None;
    }
    let quotes = carry.unescaped_quotes(Block::of(simd, &padded(rest)), rest.len());
    (quotes != 0).then(|| blocks.len() * BLOCK + quotes.trailing_zeros() as usize)
}
