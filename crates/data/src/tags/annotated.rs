//! A text with its annotations.

use serde::{Deserialize, Serialize};

use super::span::{Span, SpanUnit};
use crate::tokenizer::CharOffsets;

/// A text and the labelled spans in it; as JSON, a line that [`TokenLabelEncoder`](crate::TokenLabelEncoder) reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotatedText {
    /// The text.
    pub text: String,
    /// Its entities, in any order; they must not overlap.
    pub spans: Vec<Span>,
}

impl AnnotatedText {
    /// The text cut at the boundaries of its spans. A tokenizer that is trained on such pieces learns no token that crosses a
    /// boundary, which matters where there is no space, as in Chinese. A span that does not fit the text is ignored.
    ///
    /// With such a tokenizer, few spans begin or end within a token, but some may: a token that it learned elsewhere, such as the
    /// last byte of 人 with all of 在, also fits 强在, because 强 ends in the same byte. Choose
    /// [`OnCutToken::Widen`](crate::OnCutToken::Widen) for these.
    ///
    /// ```
    /// use drivetrain_data::{AnnotatedText, Span, SpanUnit};
    ///
    /// let text = AnnotatedText { text: "她住在北京。".into(), spans: vec![Span::new(3..5, "LOC")] };
    /// assert_eq!(text.pieces(SpanUnit::Characters), ["她住在", "北京", "。"]);
    /// ```
    #[must_use]
    pub fn pieces(&self, unit: SpanUnit) -> Vec<&str> {
        let chars = CharOffsets::new(&self.text);
        let ranges = self.spans.iter().filter_map(|span| unit.range_in(&self.text, &chars, span).ok());
        let ends = ranges.flat_map(|range| [range.start, range.end]);
        let mut cuts: Vec<usize> = ends.chain([0, self.text.len()]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|cut| &self.text[cut[0]..cut[1]]).collect()
    }
}
