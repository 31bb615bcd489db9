//! What a model is trained on: generated columns, mixed with copies of columns of the built-in labelled tables.
//!
//! A copy has a different random sample of the column's cells, in their order or shuffled, and may be corrupted like cells in
//! real tables. Some copies lose their name if the values identify their type; in others, the name is respelt.

use std::io::{self, Write};

use drivetrain_random::{Draws, Random};
use rayon::prelude::*;
use tabular_sense_tables::is_missing;

use crate::column_names::{meaningless, respelt};
use crate::corruption::corrupt;
use crate::generator::{GeneratorConfig, how_many};
use crate::nameless::nameless;
use crate::sample::ColumnSample;
use crate::written::{WrittenColumn, training_columns};

/// Number of samples that are generated between two writes.
const CHUNK: u64 = 4096;

/// Generated columns, mixed with copies of columns of the built-in labelled tables.
#[derive(Clone, Copy, Debug)]
pub struct Mixture {
    /// The generated ones.
    pub generated: GeneratorConfig,
    /// Number of copies of each column that is not held out; 0 leaves the built-in tables out.
    pub copies: usize,
}

impl From<GeneratorConfig> for Mixture {
    fn from(generated: GeneratorConfig) -> Self {
        Self { generated, copies: 0 }
    }
}

impl Mixture {
    /// The total number of samples.
    #[must_use]
    pub fn total(self) -> u64 {
        self.generated.total() + self.written()
    }

    /// How many of them are copies of columns of the built-in tables.
    fn written(self) -> u64 {
        match self.copies {
            0 => 0,
            copies => (copies * training_columns().len()) as u64,
        }
    }

    /// How many of the first `i` samples are copies; the copies are spread evenly.
    fn written_before(self, i: u64) -> u64 {
        (u128::from(i) * u128::from(self.written()) / u128::from(self.total().max(1))) as u64
    }

    /// Whether sample `i` is a copy of a column of a built-in table.
    #[must_use]
    pub fn is_written(self, i: u64) -> bool {
        self.written_before(i + 1) > self.written_before(i)
    }

    /// Sample `i`: a pure function of the mixture and `i`.
    #[must_use]
    pub fn sample(self, i: u64) -> ColumnSample {
        let written = self.written_before(i);
        if !self.is_written(i) {
            return self.generated.sample(i - written);
        }
        let columns = training_columns();
        let mut draw = Random::new(self.generated.seed, "written").at(written).draws();
        copy(columns[(written % columns.len() as u64) as usize], &mut draw)
    }
}

/// A copy of a column of a built-in table, with a new random sample of its values.
fn copy(column: &WrittenColumn<'_>, draw: &mut Draws) -> ColumnSample {
    let fair = cells(column, draw);
    let values = if draw.chance(0.5) { corrupt(draw, fair.clone()) } else { fair.clone() };
    let sample = |name: String| ColumnSample { name, values: values.clone(), labels: column.labels };
    match draw.below(20) {
        0..=5 if tells_itself(&column.values) => sample(meaningless(draw)),
        0 | 1 if is_numeric(&column.values) => {
            ColumnSample { name: meaningless(draw), labels: nameless(&fair), values }
        }
        4..=8 => sample(respelt(draw, column.name)),
        _ => sample(column.name.to_owned()),
    }
}

/// Some of the cells; in half of the cases, in their original order.
fn cells(column: &WrittenColumn<'_>, draw: &mut Draws) -> Vec<String> {
    let n = how_many(draw).min(column.values.len());
    let mut rows: Vec<usize> = (0..column.values.len()).collect();
    draw.shuffle(&mut rows);
    rows.truncate(n);
    if draw.chance(0.5) {
        rows.sort_unstable();
    }
    rows.into_iter().map(|row| column.values[row].to_owned()).collect()
}

/// Whether a value consists only of characters that occur in numbers, including signs and percent.
fn is_number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || b" .,+-%".contains(&byte))
}

/// How many of the values that are not missing are numbers, and how many are not missing.
fn numbers(values: &[&str]) -> (usize, usize) {
    let present = values.iter().map(|value| value.trim()).filter(|value| !is_missing(value));
    present.fold((0, 0), |(numbers, all), value| (numbers + usize::from(is_number(value)), all + 1))
}

