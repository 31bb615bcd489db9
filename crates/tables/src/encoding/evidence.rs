//! What the words of a file say about its encoding.

use std::collections::BTreeMap;

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::candidates::{CANDIDATES, Candidate, LANGUAGES};
use super::characters;
use super::fragments::{self, Fragment};
use super::symbols::IMPOSSIBLE;

/// How many different words are kept.
const KINDS: usize = 1_500;
/// How many words of the same signature are kept.
const EXAMPLES: usize = 3;
/// The cost of assuming that a word of a UTF-8 file is in another encoding.
pub(super) const ELSEWHERE: f32 = 8.0;
/// The cost of assuming that a file is not in UTF-8 although some of its words are.
const NOT_UTF_8: f32 = 4.0;
/// The cost of assuming that a file is in UTF-8 although not one word in it is valid.
const ALL_DAMAGED: f32 = 8.0;
/// A candidate this much worse than the best is not considered further, in nats.
const HOPELESS: f32 = 300.0;
/// How many words are weighed before the worst candidates are dropped.
const ROUND: usize = 50;

/// The words of a file with non-ASCII bytes, grouped by what they say about the encoding.
#[derive(Default)]
pub(super) struct Evidence {
    kinds: BTreeMap<Vec<u8>, Kind>,
    invalid_in_utf_8: bool,
}

struct Kind {
    count: u32,
    valid_utf_8: bool,
    examples: Vec<Fragment>,
}

impl Kind {
    /// Words that say the same are not independent evidence, but they are some evidence.
    fn weight(&self) -> f32 {
        1.0 + 0.5 * (self.count as f32).ln()
    }

    /// The mean of a cost over the examples.
    fn mean(&self, cost: impl FnMut(&Fragment) -> f32) -> f32 {
        self.examples.iter().map(cost).sum::<f32>() / self.examples.len() as f32
    }
}

impl Evidence {
    /// Adds the words of a text. It should end where a line does.
    pub(super) fn add(&mut self, text: &[u8]) {
        for span in fragments::spans(text) {
            let valid_utf_8 = std::str::from_utf8(&text[span.begin..span.end]).is_ok();
            self.add_fragment(Fragment::new(text, &span), valid_utf_8);
        }
    }

    pub(super) fn add_fragment(&mut self, fragment: Fragment, valid_utf_8: bool) {
        self.invalid_in_utf_8 |= !valid_utf_8;
        let signature = fragment.signature();
        if let Some(kind) = self.kinds.get_mut(&signature) {
            kind.count += 1;
            if kind.examples.len() < EXAMPLES && kind.examples.iter().all(|known| known.word() != fragment.word()) {
                kind.examples.push(fragment);
            }
        } else if self.kinds.len() < KINDS {
            self.kinds.insert(signature, Kind { count: 1, valid_utf_8, examples: vec![fragment] });
        }
    }

