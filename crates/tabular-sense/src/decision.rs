//! From logits to answers: calibrated probabilities, and the thresholds from which types are assigned.

use serde::{Deserialize, Serialize};
use tabular_sense_synth::types::SemanticType;

use crate::agreement::{Agreement, FEATURES};
use crate::error::FieldError;
use crate::labels::LabelSet;
use crate::probabilities::{Probabilities, sigmoid};

/// How a model's logits become answers. Fitted after training, and stored in the exported model's `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decision {
    /// The temperature by which logits are divided before they become probabilities (Guo et al. 2017, arXiv:1706.04599).
    pub temperature: f64,
    /// The threshold of each type, in the order of the logits; if empty, `predict.threshold` applies to all types.
    pub thresholds: Vec<f64>,
    /// The threshold of all types for columns whose name says nothing, if it differs: less is known about such a column, so a
    /// lower probability is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nameless_threshold: Option<f64>,
    /// The weights that combine the form of the values and the name with the probabilities. If `None`, the probabilities are
    /// used unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
}

impl Default for Decision {
    fn default() -> Self {
        Self { temperature: 1.0, thresholds: Vec::new(), nameless_threshold: None, agreement: None }
    }
}

/// The temperature of the model for which `sure_from_name` was chosen, the probability that a type needs if a column has only a
/// name.
const SURE_TEMPERATURE: f64 = 1.137;

/// Temperatures that are tried.
const TEMPERATURES: (f64, f64) = (0.25, 4.0);

/// Thresholds that are tried, in hundredths.
const THRESHOLDS: std::ops::RangeInclusive<u32> = 10..=90;

/// Probabilities closer than this to 0 or 1 are clamped before their logarithm is taken.
const LEAST: f64 = 1e-6;

/// An F1 that is less than this below the best counts as equally good.
const NEXT_TO_BEST: f64 = 0.001;

/// A threshold replaces the usual one only if its F1 is better by this much; a smaller gain is chance.
const WORTH: f64 = 0.001;

impl Decision {
    /// The decision for samples that each have exactly one label: the temperature that maximises the likelihood of the true
    /// labels under a softmax. The most likely label is assigned.
    #[must_use]
    pub fn fit_single(logits_sc: &[f32], truths_sc: &[bool], n_classes: usize) -> Self {
        if truths_sc.is_empty() || n_classes == 0 {
            return Self::default();
        }
        let loss = |temperature: f64| -> f64 {
            let of_sample = |(logits, truths): (&[f32], &[bool])| {
                let truth = truths.iter().position(|truth| *truth).unwrap_or_default();
                -f64::from(softmax(logits, temperature)[truth]).max(LEAST).ln()
            };
            logits_sc.chunks_exact(n_classes).zip(truths_sc.chunks_exact(n_classes)).map(of_sample).sum()
        };
        Self { temperature: lowest(loss), ..Self::default() }
    }

    /// The decision for logits and truths of labelled samples, both `[samples, classes]` in row-major order: the temperature
    /// that maximises the likelihood of the true labels, and for each class the threshold with the best F1. If no threshold is
    /// clearly better, the one closest to `usual` is chosen.
    #[must_use]
    pub fn fit(logits_sc: &[f32], truths_sc: &[bool], n_classes: usize, usual: f64) -> Self {
        if truths_sc.is_empty() || n_classes == 0 {
            return Self::default();
        }
        let temperature = likeliest_temperature(logits_sc, truths_sc);
        let column = |class: usize| {
            let decisions = logits_sc.chunks_exact(n_classes).zip(truths_sc.chunks_exact(n_classes));
            decisions.map(move |(logits, truths)| (probability(logits[class], temperature), truths[class]))
        };
        let thresholds = (0..n_classes).map(|class| best_threshold(column(class).collect(), usual)).collect();
        Self { temperature, thresholds, ..Self::default() }
    }

