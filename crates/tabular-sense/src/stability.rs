//! Does the same column always get the same answer? It is tested with its rows in other orders, and with other samples of its
//! cells.

use drivetrain::random::Random;
use serde::Serialize;

use crate::config::PredictConfig;
use crate::model::{Answer, Classifier, choose};

/// Number of answers that are compared for each column.
const TIMES: u64 = 10;

/// Maximum number of cells in a sample.
const SAMPLE: usize = 100;

/// A column with fewer cells is not sampled.
const ENOUGH: usize = 20;

/// How many columns get different answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Stability {
    /// Number of columns whose rows were put into ten different orders.
    pub reordered: usize,
    /// Those of them that did not get the same types each time.
    pub reordered_changed: usize,
    /// Number of columns with at least 20 cells; of each, ten samples of half of its cells, but at most 100, were taken.
    pub sampled: usize,
    /// Those of them that did not get the same types each time.
    pub sampled_changed: usize,
    /// The share of answers to samples that differ from the most frequent answer of their column.
    pub sampled_otherwise: f64,
}

impl Stability {
    /// Classifies each column in ten orders of its rows, and in ten samples of its cells.
    #[must_use]
    pub fn of(classifier: &Classifier, columns: &[(&str, &[String])], predict: &PredictConfig) -> Self {
        let enough: Vec<(&str, &[String])> =
            columns.iter().copied().filter(|(_, values)| values.len() >= ENOUGH).collect();
        let reordered = answers(classifier, columns, predict, |values| values.len());
        let sampled = answers(classifier, &enough, predict, |values| (values.len() / 2).min(SAMPLE));
        let changed =
            |answers: &[Vec<Vec<usize>>]| answers.iter().filter(|one| one.iter().any(|set| set != &one[0])).count();
        let otherwise: usize = sampled.iter().map(|one| one.len() - most_frequent(one)).sum();
        Self {
            reordered: reordered.len(),
            reordered_changed: changed(&reordered),
            sampled: sampled.len(),
            sampled_changed: changed(&sampled),
            sampled_otherwise: otherwise as f64 / (sampled.len() as u64 * TIMES).max(1) as f64,
        }
    }
}

impl std::fmt::Display for Stability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        writeln!(
            f,
            "{TIMES} orders of the rows: the types of {} of {} columns change ({:.2}%)",
            self.reordered_changed,
            self.reordered,
            percent(self.reordered_changed, self.reordered)
        )?;
        write!(
            f,
            "{TIMES} samples of half of the cells, {SAMPLE} at most: the types of {} of {} columns change ({:.2}%); {:.2}% of the \
             answers are not their column's usual one",
            self.sampled_changed,
            self.sampled,
            percent(self.sampled_changed, self.sampled),
            100.0 * self.sampled_otherwise
        )
    }
}

/// How often the most frequent of the answers occurs.
fn most_frequent(answers: &[Vec<usize>]) -> usize {
    answers.iter().map(|one| answers.iter().filter(|other| *other == one).count()).max().unwrap_or(0)
}

/// For each column, the types that are assigned to ten random selections of its cells, in random order.
fn answers(
    classifier: &Classifier,
    columns: &[(&str, &[String])],
    predict: &PredictConfig,
    size: impl Fn(&[String]) -> usize,
) -> Vec<Vec<Vec<usize>>> {
    let types = |answer: &Answer| {
        let given = choose(&answer.probabilities, Some(&answer.thresholds), None);
        let mut given: Vec<usize> = given.into_iter().map(|(label, _)| label).collect();
        given.sort_unstable();
        given
    };
    let mut answers: Vec<Vec<Vec<usize>>> = vec![Vec::new(); columns.len()];
    for time in 0..TIMES {
        // Must not change: the figures in docs/experiments.md were computed with this purpose.
        let random = Random::new(time, "steadiness");
        let selections = columns.iter().enumerate().map(|(at, (_, values))| {
            let mut cells = values.to_vec();
            random.at(at as u64).shuffle(&mut cells);
            cells.truncate(size(values));
            cells
        });
        let selections: Vec<Vec<String>> = selections.collect();
        let inputs: Vec<(&str, &[String])> =
            columns.iter().zip(&selections).map(|((name, _), cells)| (*name, cells.as_slice())).collect();
        let found = classifier.answers(&inputs, predict);
        answers.iter_mut().zip(&found).for_each(|(answers, answer)| answers.push(types(answer)));
    }
    answers
}
