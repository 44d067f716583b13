//! Trees without emphasis and links.

use std::mem;

use super::line;
use super::tree::{Block, Inline};

/// Replaces emphasis and links by text with their marks.
pub fn flat(mut blocks: Vec<Block>) -> Vec<Block> {
    let line = |inlines: &mut Vec<Inline>| *inlines = line::flat(mem::take(inlines));
    blocks.iter_mut().for_each(|block| block.leaves(&|_| {}, &line));
    blocks
}