    pub(super) fn verdict(&self) -> &'static Encoding {
        if self.kinds.is_empty() || !self.invalid_in_utf_8 && !self.is_chinese_by_chance_utf_8() {
            return UTF_8;
        }
        let (weighings, utf_8) = self.weigh(&mut Vec::new());
        let Some(best) = weighings.iter().min_by(|a, b| a.all().total_cmp(&b.all())) else { return UTF_8 };
        let any_utf_8 = self.kinds.values().any(|kind| kind.valid_utf_8);
        let lead = if any_utf_8 { NOT_UTF_8 } else { -ALL_DAMAGED };
        if self.invalid_in_utf_8 && utf_8 <= best.all() + lead { UTF_8 } else { best.candidate.encoding }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many words that say something different have been seen.
    pub(super) fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// The most likely encoding other than UTF-8.
    pub(super) fn best_but_utf_8(&self) -> &'static Candidate {
        let (weighings, _) = self.weigh(&mut Vec::new());
        let best = weighings.iter().min_by(|a, b| a.all().total_cmp(&b.all()));
        best.map_or(&CANDIDATES[0], |best| best.candidate)
    }

    /// Whether the words are plausible as text in some encoding, which binary data hardly ever is.
    pub(super) fn makes_sense(&self) -> bool {
        /// The highest cost per non-ASCII byte of what still counts as text.
        const LIMIT: f32 = 6.0;
        if !self.invalid_in_utf_8 {
            return true;
        }
        let best = Weighing::new(self.best_but_utf_8());
        let (mut bytes, mut cost, mut chars) = (0, 0.0, Vec::new());
        for kind in self.kinds.values() {
            let high = kind.examples[0].word().iter().filter(|byte| !byte.is_ascii()).count();
            let ascii = kind.examples[0].word().len() - high;
            bytes += high;
            cost += best.fragment(&kind.examples[0], &mut chars) - 3.0 * ascii as f32;
        }
        cost <= LIMIT * bytes as f32
    }

    /// All candidates that are still possible, with the cost of the words in each, and their cost in UTF-8.
    fn weigh(&self, chars: &mut Vec<char>) -> (Vec<Weighing>, f32) {
        let mut weighings: Vec<Weighing> = CANDIDATES.iter().map(Weighing::new).collect();
        for (at, kind) in self.kinds.values().enumerate() {
            for weighing in &mut weighings {
                weighing.add(kind, chars);
            }
            if at % ROUND == ROUND - 1 {
                let best = weighings.iter().map(Weighing::all).fold(f32::INFINITY, f32::min);
                weighings.retain(|weighing| weighing.all() < best + HOPELESS);
            }
        }
        let utf_8 = self.in_utf_8(&weighings, chars);
        (weighings, utf_8)
    }

    /// The cost of the words if the file is in UTF-8: those that are not valid are damaged, or in one other encoding.
    fn in_utf_8(&self, weighings: &[Weighing], chars: &mut Vec<char>) -> f32 {
        let elsewhere = weighings.iter().min_by(|a, b| a.invalid().total_cmp(&b.invalid()));
        let mut total = elsewhere.map_or(0.0, |weighing| weighing.candidate.prior);
        for kind in self.kinds.values() {
            let here = kind.mean(|fragment| utf_8_cost(fragment, chars));
            let other = match elsewhere {
                Some(weighing) if !kind.valid_utf_8 => weighing.cost(kind, chars) + ELSEWHERE,
                _ => f32::INFINITY,
            };
            total += kind.weight() * here.min(other);
        }
        total
    }

    /// Whether the words are valid UTF-8 only by chance: the two bytes in GB18030 of some Chinese characters, such as `女` and `元`,
    /// are also a single character in UTF-8, although one that no table would contain there.
    fn is_chinese_by_chance_utf_8(&self) -> bool {
        /// By how much the Chinese reading must be likelier.
        const CERTAIN: f32 = 4.0;
        if self.kinds.len() > 2 {
            return false;
        }
        let Some(chinese) = CANDIDATES.iter().find(|candidate| candidate.encoding == GB18030) else { return false };
        let chinese = Weighing::new(chinese);
        let mut chars = Vec::new();
        let mut gain = 0.0;
        for kind in self.kinds.values() {
            if !kind.examples.iter().all(|fragment| is_chinese_rather_than_letters(fragment, &mut chars)) {
                return false;
            }
            let here = kind.mean(|fragment| utf_8_cost(fragment, &mut chars));
            gain += kind.weight() * (here - chinese.cost(kind, &mut chars));
        }
        gain > CERTAIN
    }
}

/// Whether a fragment that is valid UTF-8 is more likely Chinese in GB18030: it is a Chinese word that is common in tables; or, in
/// UTF-8, it is a single letter that no living language uses in tables, or its adjacent letters are from different alphabets.
/// Anything else may be a word of some language.
fn is_chinese_rather_than_letters(fragment: &Fragment, chars: &mut Vec<char>) -> bool {
    let mut beyond_ascii = |encoding: &'static Encoding| -> Vec<char> {
        let word = fragment.decode_into(encoding, chars);
        chars[word].iter().copied().filter(|char| !char.is_ascii()).collect()
    };
    let block = |char: char| (u32::from(char) >> 8).max(2);
    let unused = |char: char| matches!(char, '\u{180}'..='\u{24F}' | '\u{2B0}'..='\u{36F}' | '\u{460}'..='\u{489}' | '\u{500}'..='\u{52F}');
    match beyond_ascii(UTF_8)[..] {
        [letter] if unused(letter) => true,
        ref letters if letters.len() > 1 && letters.windows(2).all(|two| block(two[0]) != block(two[1])) => true,
        _ => characters::is_table_word(&beyond_ascii(GB18030)),
    }
}

