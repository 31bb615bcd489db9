//! What the evidence finds of a type, and what that does to its probability.

use tabular_sense_synth::types::SemanticType;

/// What is left of the probability of a type that is withheld or contradicted.
pub(crate) const HARDLY: f32 = 0.01;

/// The probability of a type that is settled.
const SURELY: f32 = 0.99;

/// A reason, in English and Chinese.
pub type Reason = (&'static str, &'static str);

/// What is known of a type of a column beside its probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Something speaks for it: a value of its form, or a cue in the name. The probability stands.
    Supported,
    /// Nothing speaks for it: no value has its form, or only a name could tell, and the name has no cue.
    Withheld(Reason),
    /// The values or the name say that it is not.
    Contradicted(Reason),
    /// The values say that it is.
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

    /// The probability that is left.
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
    /// Why it was changed.
    pub verdict: Verdict,
    /// The model's probability.
    pub model: f32,
}

impl Finding {
    /// Whether a type that the model gives was taken from the answer.
    #[must_use]
    pub fn is_taken(&self, threshold: f64) -> bool {
        f64::from(self.model) >= threshold && matches!(self.verdict, Verdict::Withheld(_) | Verdict::Contradicted(_))
    }
}
