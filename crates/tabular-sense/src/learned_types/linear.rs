//! A linear one-vs-rest classifier of sparse vectors: support vector machines with squared hinge loss, fitted in the dual by
//! coordinate descent (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM").

use drivetrain::random::Random;
use rayon::prelude::*;

use super::features::Row;

/// Maximum number of passes over the rows.
const PASSES: u64 = 40;

/// Training stops after a pass in which the largest and the smallest projected gradient differ by less than this.
const ENOUGH: f64 = 0.02;

/// The weights of the features for each label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinearModel {
    /// The ids of the features that have weights, sorted.
    pub(super) ids: Vec<u32>,
    /// `[features, labels]`, row by row.
    pub(super) weights: Vec<f32>,
    /// The bias of each label.
    pub(super) bias: Vec<f32>,
}

/// How a classifier is fitted.
#[derive(Clone, Copy)]
pub(crate) struct Costs {
    /// The cost of a row on the wrong side of the hyperplane.
    pub(crate) of_row: f64,
    /// The factor by which this cost is multiplied for a row that has the label.
    pub(crate) positive: f64,
}

impl LinearModel {
    /// Fits the weights of each label to `rows`; row `i` has the label `l` if `has(i, l)`. Features that occur in none of the
    /// first `known` rows get no weight.
    pub(super) fn fit(
        rows: &[Row],
        known: usize,
        n_labels: usize,
        costs: Costs,
        has: impl Fn(usize, usize) -> bool + Sync,
    ) -> Self {
        let mut ids: Vec<u32> = rows[..known.min(rows.len())].iter().flatten().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let place = |(id, value): &(u32, f32)| Some((ids.binary_search(id).ok()? as u32, *value));
        let compact: Vec<Row> = rows.par_iter().map(|row| row.iter().filter_map(place).collect()).collect();
        let of_label = |label: usize| {
            let truths: Vec<bool> = (0..rows.len()).map(|row| has(row, label)).collect();
            fit_one(&compact, &truths, ids.len(), costs)
        };
        let fitted: Vec<(Vec<f64>, f64)> = (0..n_labels).into_par_iter().map(of_label).collect();
        let mut weights = vec![0.0; ids.len() * n_labels];
        for (label, (of_label, _)) in fitted.iter().enumerate() {
            of_label.iter().enumerate().for_each(|(at, weight)| weights[at * n_labels + label] = *weight as f32);
        }
        Self { ids, weights, bias: fitted.iter().map(|(_, bias)| *bias as f32).collect() }
    }

    /// The score of each label. A positive score means that the row is predicted to have the label.
    pub(super) fn scores(&self, row: &Row) -> Vec<f32> {
        let mut scores = self.bias.clone();
        let n_labels = scores.len();
        for (id, value) in row {
            let Ok(at) = self.ids.binary_search(id) else { continue };
            let weights = &self.weights[at * n_labels..(at + 1) * n_labels];
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight * value);
        }
        scores
    }
}

/// The weights and the bias for one label.
fn fit_one(rows: &[Row], truths: &[bool], n_features: usize, costs: Costs) -> (Vec<f64>, f64) {
    let (mut weights, mut bias) = (vec![0.0_f64; n_features], 0.0_f64);
    let mut alphas = vec![0.0_f64; rows.len()];
    let diagonals: Vec<f64> =
        truths.iter().map(|is_true| 0.5 / (costs.of_row * if *is_true { costs.positive } else { 1.0 })).collect();
    let squares: Vec<f64> = rows
        .iter()
        .zip(&diagonals)
        .map(|(row, diagonal)| diagonal + 1.0 + row.iter().map(|(_, value)| f64::from(*value).powi(2)).sum::<f64>())
        .collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let random = Random::new(0, "dual coordinate descent");
    for pass in 0..PASSES {
        random.at(pass).shuffle(&mut order);
        let (mut largest, mut smallest) = (f64::NEG_INFINITY, f64::INFINITY);
        for &i in &order {
            let sign = if truths[i] { 1.0 } else { -1.0 };
            let score: f64 =
                bias + rows[i].iter().map(|(at, value)| weights[*at as usize] * f64::from(*value)).sum::<f64>();
            let gradient = sign * score - 1.0 + alphas[i] * diagonals[i];
            let projected = if alphas[i] == 0.0 { gradient.min(0.0) } else { gradient };
            largest = largest.max(projected);
            smallest = smallest.min(projected);
            if projected.abs() < 1e-12 {
                continue;
            }
            let alpha = (alphas[i] - gradient / squares[i]).max(0.0);
            let step = (alpha - alphas[i]) * sign;
            alphas[i] = alpha;
            bias += step;
            rows[i].iter().for_each(|(at, value)| weights[*at as usize] += step * f64::from(*value));
        }
        if largest - smallest < ENOUGH {
            break;
        }
    }
    (weights, bias)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_can_be_separated_are() {
        let random = Random::new(1, "test");
        let rows: Vec<Row> = (0..200)
            .map(|i| {
                let mut draw = random.at(i).draws();
                (0..10).map(|id| (id * 7, draw.normal() as f32)).collect()
            })
            .collect();
        let has = |row: usize, label: usize| {
            let value = |at: usize| rows[row][at].1;
            if label == 0 { value(0) + value(3) > 0.5 } else { value(1) > value(2) }
        };
        let model = LinearModel::fit(&rows, rows.len(), 2, Costs { of_row: 10.0, positive: 1.0 }, has);
        let right = (0..200).filter(|&i| (0..2).all(|label| (model.scores(&rows[i])[label] > 0.0) == has(i, label)));
        assert!(right.count() >= 190);
        assert_eq!(model.ids.len(), 10);
        // A feature that is in none of the known rows has no weight.
        let model = LinearModel::fit(
            &[vec![(1, 1.0)], vec![(2, 1.0)]],
            1,
            1,
            Costs { of_row: 1.0, positive: 1.0 },
            |row, _| row == 0,
        );
        assert_eq!(model.ids, [1]);
        assert!(model.scores(&vec![(1, 1.0)])[0] > model.scores(&vec![(2, 1.0)])[0]);
    }
}
