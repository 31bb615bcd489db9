//! Checksums have the last word on what long numbers are.

use super::{bare, present};
use crate::checksum::{passes_card, passes_id};
use crate::generate::name_cue;
use crate::model::Probabilities;
use crate::types::SemanticType;
use SemanticType as T;

/// Of how many different numbers on a checksum has a word: one in ten or eleven passes by chance.
const ENOUGH: usize = 3;

/// Of how many on it has the last word: of five random numbers all pass once in 100,000 columns.
const PLENTY: usize = 5;

/// What a checksum says of a column.
struct Verdict {
    /// Nearly all pass.
    passed: bool,
    /// Nearly none does.
    failed: bool,
    /// Different numbers that it was asked of.
    count: usize,
}

impl Verdict {
    fn of(values: &[String], passes: fn(&str) -> Option<bool>) -> Self {
        let mut asked: Vec<(&str, bool)> =
            present(values).filter_map(|value| Some((value, passes(&bare(value))?))).collect();
        // It has nothing to say where many values are not of the form.
        let is_asked = 10 * asked.len() >= 6 * present(values).count();
        asked.sort_unstable();
        asked.dedup();
        let good = asked.iter().filter(|(_, passed)| *passed).count();
        let is_asked = is_asked && asked.len() >= ENOUGH;
        Self {
            passed: is_asked && 10 * good >= 9 * asked.len(),
            failed: is_asked && 10 * good < 3 * asked.len(),
            count: asked.len(),
        }
    }
}

/// Lets checksums decide what long numbers are: an identity number, a card's, or another. They say more than a model can
/// read from digits. Only the name of such a column keeps numbers that fail: of a demonstration, made up.
pub(crate) fn settle(mut probabilities: Probabilities, name: &str, values: &[String]) -> Probabilities {
    let is_long = |value: &str| value.bytes().filter(u8::is_ascii_digit).count() >= 15;
    if !present(values).any(is_long) {
        return probabilities;
    }
    let [id, card, int] = [T::IdCard, T::BankCard, T::Int].map(SemanticType::index);
    let (as_id, as_card) = (Verdict::of(values, passes_id), Verdict::of(values, passes_card));
    let surely = |probability: f32| probability.max(0.99);
    let hardly = |probability: f32| probability.min(0.01);
    if as_id.passed && !as_card.passed {
        if as_id.count >= PLENTY {
            probabilities[id] = surely(probabilities[id]);
            probabilities[int] = hardly(probabilities[int]);
        }
        probabilities[card] = hardly(probabilities[card]);
    } else if as_card.passed && !as_id.passed {
        if as_card.count >= PLENTY {
            probabilities[card] = surely(probabilities[card]);
            probabilities[int] = hardly(probabilities[int]);
        }
        probabilities[id] = hardly(probabilities[id]);
    } else if as_id.failed && probabilities[id] > 0.01 && name_cue(T::IdCard, name).is_none() {
        probabilities[id] = hardly(probabilities[id]);
    } else if as_id.failed && as_card.failed && probabilities[id] > 0.01 {
        probabilities[card] = hardly(probabilities[card]);
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checksum::{id_check, luhn_check};

    #[test]
    fn a_checksum_decides_between_two_kinds_of_long_numbers() {
        let (id, card) = (T::IdCard.index(), T::BankCard.index());
        let with = |body: String, check: fn(&str) -> char| format!("{body}{}", check(&body));
        let unsure = |a: f32, b: f32| {
            let mut probabilities = [0.0; SemanticType::ALL.len()];
            (probabilities[id], probabilities[card]) = (a, b);
            probabilities
        };
        let ids: Vec<String> = (1..=6).map(|i| format!("1101051949123100{i}")).map(|b| with(b, id_check)).collect();
        let settled = settle(unsure(0.4, 0.6), "", &ids);
        assert!(settled[id] > 0.9 && settled[card] < 0.1, "{ids:?}");
        // Cards of 18 digits: they pass Luhn's test, and no identity number's.
        let cards: Vec<String> = (0..6).map(|i| format!("6222021001{i}134567")).map(|b| with(b, luhn_check)).collect();
        let settled = settle(unsure(0.6, 0.0), "", &cards);
        assert!(settled[id] < 0.1 && settled[card] > 0.9, "{cards:?}");
        let bracketed: Vec<String> = ids.iter().map(|id| format!("({} {})", &id[..6], &id[6..])).collect();
        assert!(settle(unsure(0.0, 0.0), "", &bracketed)[id] > 0.9);
        // Three say what it is not, but not yet what it is; the same one three times says nothing.
        let settled = settle(unsure(0.6, 0.2), "", &cards[..3]);
        assert!(settled[id] < 0.1 && settled[card] == 0.2);
        assert_eq!(settle(unsure(0.6, 0.5), "", &vec![cards[0].clone(); 3]), unsure(0.6, 0.5));
        // Too few to tell.
        assert_eq!(settle(unsure(0.6, 0.5), "", &cards[..2]), unsure(0.6, 0.5));
        // Made up: identity numbers by their name only.
        let wrong: Vec<String> =
            (1..=6).map(|i| format!("11010519491231003{i}")).filter(|n| passes_id(n) != Some(true)).collect();
        assert!(settle(unsure(0.9, 0.1), "编码", &wrong)[id] < 0.1);
        assert!(settle(unsure(0.9, 0.1), "sfzh", &wrong)[id] > 0.8);
    }
}
