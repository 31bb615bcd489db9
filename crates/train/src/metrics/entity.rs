use burn::tensor::Tensor;
use drivetrain_data::{ChunkRule, HasLabels, TagSet, TokenClasses};
use serde::Serialize;

use super::counts::{micro, same_width};
use super::multi_class::largest;
use super::{ClassCounts, ClassMetrics, Rates};
use crate::task::Fit;
use crate::{Metric, MetricValues, MonitorMode};

/// Token classification of entities, counted by entity: a predicted entity is right if its type, its first token and its last token
/// are those of a true one. Equal to `seqeval`'s default mode, and thus to `conlleval`'s; with [`EntityMetric::strict`], to its
/// `mode="strict", scheme=IOB2`.
///
/// Tokens without a label (padding, and all but the first token of each word if only first tokens are labelled) are ignored, both
/// in the true classes and in the predictions.
///
/// ```
/// use drivetrain_data::TagSet;
/// use drivetrain_train::EntityMetric;
///
/// let tags = TagSet::new(["PER", "LOC"])?; // O, B-PER, I-PER, B-LOC, I-LOC
/// let mut metric = EntityMetric::new(&tags);
/// //           predicted          true
/// metric.add(&[1, 2, 0, 3], &[1, 2, 0, 3]); // both are right
/// metric.add(&[1, 0, 0, 3], &[1, 2, 0, 0]); // PER ends too early, and there is no LOC
/// let values = metric.compute();
/// assert_eq!((values.micro.precision, values.micro.recall), (2.0 / 4.0, 2.0 / 3.0));
/// let [per, loc] = values.per_type[..] else { panic!() };
/// assert_eq!((per.rates.f1, loc.rates.f1), (1.0 / 2.0, 2.0 / 3.0));
/// assert_eq!(values.token_accuracy, 6.0 / 8.0);
/// # Ok::<(), drivetrain_data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EntityMetric {
    tags: TagSet,
    rule: ChunkRule,
    types: Vec<ClassCounts>,
    tokens: u64,
    correct: u64,
}

impl EntityMetric {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(tags: &TagSet) -> Self {
        let types = vec![ClassCounts::default(); tags.types().len()];
        Self { tags: tags.clone(), rule: ChunkRule::Lenient, types, tokens: 0, correct: 0 }
    }

    /// Counts only valid IOB2: an `I-` that does not continue an entity of its type is not part of any entity.
    #[must_use]
    pub fn strict(self) -> Self {
        Self { rule: ChunkRule::Strict, ..self }
    }

    /// Adds one sequence: the class of each token, predicted and true. If the true class is negative, the token is ignored.
    pub fn add(&mut self, predicted: &[i32], truth: &[i32]) {
        let labelled = predicted.iter().zip(truth).filter(|(_, truth)| **truth >= 0);
        let (predicted, truth): (Vec<i32>, Vec<i32>) = labelled.unzip();
        self.tokens += truth.len() as u64;
        self.correct += predicted.iter().zip(&truth).filter(|(predicted, truth)| predicted == truth).count() as u64;

        let [predicted, truth] = [predicted, truth].map(|classes| self.tags.chunks(&classes, self.rule));
        // Both are in the order of the text, so one pass finds those that are in both.
        let mut missed = truth.iter().peekable();
        for chunk in &predicted {
            while let Some(before) = missed.next_if(|truth| truth.positions.start < chunk.positions.start) {
                self.types[before.entity_type].add(false, true);
            }
            let is_true = missed.next_if(|truth| *truth == chunk).is_some();
            self.types[chunk.entity_type].add(true, is_true);
        }
        missed.for_each(|chunk| self.types[chunk.entity_type].add(false, true));
    }

    /// Adds a batch: the class with the largest logit of each token is predicted; `class_bt` holds the true classes, negative
    /// where there is none, in rows as long as the logits'.
    pub fn update_logits(&mut self, logits_btc: &Tensor<3>, class_bt: &[i32]) {
        let [_, t, c] = logits_btc.dims();
        let data = logits_btc.to_data_as::<f32>();
        let logits = data.as_slice::<f32>().unwrap_or_default();
        for (logits_tc, class_t) in logits.chunks_exact((t * c).max(1)).zip(class_bt.chunks_exact(t.max(1))) {
            let predicted: Vec<i32> =
                logits_tc.chunks_exact(c.max(1)).map(|logits_c| largest(logits_c) as i32).collect();
            self.add(&predicted, class_t);
        }
    }

    /// The values of everything counted.
    #[must_use]
    pub fn compute(&self) -> EntityValues {
        EntityValues {
            micro: micro(&self.types),
            macro_mean: Rates::macro_mean(&self.types),
            per_type: self.types.iter().map(ClassCounts::metrics).collect(),
            types: self.tags.types().to_vec(),
            token_accuracy: if self.tokens == 0 { 0.0 } else { self.correct as f64 / self.tokens as f64 },
        }
    }
}

impl<B: HasLabels<TokenClasses>> Metric<Tensor<3>, B> for EntityMetric {
    type Values = EntityValues;

    fn update(&mut self, logits_btc: &Tensor<3>, batch: &B) {
        self.update_logits(logits_btc, &batch.labels().class_bt);
    }

    fn check(&self, logits_btc: &Tensor<3>, _batch: &B) -> Fit {
        let [_, _, c] = logits_btc.dims();
        same_width(c, self.tags.n_classes())
    }

    fn compute(&self) -> EntityValues {
        self.compute()
    }
}

/// The values of a validation that is counted by entity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntityValues {
    /// Over the entities of all types (micro average). Its F1 is the score.
    pub micro: Rates,
    /// The unweighted mean over the types that occur; see [`Rates::macro_mean`].
    pub macro_mean: Rates,
    /// Type by type, in the order of [`TagSet::types`].
    pub per_type: Vec<ClassMetrics>,
    /// The names of the types.
    pub types: Vec<String>,
    /// Share of the labelled tokens whose tag is predicted correctly.
    pub token_accuracy: f64,
}

impl MetricValues for EntityValues {
    fn score(&self) -> f64 {
        self.micro.f1
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("f1", self.micro.f1),
            ("precision", self.micro.precision),
            ("recall", self.micro.recall),
            ("macro_f1", self.macro_mean.f1),
            ("token_accuracy", self.token_accuracy),
        ]
    }

    fn mode_of(_name: &str) -> Option<MonitorMode> {
        Some(MonitorMode::Max)
    }

    /// The metrics of each type of entity.
    fn per_class(&self) -> &[ClassMetrics] {
        &self.per_type
    }

    fn class_names(&self) -> &[String] {
        &self.types
    }
}
