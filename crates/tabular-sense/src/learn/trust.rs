//! How far each learned type can be trusted: by columns that were held out.

use std::collections::BTreeMap;

use drivetrain::random::Random;
use drivetrain::train::ClassCounts;
use serde::Serialize;

/// Draws of the bootstrap.
const DRAWS: u64 = 1000;

/// A collision is reported from so many columns of a built-in type on.
const COLUMNS: usize = 2;

/// How far a learned type can be trusted.
#[derive(Clone, Debug, Serialize)]
pub struct TypeTrust {
    /// The type.
    pub r#type: String,
    /// Its examples.
    pub columns: usize,
    /// The F1 on columns that were held out in turn, or that were given to measure on.
    pub f1: f64,
    /// The middle 95% of that F1 over draws of columns with replacement.
    pub f1_interval: [f64; 2],
    /// Built-in types whose columns it is given to, or that its examples are given, most columns first.
    pub collides_with: Vec<Collision>,
}

/// Columns that a learned and a built-in type both claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Collision {
    /// The built-in type.
    pub r#type: String,
    /// Columns of the built-in type that were given the learned one.
    pub given: usize,
    /// Examples of the learned type that the built-in model gives the built-in one.
    pub claimed: usize,
}

/// A held-out column: what it has, what it was given, and the labels beside.
pub(super) struct Judged {
    pub(super) truths: Vec<bool>,
    pub(super) given: Vec<bool>,
    /// The built-in types that the column has, for one of rehearsal, or that the built-in model gives to an example.
    pub(super) built_in: Vec<String>,
    pub(super) is_rehearsal: bool,
}

/// What the held-out columns say of each type.
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
