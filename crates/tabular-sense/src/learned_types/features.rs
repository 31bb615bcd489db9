//! A column as a sparse vector: hashed n-grams of its values, of their words and shapes and of its name, and the network's
//! vector of the column.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use tabular_sense_synth::words_of;

use super::concepts::Belonging;
use crate::input::{clean, heading};

/// Buckets that n-grams are hashed into; the ids of other features follow.
pub(super) const BUCKETS: u32 = 1 << 17;

/// Maximum number of cells of a column that are read.
pub(super) const CELLS: usize = 24;

/// Maximum number of characters of a cell that are read.
const LONG: usize = 192;

/// Maximum number of characters of a cell that the network reads.
const SHORT: usize = 64;

/// Longest n-gram of values and names, in characters.
const LONGEST: usize = 4;

/// Features, sorted by id.
pub(super) type Row = Vec<(u32, f32)>;

/// The weight of each kind of feature: each kind is scaled to a vector of this length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockWeights {
    /// n-grams of the values' characters.
    pub values: f32,
    /// Words of the values.
    pub words: f32,
    /// n-grams of the values' shapes, such as `AA-9999`.
    pub shapes: f32,
    /// n-grams of the name's characters.
    pub name: f32,
    /// The vector that the network computes for the column.
    pub network: f32,
    /// The kinds that its values and its name belong to.
    #[serde(default)]
    pub concepts: f32,
}

impl BlockWeights {
    /// For a few examples of each label.
    pub(crate) const FEW: Self = Self { values: 1.0, words: 0.0, shapes: 0.0, name: 1.0, network: 0.5, concepts: 1.0 };
    /// For ten or more examples of each label, which are enough for more kinds of features.
    pub(crate) const MANY: Self = Self { values: 1.0, words: 1.0, shapes: 1.0, name: 1.0, network: 1.0, concepts: 0.0 };

    const fn of(self, kind: Kind) -> f32 {
        match kind {
            Kind::Values => self.values,
            Kind::Words => self.words,
            Kind::Shapes => self.shapes,
            Kind::Name => self.name,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Values,
    Words,
    Shapes,
    Name,
}

pub(super) const KINDS: [Kind; 4] = [Kind::Values, Kind::Words, Kind::Shapes, Kind::Name];

/// The counts of n-grams, for each kind of feature.
#[derive(Clone, Default)]
pub(super) struct Counts([Vec<(u32, f32)>; 4]);

impl Counts {
    /// Counts the n-grams of a column.
    pub(super) fn of(name: &str, cells: &[&str]) -> Self {
        let cleaned: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        let lower: Vec<String> = cleaned.iter().map(|value| value.to_lowercase()).collect();
        let text = joined(lower.iter().map(String::as_str));
        let words = lower.iter().flat_map(|value| words(value)).collect::<Vec<&str>>();
        let shape = joined(
            cleaned
                .iter()
                .map(|value| value.chars().map(shape).collect::<String>())
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        );
        let name = name_text(name);
        Self([
            ngrams(Kind::Values, &text, LONGEST),
            counted(words.into_iter().map(|word| bucket(Kind::Words, word))),
            ngrams(Kind::Shapes, &shape, LONGEST + 1),
            ngrams(Kind::Name, &name, LONGEST),
        ])
    }

    /// The buckets that are not empty.
    pub(super) fn buckets(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flatten().map(|(bucket, _)| *bucket)
    }
}

/// The beginning of a cell, longer than what the network reads, because the words of long texts are informative.
fn plain(cell: &str) -> String {
    let chars: Vec<char> = cell.trim().chars().take(LONG).collect();
    // `clean` keeps only this many characters of a text.
    chars
        .chunks(SHORT)
        .map(|part| clean(&part.iter().collect::<String>()).into_owned())
        .collect::<Vec<String>>()
        .concat()
}

/// A name in lower case, with spaces between its words.
pub(super) fn name_text(name: &str) -> String {
    let shown = heading(name);
    let words = words_of(&clean(&shown));
    if words.is_empty() { String::new() } else { joined(std::iter::once(words.join(" ").as_str())) }
}

fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::from("\u{1}");
    for value in values {
        text.push_str(value);
        text.push('\u{1}');
    }
    text
}

/// Words of letters and digits; in Chinese text, all pairs of consecutive characters.
fn words(value: &str) -> Vec<&str> {
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let parts = value.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let mut found = Vec::new();
    for part in parts {
        if !part.contains(is_han) {
            found.push(part);
            continue;
        }
        let starts: Vec<usize> = part.char_indices().map(|(at, _)| at).chain([part.len()]).collect();
        found.extend(starts.windows(3).map(|bounds| &part[bounds[0]..bounds[2]]));
    }
    found
}

fn shape(c: char) -> char {
    match c {
        '0'..='9' => '9',
        'A'..='Z' => 'A',
        'a'..='z' => 'a',
        '\u{4E00}'..='\u{9FFF}' => '汉',
        c if c.is_alphabetic() => 'u',
        c => c,
    }
}

fn ngrams(kind: Kind, text: &str, longest: usize) -> Vec<(u32, f32)> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let grams = (1..=longest).flat_map(|n| starts.windows(n + 1).map(move |bounds| (bounds[0], bounds[n])));
    counted(grams.map(|(from, to)| bucket(kind, &text[from..to])))
}