    /// The temperature for columns that are answered with the mean over several random samples of their values. Each entry of
    /// `columns` holds the logits of one column, one row per sample, and the column's true labels. The temperature maximises
    /// the likelihood of the true labels.
    #[must_use]
    pub fn temperature_of_means(columns: &[(Vec<Probabilities>, LabelSet)]) -> f64 {
        let loss = |temperature: f64| -> f64 {
            let of_column = |(draws, truths): &(Vec<Probabilities>, LabelSet)| -> f64 {
                let of_type = |label: usize| {
                    let sum: f64 = draws.iter().map(|draw| probability(draw[label], temperature)).sum();
                    let mean = (sum / draws.len().max(1) as f64).clamp(LEAST, 1.0 - LEAST);
                    -if truths.contains(label) { mean.ln() } else { (-mean).ln_1p() }
                };
                (0..draws.first().map_or(0, Vec::len)).map(of_type).sum()
            };
            columns.iter().map(of_column).sum()
        };
        lowest(loss)
    }

    /// One threshold for all types, at least `least`: the middle one of the thresholds whose F1 over all decisions is close to
    /// the best. It is far from the thresholds at which the F1 drops.
    #[must_use]
    pub fn central_threshold(decisions: &[(f64, bool)], least: f64) -> f64 {
        let curve = F1Curve::of(decisions.to_vec());
        let tried: Vec<(f64, f64)> = curve.tried().filter(|(threshold, _)| *threshold >= least).collect();
        let best = tried.iter().map(|(_, f1)| *f1).fold(curve.f1(least), f64::max);
        let is_good = |(_, f1): &&(f64, f64)| best - f1 < NEXT_TO_BEST;
        let good: Vec<f64> = tried.iter().filter(is_good).map(|(threshold, _)| *threshold).collect();
        good.get(good.len() / 2).copied().unwrap_or(least)
    }

    /// One threshold for all types, derived from theory: half of the best F1, in whole hundredths. For calibrated
    /// probabilities, no other threshold gives a better F1 (Lipton, Elkan and Naryanaswamy 2014, *Optimal Thresholding of
    /// Classifiers to Maximize F1 Measure*). Where the curve of the F1 is flat, the position of its maximum is chance.
    #[must_use]
    pub fn half_of_best_f1(decisions: &[(f64, bool)]) -> f64 {
        let best = F1Curve::of(decisions.to_vec()).tried().map(|(_, f1)| f1).fold(0.0, f64::max);
        (50.0 * best).round().max(1.0) / 100.0
    }

    /// The uncalibrated probability (at temperature 1) of the logit whose calibrated probability is `probability`.
    #[must_use]
    pub fn uncalibrated(&self, probability: f64) -> f64 {
        1.0 / (1.0 + (1.0 / probability - 1.0).powf(self.temperature))
    }

    /// The probability that this model gives the logit to which a model with the temperature [`SURE_TEMPERATURE`] gives `sure`.
    pub(crate) fn as_sure_as(&self, sure: f32) -> f32 {
        if !(0.0..1.0).contains(&sure) {
            return sure;
        }
        let logit = SURE_TEMPERATURE * (f64::from(sure) / (1.0 - f64::from(sure))).ln();
        self.probability(logit as f32)
    }

    /// Checks every field for a model with this many classes.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self, n_classes: usize) -> Result<(), FieldError> {
        let Self { temperature, thresholds, nameless_threshold, agreement } = self;
        if !(*temperature > 0.0 && temperature.is_finite()) {
            return Err(FieldError::new("decision.temperature", temperature, "above 0"));
        }
        if !thresholds.is_empty() && thresholds.len() != n_classes {
            let found = format!("a list of {}", thresholds.len());
            let expected = format!("a list of {n_classes}, one entry for each label");
            return Err(FieldError::new("decision.thresholds", found, expected));
        }
        if let Some(found) = nameless_threshold.filter(|threshold| !(*threshold > 0.0 && *threshold < 1.0)) {
            return Err(FieldError::new("decision.nameless_threshold", found, "above 0 and below 1"));
        }
        if agreement.as_ref().is_some_and(|agreement| !agreement.is_valid()) {
            let n_types = SemanticType::ALL.len();
            let expected = format!("{FEATURES} finite weights of features and at most {n_types} of types");
            return Err(FieldError::new("decision.agreement", "other weights", expected));
        }
        match (0..).zip(thresholds).find(|(_, threshold)| !(**threshold > 0.0 && **threshold < 1.0)) {
            Some((at, found)) => {
                Err(FieldError::new(format!("decision.thresholds[{at}]"), found, "above 0 and below 1"))
            }
            None => Ok(()),
        }
    }

    /// The probability that a logit stands for.
    #[must_use]
    pub fn probability(&self, logit: f32) -> f32 {
        probability(logit, self.temperature) as f32
    }
}

