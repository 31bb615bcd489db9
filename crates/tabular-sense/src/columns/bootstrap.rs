//! Confidence intervals by the bootstrap.

use drivetrain::random::Random;
use drivetrain::train::ClassCounts;

/// Number of bootstrap resamples.
const DRAWS: u64 = 1000;

/// The central 95% of a metric over bootstrap resamples of the sources: each resample draws as many sources as there are, with
/// replacement (Efron 1979).
pub(super) fn bootstrap(by_source: &[Vec<ClassCounts>], figure: impl Fn(&[ClassCounts]) -> f64) -> [f64; 2] {
    let random = Random::new(0, "bootstrap");
    let mut found: Vec<f64> = (0..DRAWS)
        .map(|i| {
            let mut draw = random.at(i).draws();
            let drawn: Vec<&Vec<ClassCounts>> = by_source.iter().map(|_| draw.pick(by_source)).collect();
            let counts: Vec<ClassCounts> = (0..by_source.first().map_or(0, Vec::len))
                .map(|class| drawn.iter().map(|counts| &counts[class]).sum())
                .collect();
            figure(&counts)
        })
        .collect();
    found.sort_by(f64::total_cmp);
    let at = |share: f64| found[((found.len() - 1) as f64 * share).round() as usize];
    [at(0.025), at(0.975)]
}
