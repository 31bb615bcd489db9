//! Turns one line of a sample file into token ids: the application's part of the data path.

use drivetrain::data::{EncodedSample, Fingerprint, LineProblem, SampleEncoder, TokenizedSample, Tokenizer};
use tabular_sense_synth::sample::SampleLine;

use crate::input::line_text;
use crate::labels::Labels;

/// Tokenises a column's name and values, and turns its labels into class indices.
pub struct ColumnEncoder {
    /// The tokenizer.
    pub tokenizer: Tokenizer,
    /// Longest input in tokens.
    pub max_len: usize,
    /// The labels that samples may have.
    pub labels: Labels,
}

impl SampleEncoder for ColumnEncoder {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let line = SampleLine::parse(line).map_err(|problem| LineProblem(problem.to_string()))?;
        let mut target: Vec<u32> = Vec::new();
        for name in line.label_names() {
            // For a built-in label set, the error suggests the type that was probably meant.
            let index = match self.labels.is_built_in() {
                true => line.labels().map(|_| self.labels.index(name)).map_err(|unknown| unknown.to_string()),
                false => self.labels.find(name).map(Some).map_err(|unknown| unknown.to_string()),
            };
            target.extend(index.map_err(LineProblem)?.map(|index| index as u32));
        }
        target.sort_unstable();
        target.dedup();
        if self.labels.is_single() && target.len() != 1 {
            let problem = format!("{} labels, expected exactly one: the labels are single", target.len());
            return Err(LineProblem(problem));
        }
        let encoding = self.tokenizer.encode_truncated(&line_text(&line), self.max_len);
        Ok(EncodedSample { sample: TokenizedSample { input: encoding.ids, target }, cut: encoding.cut })
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut parts = format!("columns {} {} {}", crate::input::VERSION, self.tokenizer.fingerprint(), self.max_len);
        for label in self.labels.names() {
            parts.push(' ');
            parts.push_str(label);
        }
        if self.labels.is_single() {
            parts.push_str(" single");
        }
        Fingerprint::of_bytes(parts.as_bytes())
    }
}