/// The probabilities of labels of which exactly one is true.
pub(crate) fn softmax(logits: &[f32], temperature: f64) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (f64::from(logit - largest) / temperature).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| (power / sum) as f32).collect()
}

fn probability(logit: f32, temperature: f64) -> f64 {
    sigmoid(f64::from(logit) / temperature)
}

/// The temperature that minimises the mean of −ln p(truth), which has only one minimum.
fn likeliest_temperature(logits: &[f32], truths: &[bool]) -> f64 {
    lowest(|temperature| {
        let inverse = temperature.recip();
        // ln(1 + e^z) − y·z, without an overflow.
        let one = |(logit, truth): (&f32, &bool)| {
            let z = f64::from(*logit) * inverse;
            z.max(0.0) + (-z.abs()).exp().ln_1p() - if *truth { z } else { 0.0 }
        };
        logits.iter().zip(truths).map(one).sum()
    })
}

/// The temperature at which a loss with one minimum is lowest, by golden-section search over the logarithm.
fn lowest(loss: impl Fn(f64) -> f64) -> f64 {
    let loss = |log: f64| loss(log.exp());
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (TEMPERATURES.0.ln(), TEMPERATURES.1.ln());
    for _ in 0..24 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    // More than three digits would be more than the samples can tell.
    (((low + high) / 2.0).exp() * 1000.0).round() / 1000.0
}

/// The threshold with the best F1 over some decisions; the one closest to `usual` if no other is clearly better.
fn best_threshold(decisions: Vec<(f64, bool)>, usual: f64) -> f64 {
    let curve = F1Curve::of(decisions);
    let tried: Vec<(f64, f64)> = curve.tried().collect();
    let best = tried.iter().map(|(_, f1)| *f1).fold(curve.f1(usual), f64::max);
    let is_good = |(_, f1): &&(f64, f64)| best - f1 < WORTH;
    let away = |threshold: f64| (threshold - usual).abs();
    let candidates = tried.iter().filter(is_good).map(|(threshold, _)| *threshold);
    let closest = candidates.min_by(|a, b| away(*a).total_cmp(&away(*b)));
    if best - curve.f1(usual) < WORTH { usual } else { closest.unwrap_or(usual) }
}

/// Decisions, each a probability and whether it is correct, and their F1 as a function of the threshold.
struct F1Curve {
    /// Sorted by probability.
    decisions: Vec<(f64, bool)>,
    positives: usize,
}

impl F1Curve {
    fn of(mut decisions: Vec<(f64, bool)>) -> Self {
        decisions.sort_by(|a, b| a.0.total_cmp(&b.0));
        let positives = decisions.iter().filter(|decision| decision.1).count();
        Self { decisions, positives }
    }

    /// The F1 if types with at least this probability are assigned.
    fn f1(&self, threshold: f64) -> f64 {
        let given = &self.decisions[self.decisions.partition_point(|decision| decision.0 < threshold)..];
        let hits = given.iter().filter(|decision| decision.1).count();
        2.0 * hits as f64 / (given.len() + self.positives).max(1) as f64
    }

    /// Each threshold of [`THRESHOLDS`] with its F1.
    fn tried(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        THRESHOLDS.map(|hundredth| f64::from(hundredth) / 100.0).map(|threshold| (threshold, self.f1(threshold)))
    }
}

#[cfg(test)]
mod tests {
    use drivetrain::random::Random;

    use super::*;

