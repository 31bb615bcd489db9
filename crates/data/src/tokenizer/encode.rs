//! A fast encoder from text to ids, for tokenizers in the form that [`crate::Tokenizer::train`] writes. It gives the same ids as
//! the `tokenizers` crate, which is used for all other tokenizers.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use memchr::memmem::Finder;
use serde_json::Value;

use super::document::{byte_alphabet, document};
use super::merge::Merges;
use super::split::pieces;
use crate::tokenizer::{SEP, SPECIAL_TOKENS};

/// Pieces of up to this many bytes are first looked up as a whole, packed into one number, before anything is merged.
const WHOLE: usize = 15;
/// Longer pieces, up to this many bytes, are looked up as byte strings: merging them takes much longer than a lookup.
const LONG_WHOLE: usize = 64;

/// The text between two parts of an input.
const SEPARATOR: &str = SPECIAL_TOKENS[SEP as usize];

/// The tables of a tokenizer.
pub(crate) struct Encoder {
    merges: Merges,
    /// The short pieces that merge into one token.
    whole: HashMap<u128, u32, FixedState>,
    /// The longer ones.
    long_whole: HashMap<Box<[u8]>, u32, FixedState>,
    /// How many bytes of a text each token stands for.
    byte_lens: HashMap<u32, usize, FixedState>,
    separator: Finder<'static>,
}

impl Encoder {
    /// From a `tokenizer.json` as the `tokenizers` crate writes it. `None` if it has any other form than ours; then that crate
    /// has to do the encoding.
    pub(crate) fn new(mut json: Value, vocab_size: usize) -> Option<Self> {
        let model = json.get_mut("model")?;
        let (vocab, merges) = (model.get_mut("vocab")?.take(), model.get_mut("merges")?.take());
        if json != document(Value::Null, Value::Null) {
            return None;
        }
        let Value::Object(vocab) = vocab else { return None };
        let ids: HashMap<&str, u32> = vocab
            .iter()
            .map(|(token, id)| Some((&**token, u32::try_from(id.as_u64()?).ok()?)))
            .collect::<Option<_>>()?;
        // If two tokens shared an id, only one of them would have been written.
        if ids.len() != vocab_size {
            return None;
        }
        let alphabet = byte_alphabet();
        let mut byte_ids = [0; 256];
        for (id, c) in byte_ids.iter_mut().zip(alphabet) {
            *id = *ids.get(&*c.encode_utf8(&mut [0; 4]))?;
        }
        let merge = |pair: &Value| {
            let (left, right) = (pair.get(0)?.as_str()?, pair.get(1)?.as_str()?);
            Some(([*ids.get(left)?, *ids.get(right)?], *ids.get(&*format!("{left}{right}"))?))
        };
        let merges = Merges::new(byte_ids, &merges.as_array()?.iter().map(merge).collect::<Option<Vec<_>>>()?);
        let bytes: HashMap<char, u8> = alphabet.into_iter().zip(0..=u8::MAX).collect();
        let (mut whole, mut long_whole) = (HashMap::default(), HashMap::default());
        let mut merged = Vec::new();
        for (token, &id) in &ids {
            let Some(piece) = token.chars().map(|c| bytes.get(&c).copied()).collect::<Option<Vec<u8>>>() else {
                continue;
            };
            merged.clear();
            merges.append(&piece, &mut merged);
            // A token is not always what its own bytes merge into.
            if merged != [id] {
                continue;
            }
            if piece.len() <= WHOLE {
                whole.insert(key(&piece), id);
            } else if piece.len() <= LONG_WHOLE {
                long_whole.insert(piece.into(), id);
            }
        }
        // Tokens are written in the byte alphabet, one character per byte; the separator is written as its own text.
        let byte_lens = ids.iter().map(|(token, &id)| (id, token.chars().count())).collect();
        Some(Self { merges, whole, long_whole, byte_lens, separator: Finder::new(SEPARATOR) })
    }

    /// The ids of a text.
    pub(crate) fn encode(&self, text: &str) -> Vec<u32> {
        // Texts in any language have about two bytes per token.
        let mut ids = Vec::with_capacity(text.len() / 2);
        let mut from = 0;
        for at in self.separator.find_iter(text.as_bytes()) {
            self.append_part(&text[from..at], &mut ids);
            ids.push(SEP);
            from = at + SEPARATOR.len();
        }
        self.append_part(&text[from..], &mut ids);
        ids
    }

    /// For the ids of a text, the range of bytes that each is made of. Together, the ranges cover the whole text.
    pub(crate) fn byte_ranges(&self, ids: &[u32]) -> impl Iterator<Item = Range<usize>> {
        ids.iter().scan(0, |at, id| {
            let start = *at;
            *at += self.byte_lens.get(id).copied().unwrap_or(0);
            Some(start..*at)
        })
    }

    /// Appends the ids of a text that contains no separator.
    fn append_part(&self, part: &str, ids: &mut Vec<u32>) {
        for piece in pieces(part) {
            let piece = piece.as_bytes();
            match self.whole(piece) {
                Some(id) => ids.push(id),
                None => self.merges.append(piece, ids),
            }
        }
    }

    /// The token that the whole piece is, if there is one.
    #[inline]
    fn whole(&self, piece: &[u8]) -> Option<u32> {
        match piece {
            [byte] => Some(self.merges.of_byte(*byte)),
            _ if piece.len() <= WHOLE => self.whole.get(&key(piece)).copied(),
            _ if piece.len() <= LONG_WHOLE => self.long_whole.get(piece).copied(),
            _ => None,
        }
    }
}

/// The bytes and the length of a short piece as one number.
#[inline]
fn key(piece: &[u8]) -> u128 {
    let mut key = [0; WHOLE + 1];
    key[..piece.len()].copy_from_slice(piece);
    key[WHOLE] = piece.len() as u8;
    u128::from_le_bytes(key)
}
