//! How far each learned type can be trusted, measured on held-out columns.

use std::collections::BTreeMap;

use drivetrain::random::Random;
use drivetrain::train::ClassCounts;
use serde::Serialize;

/// Number of bootstrap resamples.
const DRAWS: u64 = 1000;

/// A collision is reported only if it concerns at least this many columns.
const COLUMNS: usize = 2;

/// How far a learned type can be trusted.
#[derive(Clone, Debug, Serialize)]
pub struct TypeTrust {
    /// The type.
    pub r#type: String,
    /// Number of its examples.
    pub columns: usize,
    /// The F1 in cross-validation, or on the validation columns if there are any.
    pub f1: f64,
    /// The central 95% of this F1 over bootstrap resamples of the columns.
    pub f1_interval: [f64; 2],
    /// Built-in types with which it collides, the one with the most columns first: either the learned type is assigned to their
    /// columns, or the built-in model assigns them to its examples.
    pub collides_with: Vec<Collision>,
}

/// Columns that a learned and a built-in type both claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Collision {
    /// The built-in type.
    pub r#type: String,
    /// Number of columns of the built-in type to which the learned type was assigned.
    pub given: usize,
    /// Number of examples of the learned type to which the built-in model assigns the built-in type.
    pub claimed: usize,
}

/// A held-out column: its true labels, the labels that were assigned to it, and its built-in types.
pub(super) struct Judged {
    pub(super) truths: Vec<bool>,
    pub(super) given: Vec<bool>,
    /// The built-in types that a rehearsal column has, or that the built-in model assigns to an example.
    pub(super) built_in: Vec<String>,
    pub(super) is_rehearsal: bool,
}

/// How far each type can be trusted, according to the held-out columns.
pub(super) fn trust(names: &[String], judged: &[Judged]) -> Vec<TypeTrust> {
    let examples: Vec<&Judged> = judged.iter().filter(|one| !one.is_rehearsal).collect();
    let of = |(label, name): (usize, &String)| TypeTrust {
        r#type: name.clone(),
        columns: examples.iter().filter(|one| one.truths[label]).count(),
        f1: f1(examples.iter().copied(), label),
        f1_interval: interval(&examples, label),
        collides_with: collisions(judged, label),
    };
    names.iter().enumerate().map(of).collect()
}

fn f1<'a>(judged: impl Iterator<Item = &'a Judged>, label: usize) -> f64 {
    let mut counts = ClassCounts::default();
    judged.for_each(|one| counts.add(one.given[label], one.truths[label]));
    counts.rates().f1
}

fn interval(examples: &[&Judged], label: usize) -> [f64; 2] {
    let random = Random::new(0, "trust");
    let mut found: Vec<f64> = (0..DRAWS)
        .map(|i| {
            let mut draw = random.at(i).draws();
            f1((0..examples.len()).map(|_| *draw.pick(examples)), label)
        })
        .collect();
    found.sort_by(f64::total_cmp);
    let at = |share: f64| found[((found.len() - 1) as f64 * share).round() as usize];
    [at(0.025), at(0.975)]
}

fn collisions(judged: &[Judged], label: usize) -> Vec<Collision> {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in judged {
        for built_in in &one.built_in {
            let (given, claimed) = found.entry(built_in).or_default();
            *given += usize::from(one.is_rehearsal && one.given[label]);
            *claimed += usize::from(!one.is_rehearsal && one.truths[label]);
        }
    }
    let collision =
        |(name, (given, claimed)): (&str, (usize, usize))| Collision { r#type: name.to_owned(), given, claimed };
    let mut found: Vec<Collision> =
        found.into_iter().map(collision).filter(|one| one.given + one.claimed >= COLUMNS).collect();
    found.sort_by(|a, b| (b.given + b.claimed).cmp(&(a.given + a.claimed)).then(a.r#type.cmp(&b.r#type)));
    found
}
