//! Learning a byte-level BPE vocabulary, and the `tokenizer.json` it becomes.
//!
//! The merges are learnt here and not by the `tokenizers` library: there, pairs that come up twice in the queue are
//! told apart by the order of a randomly seeded hash map, and the same texts must give the same tokenizer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use rayon::prelude::*;
use serde_json::{Value, json};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer};

use crate::error::{DataError, Result};
use crate::progress::{Progress, Task, Unit};
use crate::tokenizer::{SEP, SPECIAL_TOKENS, SPLIT_PATTERN};

/// A pair seen only once is not worth a token.
const MIN_FREQUENCY: u64 = 2;
/// How many texts are held in memory at a time.
const CHUNK: usize = 4096;

/// The whole `tokenizer.json` of a tokenizer trained on `texts`.
pub(crate) fn train_document(
    texts: impl Iterator<Item = Result<String>>,
    vocab_size: usize,
    progress: &dyn Progress,
) -> Result<Value> {
    let mut alphabet: Vec<char> = ByteLevel::alphabet().into_iter().collect();
    alphabet.sort_unstable();
    let smallest = SPECIAL_TOKENS.len() + alphabet.len();
    if vocab_size < smallest || u32::try_from(vocab_size).is_err() {
        return Err(DataError::Config(format!(
            "expected a vocabulary of at least {smallest} tokens (the special ones and the 256 bytes), found {vocab_size}"
        )));
    }
    let mut tokens: Vec<String> = SPECIAL_TOKENS.iter().map(ToString::to_string).collect();
    tokens.extend(alphabet.iter().map(char::to_string));
    let pre_tokenizer = pre_tokenizer_document();
    let words = count_words(texts, &pre_tokenizer, progress)?;
    let merges = learn_merges(words, &mut tokens, vocab_size);
    let vocab: serde_json::Map<String, Value> =
        tokens.iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
    let merges: Vec<[&str; 2]> = merges.iter().map(|&(a, b)| [&*tokens[a as usize], &*tokens[b as usize]]).collect();
    Ok(json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        // Only the separator is found in text. `[PAD]` in a table's cell is a word like any other.
        "added_tokens": [{
            "id": SEP, "content": SPECIAL_TOKENS[SEP as usize], "special": true,
            "single_word": false, "lstrip": false, "rstrip": false, "normalized": false
        }],
        "normalizer": null,
        "pre_tokenizer": pre_tokenizer,
        "post_processor": null,
        "decoder": byte_level_document(),
        "model": {
            "type": "BPE",
            "dropout": null,
            "unk_token": null,
            "continuing_subword_prefix": null,
            "end_of_word_suffix": null,
            "fuse_unk": false,
            "byte_fallback": false,
            "ignore_merges": false,
            "vocab": vocab,
            "merges": merges
        }
    }))
}

fn pre_tokenizer_document() -> Value {
    json!({
        "type": "Sequence",
        "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": SPLIT_PATTERN }, "behavior": "Isolated", "invert": false },
            byte_level_document()
        ]
    })
}

fn byte_level_document() -> Value {
    json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false })
}

/// How often each piece occurs, each byte written as its character of the byte-level alphabet. Sorted, so that
/// nothing after this depends on threads or hash maps.
fn count_words(
    mut texts: impl Iterator<Item = Result<String>>,
    pre_tokenizer: &Value,
    progress: &dyn Progress,
) -> Result<BTreeMap<String, u64>> {
    let failed = |error: &dyn std::fmt::Display| DataError::Tokenizer(error.to_string());
    let pre_tokenizer: PreTokenizerWrapper =
        serde_json::from_value(pre_tokenizer.clone()).map_err(|error| failed(&error))?;
    let total = texts.size_hint().1.unwrap_or(0) as u64;
    let task = Task::start(progress, "counting words", total, Unit::Samples);
    let mut counts = BTreeMap::<String, u64>::new();
    loop {
        let chunk = texts.by_ref().take(CHUNK).collect::<Result<Vec<String>>>()?;
        if chunk.is_empty() {
            return Ok(counts);
        }
        let count = |mut counts: HashMap<String, u64>, text: &String| {
            // The separator is a token of its own: no word reaches across it.
            for part in text.split(SPECIAL_TOKENS[SEP as usize]) {
                let mut pieces = PreTokenizedString::from(part);
                pre_tokenizer.pre_tokenize(&mut pieces)?;
                for (piece, ..) in pieces.get_splits(OffsetReferential::Original, OffsetType::Byte) {
                    match counts.get_mut(piece) {
                        Some(count) => *count += 1,
                        None => {
                            counts.insert(piece.to_owned(), 1);
                        }
                    }
                }
            }
            Ok::<_, tokenizers::Error>(counts)
        };
        let parts: Vec<_> = chunk.par_iter().try_fold(HashMap::new, count).collect();
        for part in parts {
            for (word, count) in part.map_err(|error| failed(&error))? {
                *counts.entry(word).or_default() += count;
            }
        }
        task.advance(chunk.len() as u64);
    }
}

