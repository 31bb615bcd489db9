//! Sample columns of all 32 types, and of none of them: seeded, streaming, parallel.
//!
//! To add a way in which a type is written, add one line to the type's table of `Variant`s; to add a type, give it a
//! table and a line in `variants`. Word lists lie under `data/`.

mod calendar;
pub mod checksum;
mod coordinate;
mod corruption;
mod datetime;
mod demographics;
mod identity;
mod leisure;
mod money;
mod name_match;
mod names;
mod people;
mod places;
mod plate;
mod quantity;
mod recognisers;
pub mod sample;
mod status;
mod texts;
mod time;
pub mod types;
mod untyped;
mod web;
mod words;

use std::io::{self, Write};

use drivetrain_random::{Draws, Random};
use rayon::prelude::*;

pub use name_match::{name_match, type_called, words_of};
pub use names::column_names;
use recognisers::nameless;
pub use recognisers::recognised;
pub use web::pinyin;
pub use words::{is_given_name, is_known, is_surname, lines_of};

use crate::sample::ColumnSample;
use crate::types::{SemanticType, TypeSet};

/// Rises when the same seed gives other samples than before.
pub const VERSION: u32 = 4;

/// Most values per sample; `predict` draws as many from a table's column.
const VALUES: usize = 10;

/// Samples generated between two writes.
const CHUNK: u64 = 4096;

/// One way in which a column of a type is written.
struct Variant {
    /// How often, in proportion to the type's other variants.
    weight: u32,
    /// The type, and `int` or `float` beside it where numbers are quantities.
    labels: &'static [SemanticType],
    /// Whether the values alone tell the type. Where they do not (a plain number is an amount only by its name), a
    /// sample with a meaningless name has only the labels that [`nameless`] finds.
    evident: bool,
    /// Makes n cells. It draws what the column shares first: separator, unit, language.
    values: fn(&mut Draws, usize) -> Vec<String>,
}

/// A variant whose values tell the type.
const fn clear(weight: u32, labels: &'static [SemanticType], values: fn(&mut Draws, usize) -> Vec<String>) -> Variant {
    Variant { weight, labels, evident: true, values }
}

/// A variant whose type only the name tells.
const fn by_name(
    weight: u32,
    labels: &'static [SemanticType],
    values: fn(&mut Draws, usize) -> Vec<String>,
) -> Variant {
    Variant { weight, labels, evident: false, values }
}

/// The ways in which a type is written.
fn variants(label: SemanticType) -> &'static [Variant] {
    use SemanticType as T;
    match label {
        T::Name => people::NAME,
        T::Username => people::USERNAME,
        T::Email => web::EMAIL,
        T::Url => web::URL,
        T::Useragent => web::USERAGENT,
        T::Job => demographics::JOB,
        T::Gender => demographics::GENDER,
        T::Ethnicity => demographics::ETHNICITY,
        T::Education => demographics::EDUCATION,
        T::State => status::STATE,
        T::Priority => status::PRIORITY,
        T::Boolean => status::BOOLEAN,
        T::Age => demographics::AGE,
        T::IdCard => identity::ID_CARD,
        T::Phone => identity::PHONE,
        T::BankCard => identity::BANK_CARD,
        T::Amount => money::AMOUNT,
        T::Coordinate => coordinate::COORDINATE,
        T::Plate => plate::PLATE,
        T::Date => time::DATE,
        T::Time => time::TIME,
        T::Datetime => datetime::DATETIME,
        T::Ip => web::IP,
        T::Int => quantity::INT,
        T::Float => quantity::FLOAT,
        T::Percent => quantity::PERCENT,
        T::Address => places::ADDRESS,
        T::Residential => places::RESIDENTIAL,
        T::Company => places::COMPANY,
        T::Hospital => places::HOSPITAL,
        T::Recreation => leisure::RECREATION,
        T::Shopping => leisure::SHOPPING,
    }
}

/// How much, and which.
#[derive(Clone, Copy, Debug)]
pub struct GeneratorConfig {
    /// Samples of each of the 32 types.
    pub per_type: usize,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

impl GeneratorConfig {
    /// All samples, with those of none of the types: one in six, as in the wild.
    #[must_use]
    pub const fn total(self) -> u64 {
        let typed = self.per_type * SemanticType::ALL.len();
        (typed + typed / 5) as u64
    }

    /// Sample `i` of the file: a pure function of (seed, i). The types take turns, and every sixth is of none.
    #[must_use]
    pub fn sample(self, i: u64) -> ColumnSample {
        self.column(i, how_many)
    }

    /// A column of the kinds that sample `i` is one of, with `n` cells.
    #[must_use]
    pub fn long_sample(self, i: u64, n: usize) -> ColumnSample {
        self.column(i, |_| n)
    }

