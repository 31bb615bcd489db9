//! The character classes of the split pattern, as a lookup table.
//!
//! The classes come from `regex-syntax`, whose tables the regex engine uses too, so both know the same version of
//! Unicode.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};

/// `\p{N}`
pub(crate) const NUMBER: u8 = 1;
/// `\p{Han}`
pub(crate) const HAN: u8 = 1 << 1;
/// `\p{Lu}`
pub(crate) const CAPITAL: u8 = 1 << 2;
/// `[\p{Ll}\p{M}]`
pub(crate) const SMALL: u8 = 1 << 3;
/// `(?!\p{Han})[\p{Lo}\p{Lt}\p{Lm}\p{M}]`
pub(crate) const CASELESS: u8 = 1 << 4;
/// `\s`
pub(crate) const SPACE: u8 = 1 << 5;

/// A character can belong to several classes: U+3007, the Chinese zero, is both a number and a Chinese character.
const CLASSES: [(u8, &str); 6] = [
    (NUMBER, r"\p{N}"),
    (HAN, r"\p{Han}"),
    (CAPITAL, r"\p{Lu}"),
    (SMALL, r"[\p{Ll}\p{M}]"),
    (CASELESS, r"[\p{Lo}\p{Lt}\p{Lm}\p{M}--\p{Han}]"),
    (SPACE, r"\s"),
];

/// Characters per block of the table. Most blocks are equal to another one, so few are kept.
const BLOCK: usize = 128;

/// The classes of every character, as a table of two levels: the block of a character, and its place in the block.
pub(crate) struct CharClasses {
    ascii: [u8; 128],
    block_of: Vec<u16>,
    blocks: Vec<[u8; BLOCK]>,
}

/// Built on first use, which takes a few milliseconds.
pub(crate) static CHAR_CLASSES: LazyLock<CharClasses> = LazyLock::new(CharClasses::new);

impl CharClasses {
    fn new() -> Self {
        let mut all = vec![0_u8; char::MAX as usize + 1];
        for (bit, class) in CLASSES {
            for (first, last) in ranges(class) {
                all[first as usize..=last as usize].iter_mut().for_each(|classes| *classes |= bit);
            }
        }
        let mut ascii = [0; 128];
        ascii.copy_from_slice(&all[..128]);
        let mut known = HashMap::new();
        let mut blocks = Vec::new();
        let block_of = all.as_chunks::<BLOCK>().0.iter().map(|block| {
            *known.entry(block).or_insert_with(|| {
                blocks.push(*block);
                blocks.len() as u16 - 1
            })
        });
        let block_of = block_of.collect();
        Self { ascii, block_of, blocks }
    }

    /// The classes of a character, as the bits above; 0 for a character in none of them, a symbol to the pattern.
    #[inline]
    pub(crate) fn of(&self, c: char) -> u8 {
        let code = c as usize;
        if code < self.ascii.len() {
            return self.ascii[code];
        }
        self.blocks[self.block_of[code / BLOCK] as usize][code % BLOCK]
    }
}

/// The characters of a class, as the first and the last of each range.
fn ranges(class: &str) -> Vec<(char, char)> {
    // It is only called with the six classes above, so it cannot fail at run time.
    let hir = regex_syntax::parse(class).expect("a class that regex-syntax knows");
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => class.iter().map(|range| (range.start(), range.end())).collect(),
        other => unreachable!("expected the characters of {class}, found {other:?}"),
    }
}