/// The cost of a fragment in UTF-8, in its most likely language.
pub(super) fn utf_8_cost(fragment: &Fragment, chars: &mut Vec<char>) -> f32 {
    /// By how much the cost is lower for a character whose last bytes are missing: this damage is more likely than a stray byte.
    const CUT: f32 = IMPOSSIBLE / 2.0;
    /// By how much the cost is lower for bytes that follow a malformed one: they are part of the same damage.
    const AGAIN: f32 = IMPOSSIBLE * 0.6;
    let word = fragment.decode_into(UTF_8, chars);
    let mut known = 0.0;
    let mut after_damage = false;
    for chunk in fragment.word().utf8_chunks() {
        known += match chunk.invalid().len() {
            1.. if after_damage && chunk.valid().is_empty() => AGAIN,
            2.. => CUT,
            _ => 0.0,
        };
        after_damage = !chunk.invalid().is_empty();
    }
    let costs = LANGUAGES.iter().map(|language| language.cost(chars, word.clone()));
    (costs.fold(f32::INFINITY, f32::min) - known).max(0.0)
}

/// The cost of a fragment in an encoding, whatever its language.
pub(super) fn cost_in(candidate: &'static Candidate, fragment: &Fragment, chars: &mut Vec<char>) -> f32 {
    Weighing::new(candidate).fragment(fragment, chars)
}

/// A candidate, and the cost of the words in each of its languages.
struct Weighing {
    candidate: &'static Candidate,
    /// By language: the cost of the words that are valid UTF-8 and of those that are not.
    totals: Vec<[f32; 2]>,
}

impl Weighing {
    fn new(candidate: &'static Candidate) -> Self {
        let totals = candidate.languages.iter().map(|(_, cost)| [0.0, *cost]).collect();
        Self { candidate, totals }
    }

    fn add(&mut self, kind: &Kind, chars: &mut Vec<char>) {
        let mut sums = vec![0.0; self.totals.len()];
        for fragment in &kind.examples {
            for (sum, cost) in sums.iter_mut().zip(self.costs(fragment, chars)) {
                *sum += cost;
            }
        }
        let weight = kind.weight() / kind.examples.len() as f32;
        for (total, sum) in self.totals.iter_mut().zip(sums) {
            total[usize::from(!kind.valid_utf_8)] += weight * sum;
        }
    }

    /// The cost of words of one kind, whatever their language.
    fn cost(&self, kind: &Kind, chars: &mut Vec<char>) -> f32 {
        kind.mean(|fragment| self.fragment(fragment, chars))
    }

    /// The cost of a fragment, whatever its language.
    fn fragment(&self, fragment: &Fragment, chars: &mut Vec<char>) -> f32 {
        self.costs(fragment, chars).into_iter().fold(f32::INFINITY, f32::min)
    }

    /// The cost of a fragment for each language that the file may be in. Since a file in one language also contains words of
    /// others, half of a word's probability is that of a word of any of the languages.
    fn costs(&self, fragment: &Fragment, chars: &mut Vec<char>) -> Vec<f32> {
        let word = fragment.decode_into(self.candidate.encoding, chars);
        let languages = self.candidate.languages.iter();
        let own: Vec<f32> = languages.map(|(language, _)| language.cost(chars, word.clone())).collect();
        let best = own.iter().copied().fold(f32::INFINITY, f32::min);
        let mean = own.iter().map(|cost| (best - cost).exp()).sum::<f32>() / own.len() as f32;
        own.iter().map(|cost| best - (0.5 * (best - cost).exp() + 0.5 * mean).ln()).collect()
    }

    fn all(&self) -> f32 {
        self.candidate.prior + self.least(|[valid, invalid]| valid + invalid)
    }

    fn invalid(&self) -> f32 {
        self.candidate.prior + self.least(|[_, invalid]| invalid)
    }

    fn least(&self, of: impl Fn([f32; 2]) -> f32) -> f32 {
        self.totals.iter().map(|total| of(*total)).fold(f32::INFINITY, f32::min)
    }
}