    fn column(self, i: u64, size: impl FnOnce(&mut Draws) -> usize) -> ColumnSample {
        let mut draw = Random::new(self.seed, "sample").at(i).draws();
        let n = size(&mut draw);
        if i % 6 == 5 {
            return untyped(&mut draw, n);
        }
        let turn = i - i / 6;
        typed(SemanticType::ALL[(turn % SemanticType::ALL.len() as u64) as usize], &mut draw, n)
    }
}

fn typed(label: SemanticType, draw: &mut Draws, n: usize) -> ColumnSample {
    let table = variants(label);
    let weights: Vec<u32> = table.iter().map(|variant| variant.weight).collect();
    let variant = &table[draw.weighted(&weights)];
    let fair = (variant.values)(draw, n);
    let values = corruption::corrupt(draw, fair.clone());
    if draw.chance(0.75) {
        let name = names::telling(label, draw);
        // A name alone may be all that there is, and tells one type only.
        if draw.chance(0.001) {
            return ColumnSample { name, values: vec![String::new()], labels: TypeSet::of(&[label]) };
        }
        return ColumnSample { name, values, labels: TypeSet::of(variant.labels) };
    }
    if variant.evident && draw.chance(0.05) {
        // The name of something else: values that tell what they are weigh more.
        let other = *draw.pick(&SemanticType::ALL);
        return ColumnSample { name: names::telling(other, draw), values, labels: TypeSet::of(variant.labels) };
    }
    let evident = if variant.evident { variant.labels } else { &[] };
    under_no_name(draw, &fair, values, TypeSet::of(evident))
}

/// A column under a name that tells nothing, or something else altogether: of the types that its values make `evident` and of
/// those that they allow. What they allow, they allow also with some of them missing or in brackets: `fair` are those before
/// corruption.
fn under_no_name(draw: &mut Draws, fair: &[String], values: Vec<String>, evident: TypeSet) -> ColumnSample {
    let mut labels = if evident.is_empty() { nameless(fair) } else { recognised(fair) };
    let is_of_something_else = draw.chance(0.22);
    // Numbers may be ages where several are seen, and where no word says that they are something else.
    let age = SemanticType::Age;
    if labels.contains(age) && (is_of_something_else || !recognised(&values).contains(age)) {
        labels.remove(age);
    }
    let name = if is_of_something_else { names::irrelevant(draw) } else { names::meaningless(draw) };
    ColumnSample { name, values, labels: labels.union(evident) }
}

fn untyped(draw: &mut Draws, n: usize) -> ColumnSample {
    if draw.chance(0.08) {
        let (name, values, labels) = untyped::named(draw, n);
        return ColumnSample { name, values: corruption::corrupt(draw, values), labels: TypeSet::of(labels) };
    }
    let (name, fair) = untyped::column(draw, n);
    let values = corruption::corrupt(draw, fair.clone());
    if draw.chance(0.75) {
        return ColumnSample { name, values, labels: TypeSet::EMPTY };
    }
    under_no_name(draw, &fair, values, TypeSet::EMPTY)
}

/// As many values as `predict` shows the model, mostly; now and then few or only one, as `ask` is given.
fn how_many(draw: &mut Draws) -> usize {
    match draw.below(10) {
        0..=6 => VALUES,
        7 | 8 => 1 + draw.below(VALUES),
        _ => 1 + draw.below(3),
    }
}

/// Writes all samples as JSON lines, in the same order and bytes whatever the number of threads. `progress` hears how
/// many more are written. Gives the number of samples.
///
/// # Errors
/// When `out` cannot be written.
pub fn generate(
    config: GeneratorConfig,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> io::Result<()>,
) -> io::Result<u64> {
    let total = config.total();
    for from in (0..total).step_by(CHUNK as usize) {
        let to = (from + CHUNK).min(total);
        let lines: Vec<String> = (from..to).into_par_iter().map(|i| config.sample(i).to_json_line()).collect();
        for line in lines {
            out.write_all(line.as_bytes())?;
            out.write_all(b"\n")?;
        }
        progress(to - from)?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_bytes_do_not_depend_on_the_threads() {
        let config = GeneratorConfig { per_type: 150, seed: 3 };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut out = Vec::new();
            let written = pool.install(|| generate(config, &mut out, &mut |_| Ok(()))).unwrap();
            assert_eq!(written, config.total());
            out
        };
        let one = run(1);
        assert_eq!(one, run(3));
        assert_eq!(one.iter().filter(|byte| **byte == b'\n').count() as u64, config.total());
    }

    #[test]
    fn every_type_is_as_frequent_and_every_sixth_column_is_of_none() {
        let config = GeneratorConfig { per_type: 60, seed: 1 };
        let mut telling = BTreeMap::new();
        for i in 0..config.total() {
            let sample = config.sample(i);
            assert!(!sample.values.is_empty() && sample.values.len() <= VALUES);
            for label in sample.labels.iter() {
                *telling.entry(label).or_insert(0) += 1;
            }
        }
        // At least the samples with a telling name carry their type.
        for label in SemanticType::ALL {
            assert!(telling.get(&label).is_some_and(|count| *count > 30), "{label}: {:?}", telling.get(&label));
        }
    }

    #[test]
    fn every_variant_of_every_type_makes_as_many_cells_as_asked_and_varies() {
        for label in SemanticType::ALL {
            for (index, variant) in variants(label).iter().enumerate() {
                assert!(variant.labels.contains(&label) && variant.weight > 0, "{label} {index}");
                let mut seen = BTreeSet::new();
                for seed in 0..40 {
                    let values = (variant.values)(&mut Random::new(seed, "test").draws(), 10);
                    assert_eq!(values.len(), 10, "{label} {index}");
                    seen.insert(values);
                }
                assert!(seen.len() >= 25, "{label} {index} makes only {} different columns of 40", seen.len());
            }
        }
    }

    #[test]
    fn a_meaningless_name_leaves_what_the_values_allow() {
        let config = GeneratorConfig { per_type: 4000, seed: 5 };
        let samples = (0..config.total()).map(|i| config.sample(i));
        let is_binary = |sample: &ColumnSample| {
            let is_digit = |value: &String| value == "0" || value == "1";
            sample.name.starts_with("col") && sample.values.len() > 3 && sample.values.iter().all(is_digit)
        };
        let binary: Vec<ColumnSample> = samples.filter(is_binary).take(20).collect();
        assert!(binary.len() >= 5);
        for sample in binary {
            let both = sample.values.contains(&"0".to_owned()) && sample.values.contains(&"1".to_owned());
            assert!(!both || sample.labels.to_string() == "boolean,int", "{sample:?}");
        }
    }
}
