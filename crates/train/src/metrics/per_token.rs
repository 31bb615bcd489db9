use burn::tensor::Tensor;
use drivetrain_data::{HasLabels, TokenClasses};
use serde::Serialize;

use super::counts::same_width;
use super::one_of_n::largest;
use super::{ClassFigures, OneOfNFigures, OneOfNMetric};
use crate::gears::Fit;
use crate::{Figures, Metric};

/// One of N classes per token; padding is not counted.
#[derive(Clone, Debug)]
pub struct PerTokenMetric {
    tokens: OneOfNMetric,
    sequences: u64,
    whole: u64,
}

impl PerTokenMetric {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(n_classes: usize) -> Self {
        Self { tokens: OneOfNMetric::new(n_classes), sequences: 0, whole: 0 }
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
    pub fn count_logits(&mut self, logits_btc: &Tensor<3>, class_bt: &[i32]) {
        let [_, t, c] = logits_btc.dims();
        let data = logits_btc.to_data_as::<f32>();
        let logits = data.as_slice::<f32>().unwrap_or_default();
        for (logits_tc, class_t) in logits.chunks_exact((t * c).max(1)).zip(class_bt.chunks_exact(t.max(1))) {
            let labelled = logits_tc.chunks_exact(c).zip(class_t).filter(|(_, class)| **class >= 0);
            self.add(labelled.map(|(logits_c, &class)| (largest(logits_c), class as usize)));
        }
    }

    /// The figures of everything counted.
    #[must_use]
    pub fn figures(&self) -> PerTokenFigures {
        let sequence_accuracy = if self.sequences == 0 { 0.0 } else { self.whole as f64 / self.sequences as f64 };
        PerTokenFigures { tokens: self.tokens.figures(), sequence_accuracy }
    }
}

impl<B: HasLabels<TokenClasses>> Metric<Tensor<3>, B> for PerTokenMetric {
    type Figures = PerTokenFigures;

    fn count(&mut self, logits_btc: &Tensor<3>, batch: &B) {
        self.count_logits(logits_btc, &batch.labels().class_bt);
    }

    fn check(&self, logits_btc: &Tensor<3>, _batch: &B) -> Fit {
        let [_, _, c] = logits_btc.dims();
        same_width(c, self.tokens.n_classes())
    }

    fn figures(&self) -> PerTokenFigures {
        self.figures()
    }
}

/// The figures of a per-token validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerTokenFigures {
    /// Token by token.
    pub tokens: OneOfNFigures,
    /// Share of the sequences without a wrong token.
    pub sequence_accuracy: f64,
}

impl Figures for PerTokenFigures {
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

    fn per_class(&self) -> &[ClassFigures] {
        &self.tokens.per_class
    }
}
