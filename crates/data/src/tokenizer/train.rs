//! Learning a byte-level BPE vocabulary, and the `tokenizer.json` it becomes.
//!
//! The merges are learned here and not by the `tokenizers` library: the library breaks ties in the order of a randomly
//! seeded hash map, but the same texts must give the same tokenizer.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use foldhash::fast::FixedState;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::document::{byte_alphabet, document};
use super::split::pieces;
use crate::error::{DataError, Result};
use crate::progress::{Progress, Task, Unit, Work};
use crate::tokenizer::{SEP, SPECIAL_TOKENS, UNK};

/// A pair seen only once is not worth a token.
const MIN_FREQUENCY: u64 = 2;
/// How many texts are held in memory at a time.
const CHUNK: usize = 4096;

/// Each word and how often it occurs.
type Words = HashMap<String, u64, FixedState>;

/// The whole `tokenizer.json` of a tokenizer trained on `texts`.
pub(crate) fn train_document(
    texts: impl Iterator<Item = Result<String>>,
    vocab_size: usize,
    progress: &dyn Progress,
) -> Result<Value> {
    let mut alphabet = byte_alphabet();
    alphabet.sort_unstable();
    let smallest = SPECIAL_TOKENS.len() + alphabet.len();
    if vocab_size < smallest || u32::try_from(vocab_size).is_err() {
        return Err(DataError::Config(format!(
            "expected a vocabulary of at least {smallest} tokens (the special ones and the 256 bytes), found {vocab_size}"
        )));
    }
    let mut tokens: Vec<String> = SPECIAL_TOKENS.iter().map(ToString::to_string).collect();
    tokens.extend(alphabet.iter().map(char::to_string));
    let words = count_words(texts, progress)?;
    let merges = learn_merges(words, &mut tokens, vocab_size, progress)?;
    let vocab: serde_json::Map<String, Value> =
        tokens.iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
    let merges: Vec<[&str; 2]> = merges.iter().map(|&(a, b)| [&*tokens[a as usize], &*tokens[b as usize]]).collect();
    Ok(document(Value::Object(vocab), json!(merges)))
}

/// How often each piece occurs.
fn count_words(mut texts: impl Iterator<Item = Result<String>>, progress: &dyn Progress) -> Result<Words> {
    let total = texts.size_hint().1.unwrap_or(0) as u64;
    let task = Task::start(progress, Work::CountingWords, total, Unit::Samples);
    let mut counts = Words::default();
    loop {
        let chunk = texts.by_ref().take(CHUNK).collect::<Result<Vec<String>>>()?;
        if chunk.is_empty() {
            return Ok(counts);
        }
        // The same words occur again and again: they are counted where they stand in the texts, and a word is copied
        // only if no earlier text contained it.
        let parts: Vec<_> =
            chunk.par_iter().fold(HashMap::default, |counts, text| count_pieces(counts, text)).collect();
        for (word, count) in parts.into_iter().flatten() {
            match counts.get_mut(word) {
                Some(known) => *known += count,
                None => {
                    counts.insert(word.to_owned(), count);
                }
            }
        }
        task.advance(chunk.len() as u64)?;
    }
}

fn count_pieces<'a>(mut counts: HashMap<&'a str, u64, FixedState>, text: &'a str) -> HashMap<&'a str, u64, FixedState> {
    // The separator is a token of its own: no word reaches across it.
    for part in text.split(SPECIAL_TOKENS[SEP as usize]) {
        pieces(part).for_each(|piece| *counts.entry(piece).or_default() += 1);
    }
    counts
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
fn learn_merges(
    words: Words,
    tokens: &mut Vec<String>,
    vocab_size: usize,
    progress: &dyn Progress,
) -> Result<Vec<Pair>> {
    let task = Task::start(progress, Work::LearningMerges, (vocab_size - tokens.len()) as u64, Unit::Tokens);
    let mut ids: HashMap<String, u32> = tokens.iter().cloned().zip(0..).collect();
    let byte_ids = byte_alphabet().map(|c| ids.get(c.encode_utf8(&mut [0; 4])).copied().unwrap_or(UNK));
    let mut words: Vec<(Vec<u32>, u64)> = words
        .into_iter()
        .map(|(word, count)| (word.bytes().map(|byte| byte_ids[byte as usize]).collect(), count))
        .collect();
    let mut pairs = HashMap::<Pair, Occurrences, FixedState>::default();
    for (index, (word, count)) in words.iter().enumerate() {
        for pair in neighbours(word) {
            let occurrences = pairs.entry(pair).or_default();
            occurrences.count += count;
            if occurrences.words.last() != Some(&(index as u32)) {
                occurrences.words.push(index as u32);
            }
        }
    }
    // Counts that fall are corrected when they reach the front of the queue; counts that rise are pushed again.
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
        let before = tokens.len();
        let new = *ids.entry(text.clone()).or_insert_with(|| {
            tokens.push(text);
            tokens.len() as u32 - 1
        });
        task.advance((tokens.len() - before) as u64)?;
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
    Ok(merges)
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
