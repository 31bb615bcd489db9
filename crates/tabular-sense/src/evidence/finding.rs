//! What the evidence says about a type, and how that changes its probability.

use tabular_sense_synth::types::SemanticType;

/// The highest probability that a withheld or contradicted type can have.
pub(crate) const HARDLY: f32 = 0.01;

/// The lowest probability that a settled type can have.
const SURELY: f32 = 0.99;

/// A reason, in English and Chinese.
pub type Reason = (&'static str, &'static str);

/// What the evidence says about a type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Something supports the type: a value of its form, or a cue in the name. The probability stays as it is.
    Supported,
    /// Nothing supports the type: no value has its form, or only the name could tell, and it has no cue.
    Withheld(Reason),
    /// The values or the name show that the column does not have the type.
    Contradicted(Reason),
    /// The values show that the column has the type.
    Settled(Reason),
}

impl Verdict {
    /// Why, as the end of a sentence.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Supported => None,
            Self::Withheld(reason) | Self::Contradicted(reason) | Self::Settled(reason) => Some(reason),
        }
    }

    /// The probability after this verdict.
    pub(super) fn adjusted(self, probability: f32) -> f32 {
        match self {
            Self::Supported => probability,
            Self::Withheld(_) | Self::Contradicted(_) => probability.min(HARDLY),
            Self::Settled(_) => probability.max(SURELY),
        }
    }
}

/// A verdict that changed a probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The type.
    pub label: SemanticType,
    /// The verdict that changed it.
    pub verdict: Verdict,
    /// The model's probability.
    pub model: f32,
}

impl Finding {
    /// Whether a type that the model predicts was removed from the answer.
    #[must_use]
    pub fn is_removed(&self, threshold: f64) -> bool {
        f64::from(self.model) >= threshold && matches!(self.verdict, Verdict::Withheld(_) | Verdict::Contradicted(_))
    }
}