    #[test]
    fn logits_that_are_too_sure_are_cooled() {
        // The truths are drawn with the probabilities of the logits z; the model outputs 2·z.
        let random = Random::new(1, "test");
        let (mut logits, mut truths) = (Vec::new(), Vec::new());
        for i in 0..20_000 {
            let mut draw = random.at(i).draws();
            let z = 3.0 * draw.normal();
            truths.push(draw.chance(sigmoid(z)));
            logits.push(2.0 * z as f32);
        }
        let decision = Decision::fit(&logits, &truths, 1, 0.5);
        assert!((decision.temperature - 2.0).abs() < 0.1, "{decision:?}");
        // The best threshold for F1 is then slightly below one half (Lipton et al. 2014).
        assert!((0.3..=0.5).contains(&decision.thresholds[0]), "{decision:?}");
    }

    #[test]
    fn the_mean_of_draws_that_agree_is_cooled_as_one_is() {
        let (random, labels) = (Random::new(1, "test"), crate::labels::Labels::built_in());
        let column = |i| {
            let mut draw = random.at(i).draws();
            let mut logits = vec![-30.0; labels.len()];
            let z = 3.0 * draw.normal();
            logits[0] = (2.0 * z) as f32;
            let truths = labels.set(draw.chance(sigmoid(z)).then_some(0));
            (vec![logits; 3], truths)
        };
        let columns: Vec<(Vec<Probabilities>, LabelSet)> = (0..10_000).map(column).collect();
        let temperature = Decision::temperature_of_means(&columns);
        assert!((temperature - 2.0).abs() < 0.15, "{temperature}");
    }

    #[test]
    fn the_central_threshold_is_the_middle_one_of_those_that_cost_nothing() {
        let decisions = [(0.55, false), (0.62, true), (0.81, true), (0.9, true), (0.3, true), (0.1, false)];
        let threshold = Decision::central_threshold(&decisions, 0.5);
        assert!((threshold - 0.59).abs() < 1e-9, "{threshold}");
        assert!((Decision::central_threshold(&[], 0.5) - 0.7).abs() < 1e-9);
    }

    #[test]
    fn half_of_the_best_f1_is_the_best_threshold_for_right_probabilities() {
        // The truths are drawn with their own probabilities, so the best threshold can be found by trying all of them.
        let random = Random::new(1, "test");
        let decisions: Vec<(f64, bool)> = (0..200_000)
            .map(|i| {
                let mut draw = random.at(i).draws();
                let probability = draw.unit().powi(2);
                (probability, draw.chance(probability))
            })
            .collect();
        let by_theory = Decision::half_of_best_f1(&decisions);
        let curve = F1Curve::of(decisions);
        let best = curve.tried().map(|(_, f1)| f1).fold(0.0, f64::max);
        assert!(best - curve.f1(by_theory) < 1e-3 && best - curve.f1(by_theory + 0.1) > 2e-3, "{by_theory} {best}");
        assert!((Decision::half_of_best_f1(&[]) - 0.01).abs() < 1e-9);
    }

    #[test]
    fn a_probability_has_one_logit() {
        let decision = Decision { temperature: 1.7, ..Decision::default() };
        let raw = decision.uncalibrated(0.3);
        let logit = (raw / (1.0 - raw)).ln();
        assert!((f64::from(decision.probability(logit as f32)) - 0.3).abs() < 1e-6);
        assert!((Decision::default().uncalibrated(0.3) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn each_class_has_the_threshold_that_serves_it_best() {
        // The first class is true for logits above 0.5, the second for logits above 0.
        let mut logits = Vec::new();
        let mut truths = Vec::new();
        for i in -40_i16..40 {
            let z = f32::from(i) / 10.0 + 0.05;
            logits.extend([z, z]);
            truths.extend([z > 0.5, z > 0.0]);
        }
        let decision = Decision::fit(&logits, &truths, 2, 0.5);
        let given = |class: usize, logit: f32| f64::from(decision.probability(logit)) >= decision.thresholds[class];
        assert!(!given(0, 0.45) && given(0, 0.55) && given(1, 0.05) && !given(1, -0.05), "{decision:?}");
        assert_eq!(Decision::fit(&[], &[], 2, 0.5), Decision::default());
    }
}