fn counted(buckets: impl Iterator<Item = u32>) -> Vec<(u32, f32)> {
    let mut counts: HashMap<u32, f32, RandomState> = HashMap::with_hasher(RandomState::default());
    buckets.for_each(|bucket| *counts.entry(bucket).or_default() += 1.0);
    let mut counts: Vec<(u32, f32)> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(bucket, _)| *bucket);
    counts
}

/// The bucket of an n-gram. It is computed with FNV-1a, which never changes.
fn bucket(kind: Kind, gram: &str) -> u32 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ (kind as u64 + 1);
    let hash = gram.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    ((hash ^ (hash >> 32)) as u32) & (BUCKETS - 1)
}

/// A column after reading: its n-grams, and the network's vectors of it with and without its name.
#[derive(Clone)]
pub(crate) struct ReadColumn {
    pub(super) counts: Counts,
    pub(super) concepts: Belonging,
    pub(super) name_concepts: Belonging,
    pub(super) network: Vec<f32>,
    pub(super) nameless_network: Vec<f32>,
    /// The mean of the network's vectors of the table's other columns, without their names; `None` if there are no other
    /// columns.
    pub(super) context_network: Option<Vec<f32>>,
    /// The other columns.
    pub(crate) context: Vec<ReadColumn>,
}

/// Turns the n-grams of a column into features.
#[derive(Clone)]
pub(super) struct Vectorizer {
    /// The weight of each bucket; n-grams that occur in many columns have a low weight.
    pub(super) idf: Vec<f32>,
    /// The mean of each component of the network's vector.
    pub(super) mean: Vec<f32>,
    /// For each component of the network's vector, 1 over its standard deviation.
    pub(super) scale: Vec<f32>,
    pub(super) weights: BlockWeights,
}