/// Whether the values identify what the column means, without its name: fewer than three in ten are bare numbers.
fn tells_itself(values: &[&str]) -> bool {
    let (numbers, all) = numbers(values);
    all > 0 && 10 * numbers < 3 * all
}

fn is_numeric(values: &[&str]) -> bool {
    let (numbers, all) = numbers(values);
    all > 0 && numbers == all
}

/// Writes all samples as JSON lines; the bytes do not depend on the number of threads. `progress` is called with the number of
/// samples written since the last call. Returns the number of samples.
///
/// # Errors
/// When `out` cannot be written.
pub fn generate(
    mixture: impl Into<Mixture>,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64) -> io::Result<()>,
) -> io::Result<u64> {
    let mixture = mixture.into();
    let total = mixture.total();
    for from in (0..total).step_by(CHUNK as usize) {
        let to = (from + CHUNK).min(total);
        let lines: Vec<String> = (from..to).into_par_iter().map(|i| mixture.sample(i).to_json_line()).collect();
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
    use crate::semantic_type::{SemanticType, TypeSet};
    use crate::written::written_tables;

    const GENERATED: GeneratorConfig = GeneratorConfig { per_type: 60, seed: 3 };

    #[test]
    fn the_bytes_do_not_depend_on_the_threads() {
        let config = Mixture { generated: GeneratorConfig { per_type: 150, seed: 3 }, copies: 1 };
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
    fn without_copies_the_samples_are_the_generators() {
        let mixture = Mixture::from(GENERATED);
        assert_eq!(mixture.total(), GENERATED.total());
        assert!((0..mixture.total()).all(|i| !mixture.is_written(i) && mixture.sample(i) == GENERATED.sample(i)));
    }

    #[test]
    fn every_written_column_has_its_copies_and_every_generated_sample_is_there() {
        let mixture = Mixture { generated: GENERATED, copies: 2 };
        let written = (0..mixture.total()).filter(|i| mixture.is_written(*i)).count();
        assert_eq!(written, 2 * training_columns().len());
        let generated: Vec<ColumnSample> =
            (0..mixture.total()).filter(|i| !mixture.is_written(*i)).map(|i| mixture.sample(i)).collect();
        let expected: Vec<ColumnSample> = (0..GENERATED.total()).map(|i| GENERATED.sample(i)).collect();
        assert_eq!(generated, expected);
    }

    #[test]
    fn no_cell_of_a_table_held_out_is_in_a_copy_unless_another_table_has_it() {
        let of = |is_held_out: bool| {
            let tables = written_tables().iter().filter(move |table| table.is_held_out() == is_held_out);
            tables.flat_map(|table| &table.columns).map(|column| (column.name, column.values.clone()))
        };
        let trained: BTreeSet<_> =
            training_columns().iter().map(|column| (column.name, column.values.clone())).collect();
        let kept: BTreeSet<_> = of(false).collect();
        assert!(of(true).all(|column| !trained.contains(&column) || kept.contains(&column)));
    }

    #[test]
    fn copies_differ_and_keep_their_types_unless_only_the_name_tells_them() {
        let column = training_columns()
            .iter()
            .find(|column| !column.labels.is_empty() && tells_itself(&column.values) && column.name.is_ascii())
            .unwrap();
        let copies: Vec<ColumnSample> =
            (0..200).map(|seed| copy(column, &mut Random::new(seed, "test").draws())).collect();
        assert!(copies.iter().all(|copy| copy.labels == column.labels && !copy.values.is_empty()));
        assert!(copies.iter().map(|copy| &copy.values).collect::<BTreeSet<_>>().len() > 150);
        let named = copies.iter().filter(|copy| copy.name == column.name).count();
        assert!((80..180).contains(&named), "{named}");

        let price = WrittenColumn {
            name: "price",
            values: vec![
                "12.5", "3.0", "8.25", "12.5", "3.0", "8.25", "1.5", "2.5", "4.5", "9.5", "7.5", "6.5", "5.5", "1.25",
            ],
            labels: TypeSet::of(&[SemanticType::Amount, SemanticType::Float]),
            is_disputed: false,
        };
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for seed in 0..400 {
            let copy = copy(&price, &mut Random::new(seed, "test").draws());
            *seen.entry(copy.labels.to_string()).or_default() += 1;
        }
        assert!(seen["amount,float"] > 300 && seen["float"] > 10, "{seen:?}");
    }
}
