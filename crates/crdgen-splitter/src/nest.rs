//! Search for the bracket that closes the first open bracket. Skips strings and counts the nesting depth.
//!
//! The search stops at the end of a chunk and continues in the next one. `}` and `]` are treated alike: only a parser
//! can check that brackets match, and the end of a valid object does not depend on their kind.

use fearless_simd::{Level, Simd, dispatch};

use super::block::{BLOCK, Block, Brackets, Carry, padded};

/// Search in progress.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nest {
    depth: u32,
    limit: u32,
    carry: Carry,
}

/// Outcome of a search step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The closing bracket is the last of this number of bytes.
    End(usize),
    /// All bytes were read, and the closing bracket was not found.
    Nothing,
    /// The bracket at this index exceeds the maximum depth.
    TooDeep(usize),
}

impl Nest {
    /// Creates a search that starts before the first bracket.
    pub(super) fn new(limit: u32) -> Self {
        Self::within(0, limit)
    }

    /// Creates a search that starts with `depth` open brackets.
    pub(super) fn within(depth: u32, limit: u32) -> Self {
        Self { depth, limit, carry: Carry::default() }
    }

    /// Continues the search in `bytes`.
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
        // In most blocks the brackets can reach neither the end nor the limit, in whatever order they occur.
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

/// Returns the index of the quote that ends a string. `bytes` begins after the opening quote.
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