impl Vectorizer {
    /// Fits the weights, means and scales to columns.
    pub(super) fn fit<'a>(columns: impl Iterator<Item = &'a ReadColumn> + Clone, weights: BlockWeights) -> Self {
        let mut seen = vec![0_u32; BUCKETS as usize];
        let mut count = 0_u32;
        for column in columns.clone() {
            column.counts.buckets().for_each(|bucket| seen[bucket as usize] += 1);
            count += 1;
        }
        let idf = |seen: u32| ((1.0 + f64::from(count)) / (1.0 + f64::from(seen))).ln() + 1.0;
        let width = columns.clone().next().map_or(0, |column| column.network.len());
        let (mut sum, mut squares) = (vec![0.0_f64; width], vec![0.0_f64; width]);
        for column in columns {
            for ((value, sum), square) in column.network.iter().zip(&mut sum).zip(&mut squares) {
                *sum += f64::from(*value);
                *square += f64::from(*value).powi(2);
            }
        }
        let n = f64::from(count.max(1));
        let mean: Vec<f64> = sum.iter().map(|sum| sum / n).collect();
        let deviation = squares.iter().zip(&mean).map(|(square, mean)| (square / n - mean * mean).max(1e-6).sqrt());
        let scale = deviation.map(|deviation| (1.0 / deviation) as f32).collect();
        Self {
            idf: seen.into_iter().map(|seen| idf(seen) as f32).collect(),
            mean: mean.into_iter().map(|mean| mean as f32).collect(),
            scale,
            weights,
        }
    }

    /// The features of a column, with or without those of its name.
    pub(super) fn row(&self, column: &ReadColumn, with_name: bool) -> Row {
        let mut row = self.row_of_column(column, with_name);
        row.extend(self.kinds(column, with_name));
        row
    }

    fn row_of_column(&self, column: &ReadColumn, with_name: bool) -> Row {
        let mut row: Row = Vec::new();
        for (kind, counts) in KINDS.into_iter().zip(&column.counts.0) {
            let weight = self.weights.of(kind);
            if weight == 0.0 || (kind == Kind::Name && !with_name) {
                continue;
            }
            row.extend(self.weighed(counts, weight));
        }
        merge(&mut row);
        let vector = if with_name { &column.network } else { &column.nameless_network };
        self.push_vector(&mut row, BUCKETS, vector, self.weights.network);
        row
    }

    /// The features for a column's kinds, whose ids are larger than all others.
    fn kinds(&self, column: &ReadColumn, with_name: bool) -> Row {
        if self.weights.concepts == 0.0 {
            return Row::new();
        }
        let of_name = if with_name { column.name_concepts.as_slice() } else { &[] };
        let scaled = |belonging: &[(u32, f32)]| {
            // Limits the weight if only a few values belong to the kinds, because they say little.
            let length = belonging.iter().map(|(_, share)| share * share).sum::<f32>().sqrt().max(LEAST_BELONGING);
            let weight = self.weights.concepts / length;
            belonging.iter().map(|(id, share)| (*id, share * weight)).collect::<Row>()
        };
        let mut row = [scaled(&column.concepts), scaled(of_name)].concat();
        merge(&mut row);
        row
    }

    /// The shapes of a column's values as a vector of length 1.
    pub(super) fn shapes(&self, column: &ReadColumn) -> Row {
        self.weighed(&column.counts.0[Kind::Shapes as usize], 1.0)
    }

    /// Weights n-grams, rare ones more heavily, and scales the result to the length `length`.
    fn weighed(&self, counts: &[(u32, f32)], length: f32) -> Row {
        let weigh = |(bucket, count): &(u32, f32)| (*bucket, (1.0 + count.ln()) * self.idf[*bucket as usize]);
        let mut row: Row = counts.iter().map(weigh).collect();
        let scale = length / row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-9);
        row.iter_mut().for_each(|(_, value)| *value *= scale);
        row
    }

    /// Appends a vector of the network, standardised and scaled to a length of about `weight`.
    fn push_vector(&self, row: &mut Row, first: u32, vector: &[f32], weight: f32) {
        let share = weight / (vector.len().max(1) as f32).sqrt();
        let standard =
            vector.iter().zip(&self.mean).zip(&self.scale).map(|((value, mean), scale)| (value - mean) * scale);
        row.extend((first..).zip(standard).map(|(id, value)| (id, value * share)));
    }

    /// [`row`](Self::row), extended with what is known about the table's other columns: the network's vector of them, and their
    /// probable labels, given in `likely` for each column.
    pub(super) fn row_in_context(&self, column: &ReadColumn, likely: &[Vec<f32>]) -> Row {
        let mut row = self.row_of_column(column, true);
        let width = self.mean.len() as u32;
        if let Some(vector) = &column.context_network {
            self.push_vector(&mut row, BUCKETS + width, vector, 1.0);
        }
        let first = BUCKETS + 2 * width;
        let n_labels = likely.first().map_or(0, Vec::len);
        for (at, kind) in [(0, true), (n_labels, false)] {
            row.extend((0..n_labels).map(|label| {
                let of_columns = likely.iter().map(|of| of[label]);
                let value = match kind {
                    true => of_columns.fold(0.0, f32::max),
                    false => of_columns.sum::<f32>() / likely.len() as f32,
                };
                (first + (at + label) as u32, value * LIKELY)
            }));
        }
        row.extend(self.kinds(column, true));
        row
    }
}

/// If the vector of a column's kinds is shorter than this, it is not scaled up to full weight.
const LEAST_BELONGING: f32 = 0.5;

/// Sorts a row by id, and adds up values with the same id.
fn merge(row: &mut Row) {
    row.sort_unstable_by_key(|(id, _)| *id);
    row.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
}

/// The similarity of two rows of length 1: their dot product, from 0 (nothing in common) to 1.
pub(super) fn likeness(one: &Row, other: &Row) -> f64 {
    let (mut at, mut sum) = (0, 0.0);
    for (id, value) in one {
        while other.get(at).is_some_and(|(of, _)| of < id) {
            at += 1;
        }
        if let Some((_, with)) = other.get(at).filter(|(of, _)| of == id) {
            sum += f64::from(value * with);
        }
    }
    sum
}

/// The weight of the probable labels of the other columns.
const LIKELY: f32 = 0.6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_of_letters_and_digits_and_of_chinese_pairs() {
        assert_eq!(words("red, wine-glass 12"), ["red", "wine", "glass", "12"]);
        assert_eq!(words("深圳市"), ["深圳", "圳市"]);
        assert!(words("—, ").is_empty());
    }

    #[test]
    fn a_bucket_never_changes() {
        // Stored files of learned types depend on these hashes.
        assert_eq!(bucket(Kind::Values, "ab"), bucket(Kind::Values, "ab"));
        assert_ne!(bucket(Kind::Values, "ab"), bucket(Kind::Shapes, "ab"));
        assert_eq!([bucket(Kind::Values, "a"), bucket(Kind::Name, "编号")], BUCKETS_OF_TWO);
    }

    const BUCKETS_OF_TWO: [u32; 2] = [13_171, 10_885];
}
