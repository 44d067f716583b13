//! Sixty-four bytes at a time: which of them are quotes, backslashes and brackets.
//!
//! `fearless_simd` chooses the instructions when the program runs (AVX-512, AVX2, SSE2, NEON, WASM) and has a portable form
//! for everything else, so that no `unsafe` is needed here.

use fearless_simd::prelude::*;
use fearless_simd::u8x64;

/// Bytes in a block.
pub(super) const BLOCK: usize = 64;

/// One bit a byte, the first byte in the lowest bit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// `"`.
    quotes: u64,
    /// `\`.
    backslashes: u64,
    /// `{` and `[`.
    opens: u64,
    /// `}` and `]`.
    closes: u64,
}

/// The brackets of a block that stand outside strings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brackets {
    /// `{` and `[`.
    pub(super) opens: u64,
    /// `}` and `]`.
    pub(super) closes: u64,
}

impl Block {
    #[inline(always)]
    pub(super) fn of<S: Simd>(simd: S, bytes: &[u8; BLOCK]) -> Self {
        let bytes = u8x64::from_slice(simd, bytes);
        // One bit tells `[` from `{`, and `]` from `}`; no other byte falls together with them.
        let folded = bytes | 0x20;
        Self {
            quotes: bytes.simd_eq(b'"').to_bitmask(),
            backslashes: bytes.simd_eq(b'\\').to_bitmask(),
            opens: folded.simd_eq(b'{').to_bitmask(),
            closes: folded.simd_eq(b'}').to_bitmask(),
        }
    }
}

/// What one block hands on to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Carry {
    /// All ones inside a string.
    in_string: u64,
    /// One if the first byte of the next block is escaped.
    escaped: u64,
}

impl Carry {
    /// The brackets outside strings. Of a block that is the end of its input, `len` bytes count and the others are zero.
    #[inline(always)]
    pub(super) fn brackets(&mut self, block: Block, len: usize) -> Brackets {
        let strings = prefix_xor(self.unescaped_quotes(block, len)) ^ self.in_string;
        self.in_string = ((strings as i64) >> 63) as u64;
        Brackets { opens: block.opens & !strings, closes: block.closes & !strings }
    }

    /// The quotes that begin or end a string. A backslash escapes what follows it, wherever it stands.
    #[inline(always)]
    pub(super) fn unescaped_quotes(&mut self, block: Block, len: usize) -> u64 {
        if block.backslashes == 0 {
            let escaped = std::mem::take(&mut self.escaped);
            return block.quotes & !escaped;
        }
        // Of each run of backslashes, every other one escapes: found for all runs at once by a subtraction, whose carry runs
        // through a run and comes out at odd or at even places.
        const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
        let candidates = block.backslashes & !self.escaped;
        let ends = (candidates << 1 | ODD).wrapping_sub(candidates) ^ ODD;
        let escaped = ends ^ (block.backslashes | self.escaped);
        let escaping = ends & block.backslashes;
        self.escaped = escaping >> (len - 1) & 1;
        block.quotes & !escaped
    }
}

/// Bit `i` of the result is the parity of the bits `0..=i`.
#[inline(always)]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// The last bytes of an input, filled up with zeros.
#[inline(always)]
pub(super) fn padded(bytes: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..bytes.len()].copy_from_slice(bytes);
    block
}
