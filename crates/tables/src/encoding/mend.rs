//! Repairs lines of a UTF-8 file that are not valid UTF-8.
//!
//! Files that were put together from several sources may contain lines in another encoding. Such lines are decoded in
//! that encoding, word by word, if the result is plausible. Anything that is plausible in no encoding is damage, and
//! becomes U+FFFD.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::candidates::Candidate;
use super::evidence::{self, ELSEWHERE, Evidence};
use super::fragments::{self, Fragment, Span};

/// The cost of assuming that a word is valid UTF-8 only by chance, next to one that is not valid.
const BY_CHANCE: f32 = 2.0;
/// Until this many different words have been seen, each new one may change the encoding in which they are read.
const UNDECIDED: usize = 12;
/// How many decisions are remembered.
const REMEMBERED: usize = 10_000;

/// Reads such lines, and counts them.
#[derive(Default)]
pub(in super::super) struct Mender {
    evidence: Evidence,
    candidate: Option<&'static Candidate>,
    lines: Vec<(&'static Encoding, u64)>,
    replaced: u64,
    /// Signatures of words that are in the other encoding, and of those that are not, so that each is weighed once.
    decided: HashMap<Vec<u8>, bool>,
}

impl Mender {
    /// How many lines were read in which other encodings.
    pub(in super::super) fn lines(&self) -> &[(&'static Encoding, u64)] {
        &self.lines
    }

    /// How many malformed pieces became U+FFFD.
    pub(in super::super) fn replaced(&self) -> u64 {
        self.replaced
    }

    /// Appends a line that is not valid UTF-8 to `out`.
    pub(in super::super) fn mend(&mut self, line: &[u8], out: &mut String) {
        let words: Vec<Word> = fragments::spans(line).map(|span| Word::new(line, span)).collect();
        let (other, decisions) = match self.decide_from_memory(&words) {
            Some(decisions) => (self.candidate, decisions),
            None => self.decide(&words),
        };
        let mut from = 0;
        for (word, _) in words.iter().zip(decisions).filter(|(_, is_other)| *is_other) {
            let Some(other) = other else { break };
            // The bytes between these words are ASCII, or belong to words that stay in UTF-8.
            self.push_lossy(&line[from..word.span.begin], out);
            let bytes = &line[word.span.begin..word.span.end];
            let (text, malformed) = other.encoding.decode_without_bom_handling(bytes);
            self.replaced += if malformed { text.matches('\u{FFFD}').count() as u64 } else { 0 };
            out.push_str(&text);
            from = word.span.end;
        }
        if let (true, Some(other)) = (from > 0, other) {
            self.count_line(other.encoding);
        }
        self.push_lossy(&line[from..], out);
    }

    /// For each word of a line, whether it is in the other encoding; `None` unless all of them are like words seen
    /// before.
    fn decide_from_memory(&self, words: &[Word]) -> Option<Vec<bool>> {
        words.iter().map(|word| self.decided.get(&word.signature).copied()).collect()
    }

    /// The other encoding of a line, and for each of its words, whether the word is in that encoding.
    fn decide(&mut self, words: &[Word]) -> (Option<&'static Candidate>, Vec<bool>) {
        let Some(other) = self.other_encoding(words) else { return (None, vec![false; words.len()]) };
        let mut chars = Vec::new();
        let mut is_other = |word: &Word| {
            let here = evidence::utf_8_cost(&word.fragment, &mut chars);
            let margin = if word.valid { BY_CHANCE } else { 0.0 };
            evidence::cost_in(other, &word.fragment, &mut chars) + margin < here
        };
        let decisions: Vec<bool> = words.iter().map(&mut is_other).collect();
        let is_usual = self.candidate.is_some_and(|usual| usual.encoding == other.encoding);
        if is_usual && self.decided.len() < REMEMBERED {
            self.decided
                .extend(words.iter().zip(&decisions).map(|(word, is_other)| (word.signature.clone(), *is_other)));
        }
        (Some(other), decisions)
    }

    /// The encoding in which a line's words are plausible: that of earlier lines, or another one for this line alone.
    fn other_encoding(&mut self, words: &[Word]) -> Option<&'static Candidate> {
        let bad = || words.iter().filter(|word| !word.valid).map(|word| &word.fragment);
        let before = self.evidence.kinds();
        bad().for_each(|fragment| self.evidence.add_fragment(fragment.clone(), false));
        if self.candidate.is_none() || (self.evidence.kinds() > before && before < UNDECIDED) {
            self.candidate = Some(self.evidence.best_but_utf_8());
            self.decided.clear();
        }
        let makes_sense = |candidate: &&'static Candidate| {
            let mut chars = Vec::new();
            let cost: f32 = bad().map(|fragment| evidence::cost_in(candidate, fragment, &mut chars)).sum();
            let here: f32 = bad().map(|fragment| evidence::utf_8_cost(fragment, &mut chars)).sum();
            // A rare encoding is rarer still in single lines.
            cost + ELSEWHERE + 2.0 * candidate.prior < here
        };
        self.candidate.filter(makes_sense).or_else(|| {
            let mut alone = Evidence::default();
            bad().for_each(|fragment| alone.add_fragment(fragment.clone(), false));
            Some(alone.best_but_utf_8()).filter(makes_sense)
        })
    }

    fn count_line(&mut self, encoding: &'static Encoding) {
        match self.lines.iter_mut().find(|(known, _)| *known == encoding) {
            Some((_, count)) => *count += 1,
            None => self.lines.push((encoding, 1)),
        }
    }

    fn push_lossy(&mut self, bytes: &[u8], out: &mut String) {
        for chunk in bytes.utf8_chunks() {
            out.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.replaced += 1;
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}

/// A word of a line.
struct Word {
    span: Span,
    fragment: Fragment,
    valid: bool,
    signature: Vec<u8>,
}

impl Word {
    fn new(line: &[u8], span: Span) -> Self {
        let fragment = Fragment::new(line, &span);
        let valid = std::str::from_utf8(&line[span.begin..span.end]).is_ok();
        let signature = fragment.signature();
        Self { span, fragment, valid, signature }
    }
}
