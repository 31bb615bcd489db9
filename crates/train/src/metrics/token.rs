use burn::tensor::Tensor;
use drivetrain_data::{HasLabels, TokenClasses};
use serde::Serialize;

use super::counts::same_width;
use super::multi_class::largest;
use super::{ClassMetrics, MultiClassMetric, MultiClassValues};
use crate::task::Fit;
use crate::{Metric, MetricValues, MonitorMode};

/// Token classification: each token has one of N classes. Padding is not counted.
#[derive(Clone, Debug)]
pub struct TokenMetric {
    tokens: MultiClassMetric,
    sequences: u64,
    whole: u64,
}

impl TokenMetric {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(n_classes: usize) -> Self {
        Self { tokens: MultiClassMetric::new(n_classes), sequences: 0, whole: 0 }
    }

    /// Adds one sequence, token by token as (predicted, true).
    pub fn add(&mut self, decisions: impl IntoIterator<Item = (usize, usize)>) {
        let mut whole = true;
        for (predicted, truth) in decisions {
            self.tokens.add(predicted, truth);
            whole &= predicted == truth;
        }
        self.sequences += 1;
        self.whole += u64::from(whole);
    }

    /// Adds a batch: `class_bt` holds the true classes, negative where there is none, in rows as long as the logits'.
    pub fn update_logits(&mut self, logits_btc: &Tensor<3>, class_bt: &[i32]) {
        let [_, t, c] = logits_btc.dims();
        let data = logits_btc.to_data_as::<f32>();
        let logits = data.as_slice::<f32>().unwrap_or_default();
        for (logits_tc, class_t) in logits.chunks_exact((t * c).max(1)).zip(class_bt.chunks_exact(t.max(1))) {
            let labelled = logits_tc.chunks_exact(c.max(1)).zip(class_t).filter(|(_, class)| **class >= 0);
            self.add(labelled.map(|(logits_c, &class)| (largest(logits_c), class as usize)));
        }
    }

    /// The values of everything counted.
    #[must_use]
    pub fn compute(&self) -> TokenValues {
        let sequence_accuracy = if self.sequences == 0 { 0.0 } else { self.whole as f64 / self.sequences as f64 };
        TokenValues { tokens: self.tokens.compute(), sequence_accuracy }
    }
}

impl<B: HasLabels<TokenClasses>> Metric<Tensor<3>, B> for TokenMetric {
    type Values = TokenValues;

    fn update(&mut self, logits_btc: &Tensor<3>, batch: &B) {
        self.update_logits(logits_btc, &batch.labels().class_bt);
    }

    fn check(&self, logits_btc: &Tensor<3>, _batch: &B) -> Fit {
        let [_, _, c] = logits_btc.dims();
        same_width(c, self.tokens.n_classes())
    }

    fn compute(&self) -> TokenValues {
        self.compute()
    }
}

/// The values of a token-classification validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TokenValues {
    /// Token by token.
    pub tokens: MultiClassValues,
    /// Share of the sequences without a wrong token.
    pub sequence_accuracy: f64,
}

impl MetricValues for TokenValues {
    /// The accuracy over all tokens.
    fn score(&self) -> f64 {
        self.tokens.accuracy
    }

    fn named(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("token_accuracy", self.tokens.accuracy),
            ("token_macro_f1", self.tokens.macro_mean.f1),
            ("sequence_accuracy", self.sequence_accuracy),
        ]
    }

    fn mode_of(_name: &str) -> Option<MonitorMode> {
        Some(MonitorMode::Max)
    }

    fn per_class(&self) -> &[ClassMetrics] {
        &self.tokens.per_class
    }
}