type Pair = (u32, u32);

/// How often a pair of neighbours occurs, and the words it may occur in (some may have lost it since).
#[derive(Default)]
struct Occurrences {
    count: u64,
    words: Vec<u32>,
}

/// Merges the most frequent pair of neighbours into a new token, over and over, until there are `vocab_size` tokens or
/// no pair is frequent enough. Appends to `tokens`; returns the merges in order. Equally frequent pairs are merged in
/// the order of their ids, so the result depends on the words alone.
fn learn_merges(words: BTreeMap<String, u64>, tokens: &mut Vec<String>, vocab_size: usize) -> Vec<Pair> {
    let mut ids: HashMap<String, u32> = tokens.iter().cloned().zip(0..).collect();
    let mut words: Vec<(Vec<u32>, u64)> = words
        .into_iter()
        .map(|(word, count)| {
            (word.chars().filter_map(|c| ids.get(c.encode_utf8(&mut [0; 4])).copied()).collect(), count)
        })
        .collect();
    let mut pairs = HashMap::<Pair, Occurrences>::new();
    for (index, (word, count)) in words.iter().enumerate() {
        for pair in neighbours(word) {
            let occurrences = pairs.entry(pair).or_default();
            occurrences.count += count;
            if occurrences.words.last() != Some(&(index as u32)) {
                occurrences.words.push(index as u32);
            }
        }
    }
    // Counts that fall are put right when they come up; counts that rise are pushed anew.
    let mut queue: BinaryHeap<(u64, Reverse<Pair>)> =
        pairs.iter().map(|(&pair, occurrences)| (occurrences.count, Reverse(pair))).collect();
    let mut merges = Vec::new();
    let mut merged = HashSet::new();
    while tokens.len() < vocab_size {
        let Some((count, Reverse(pair))) = queue.pop() else { break };
        let current = pairs.get(&pair).map_or(0, |occurrences| occurrences.count);
        if count < MIN_FREQUENCY {
            break;
        }
        if current != count {
            if current < count {
                queue.push((current, Reverse(pair)));
            }
            continue;
        }
        let text = format!("{}{}", tokens[pair.0 as usize], tokens[pair.1 as usize]);
        // Two pairs can spell the same token (`a` + `bc`, `ab` + `c`); it keeps its id.
        let new = *ids.entry(text.clone()).or_insert_with(|| {
            tokens.push(text);
            tokens.len() as u32 - 1
        });
        if merged.insert(pair) {
            merges.push(pair);
        }
        let mut places = pairs.remove(&pair).unwrap_or_default().words;
        places.sort_unstable();
        places.dedup();
        let mut risen = Vec::new();
        for index in places {
            let (word, count) = &mut words[index as usize];
            if !neighbours(word).any(|found| found == pair) {
                continue;
            }
            for old in neighbours(word) {
                if let Some(occurrences) = pairs.get_mut(&old) {
                    occurrences.count -= *count;
                }
            }
            merge(word, pair, new);
            for found in neighbours(word) {
                let occurrences = pairs.entry(found).or_default();
                occurrences.count += *count;
                // Only pairs with the new token can be new to this word.
                if found.0 == new || found.1 == new {
                    occurrences.words.push(index);
                    risen.push(found);
                }
            }
        }
        risen.sort_unstable();
        risen.dedup();
        queue.extend(risen.into_iter().map(|pair| (pairs[&pair].count, Reverse(pair))));
    }
    merges
}

fn neighbours(word: &[u32]) -> impl Iterator<Item = Pair> {
    word.windows(2).map(|pair| (pair[0], pair[1]))
}

/// Replaces each occurrence of `pair` by `new`, from left to right.
fn merge(word: &mut Vec<u32>, pair: Pair, new: u32) {
    let mut kept = 0;
    let mut at = 0;
    while at < word.len() {
        let here = word[at] == pair.0 && word.get(at + 1) == Some(&pair.1);
        word[kept] = if here { new } else { word[at] };
        kept += 1;
        at += if here { 2 } else { 1 };
    }
    word.truncate(kept);
}
