//! Positions of quotes, backslashes and brackets in blocks of 64 bytes.
//!
//! `fearless_simd` selects the instructions at run time (AVX-512, AVX2, SSE2, NEON, WASM) and has a portable fallback.
//! No `unsafe` is needed here.

use fearless_simd::prelude::*;
use fearless_simd::u8x64;

/// Number of bytes in a block.
pub(super) const BLOCK: usize = 64;

/// Positions of characters in a block: one bit for each byte, with the first byte in the lowest bit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Positions of `"`.
    quotes: u64,
    /// Positions of `\`.
    backslashes: u64,
    /// Positions of `{` and `[`.
    opens: u64,
    /// Positions of `}` and `]`.
    closes: u64,
}

/// Positions of the brackets of a block outside strings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brackets {
    /// Positions of `{` and `[`.
    pub(super) opens: u64,
    /// Positions of `}` and `]`.
    pub(super) closes: u64,
}

impl Block {
    #[inline(always)]
    pub(super) fn of<S: Simd>(simd: S, bytes: &[u8; BLOCK]) -> Self {
        let bytes = u8x64::from_slice(simd, bytes);
        // `[` and `{` differ in this bit only, and so do `]` and `}`. No other byte becomes equal to them.
        let folded = bytes | 0x20;
        Self {
            quotes: bytes.simd_eq(b'"').to_bitmask(),
            backslashes: bytes.simd_eq(b'\\').to_bitmask(),
            opens: folded.simd_eq(b'{').to_bitmask(),
            closes: folded.simd_eq(b'}').to_bitmask(),
        }
    }
}

/// State that one block passes to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Carry {
    /// All ones inside a string, otherwise 0.
    in_string: u64,
    /// 1 if the first byte of the next block is escaped, otherwise 0.
    escaped: u64,
}

impl Carry {
    /// Returns the brackets outside strings. `len` is the number of bytes of the block that belong to the input. The
    /// others are zero.
    #[inline(always)]
    pub(super) fn brackets(&mut self, block: Block, len: usize) -> Brackets {
        let strings = prefix_xor(self.unescaped_quotes(block, len)) ^ self.in_string;
        self.in_string = ((strings as i64) >> 63) as u64;
        Brackets { opens: block.opens & !strings, closes: block.closes & !strings }
    }

    /// Returns the quotes that begin or end a string. A backslash always escapes the byte after it.
    #[inline(always)]
    pub(super) fn unescaped_quotes(&mut self, block: Block, len: usize) -> u64 {
        if block.backslashes == 0 {
            let escaped = std::mem::take(&mut self.escaped);
            return block.quotes & !escaped;
        }
        // In each run of backslashes, the first, third and so on escape the next byte. One subtraction finds them for
        // all runs: its borrow passes through a run and ends at an odd or an even position.
        const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
        let candidates = block.backslashes & !self.escaped;
        let ends = (candidates << 1 | ODD).wrapping_sub(candidates) ^ ODD;
        let escaped = ends ^ (block.backslashes | self.escaped);
        let escaping = ends & block.backslashes;
        self.escaped = escaping >> (len - 1) & 1;
        block.quotes & !escaped
    }
}

/// Returns bits of which bit `i` is the parity of the bits `0..=i`.
#[inline(always)]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Returns the last bytes of an input, padded with zeros to a block.
#[inline(always)]
pub(super) fn padded(bytes: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..bytes.len()].copy_from_slice(bytes);
    block
}
