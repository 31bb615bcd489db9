//! One line of a sample file to ids: the application's side of the data path.

use drivetrain::data::{EncodedSample, Fingerprint, LineProblem, SampleEncoder, TokenizedSample, Tokenizer};

use crate::input::parse_input;
use tabular_sense_synth::types::SemanticType;

/// Tokenises a column's name and values, and turns its types into class indices.
pub struct ColumnEncoder {
    /// Text to ids.
    pub tokenizer: Tokenizer,
    /// Longest input in tokens.
    pub max_len: usize,
}

impl SampleEncoder for ColumnEncoder {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let (input, labels) = parse_input(line).map_err(|problem| LineProblem(problem.to_string()))?;
        let encoding = self.tokenizer.encode_truncated(&input, self.max_len);
        let target = labels.iter().map(|label| label.index() as u32).collect();
        Ok(EncodedSample { sample: TokenizedSample { input: encoding.ids, target }, cut: encoding.cut })
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut parts = format!("columns {} {} {}", crate::input::VERSION, self.tokenizer.fingerprint(), self.max_len);
        for label in SemanticType::ALL {
            parts.push(' ');
            parts.push_str(label.code());
        }
        Fingerprint::of_bytes(parts.as_bytes())
    }
}
