//! Checksums have the last word on what long numbers are: identity numbers, card numbers, or something else. They tell more
//! than a model can infer from digits.

use super::bare;
use super::finding::{Reason, Verdict};
use super::profile::Profile;
use crate::probabilities::TypeProbabilities;
use SemanticType as T;
use tabular_sense_synth::checksum::{is_card_number, passes_card, passes_id};
use tabular_sense_synth::types::SemanticType;

/// A checksum is consulted only if the column has at least this many different numbers, because a random number passes with a
/// probability of about one in ten or eleven.
const ENOUGH: usize = 3;

/// A checksum decides on its own from this many numbers on: five random numbers all pass in only one of 100,000 columns.
const PLENTY: usize = 5;

/// What a checksum says of a column.
struct Asked {
    /// At least nine in ten numbers pass.
    passed: bool,
    /// Fewer than three in ten numbers pass.
    failed: bool,
    /// Number of different numbers that it was applied to.
    count: usize,
}

impl Asked {
    fn of(column: &Profile<'_>, passes: fn(&str) -> Option<bool>) -> Self {
        let mut asked: Vec<(&str, bool)> =
            column.values.iter().filter_map(|value| Some((&**value, passes(&bare(value))?))).collect();
        // If many values do not have the form, the checksum says nothing about the column.
        let is_asked = 10 * asked.len() >= 6 * column.values.len();
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

const IS_ID: Reason =
    ("the numbers have valid check characters of identity cards (GB 11643)", "号码通过身份证号校验（GB 11643）");
const IS_CARD: Reason = (
    "the numbers have valid Luhn check digits and begin like bank cards",
    "号码通过 Luhn 校验，且以发卡机构的号段开头",
);
const NO_ID: Reason =
    ("the numbers have no valid check characters of identity cards (GB 11643)", "号码未通过身份证号校验（GB 11643）");
const NO_CARD: Reason = ("the numbers have no valid Luhn check digits", "号码未通过 Luhn 校验");
const NO_ISSUER: Reason = ("the numbers do not begin like bank cards", "号码不以发卡机构的号段开头");

/// Emits the checksum verdicts on a column of long numbers. If the numbers fail, the column keeps the type only if its name
/// says so: demonstration data may hold made-up numbers.
pub(super) fn checksums(column: &Profile<'_>, model: &TypeProbabilities, give: &mut dyn FnMut(SemanticType, Verdict)) {
    let is_long = |value: &str| value.bytes().filter(u8::is_ascii_digit).count() >= 14;
    if !column.values.iter().any(|value| is_long(value)) {
        return;
    }
    let (as_id, as_card) = (Asked::of(column, passes_id), Asked::of(column, passes_card));
    let is_issued = column.tenths(6, |value| is_card_number(&bare(value)));
    // The numbers of devices (IMEI), SIM cards and invoices have a Luhn check digit too.
    let is_card = as_card.passed && is_issued;
    if as_id.passed && !is_card {
        if as_id.count >= PLENTY {
            give(T::IdCard, Verdict::Settled(IS_ID));
        }
        give(T::BankCard, Verdict::Contradicted(IS_ID));
    } else if is_card && !as_id.passed {
        if as_card.count >= PLENTY {
            give(T::BankCard, Verdict::Settled(IS_CARD));
        }
        give(T::IdCard, Verdict::Contradicted(IS_CARD));
    } else if as_id.failed && model[T::IdCard.index()] > 0.01 {
        if !column.has_cue(T::IdCard) {
            give(T::IdCard, Verdict::Contradicted(NO_ID));
        } else if as_card.failed {
            give(T::BankCard, Verdict::Contradicted(NO_CARD));
        }
    }
    let is_plain = |value: &str| bare(value).bytes().all(|byte| byte.is_ascii_digit());
    if !is_issued && model[T::BankCard.index()] > 0.01 && column.most(is_plain) && !column.has_cue(T::BankCard) {
        give(T::BankCard, Verdict::Contradicted(NO_ISSUER));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::judge;
    use tabular_sense_synth::checksum::{id_check, luhn_check};
    use tabular_sense_tables::Cells;

    const ID: usize = T::IdCard.index();
    const CARD: usize = T::BankCard.index();

    fn settle(probabilities: TypeProbabilities, name: &str, values: &[String]) -> TypeProbabilities {
        judge(probabilities, &Profile::of(name, &Cells::of(values))).0
    }

    fn unsure(id: f32, card: f32) -> TypeProbabilities {
        let mut probabilities = [0.0; SemanticType::ALL.len()];
        (probabilities[ID], probabilities[CARD]) = (id, card);
        probabilities
    }

    fn with(body: &str, check: fn(&str) -> char) -> String {
        format!("{body}{}", check(body))
    }

    #[test]
    fn a_checksum_decides_between_two_kinds_of_long_numbers() {
        let ids: Vec<String> = (1..=6).map(|i| with(&format!("1101051949123100{i}"), id_check)).collect();
        let settled = settle(unsure(0.4, 0.6), "", &ids);
        assert!(settled[ID] > 0.9 && settled[CARD] < 0.1, "{ids:?}");
        // Card numbers of 18 digits: they pass Luhn's test, but not the check for identity numbers.
        let cards: Vec<String> = (0..6).map(|i| with(&format!("6222021001{i}134567"), luhn_check)).collect();
        let settled = settle(unsure(0.6, 0.0), "", &cards);
        assert!(settled[ID] < 0.1 && settled[CARD] > 0.9, "{cards:?}");
        let bracketed: Vec<String> = ids.iter().map(|id| format!("({} {})", &id[..6], &id[6..])).collect();
        assert!(settle(unsure(0.0, 0.0), "", &bracketed)[ID] > 0.9);
        // Three numbers tell what the column is not, but not what it is. The same number three times tells nothing.
        let settled = settle(unsure(0.6, 0.2), "", &cards[..3]);
        assert!(settled[ID] < 0.1 && settled[CARD] == 0.2);
        assert_eq!(settle(unsure(0.6, 0.5), "", &vec![cards[0].clone(); 3]), unsure(0.6, 0.5));
        // Too few to tell.
        assert_eq!(settle(unsure(0.6, 0.5), "", &cards[..2]), unsure(0.6, 0.5));
        // Made-up numbers are identity numbers only if the name says so.
        let wrong: Vec<String> =
            (1..=6).map(|i| format!("11010519491231003{i}")).filter(|n| passes_id(n) != Some(true)).collect();
        assert!(settle(unsure(0.9, 0.1), "编码", &wrong)[ID] < 0.1);
        assert!(settle(unsure(0.9, 0.1), "sfzh", &wrong)[ID] > 0.8);
    }

    #[test]
    fn luhns_digit_alone_makes_no_card() {
        // Numbers of devices (3GPP TS 23.003), of SIM cards (ITU-T E.118), and of invoices.
        for start in ["35209900176148", "01326700398271", "8986001234567890", "9500001234500"] {
            let numbers: Vec<String> = (0..8).map(|i| with(&format!("{start}{i}"), luhn_check)).collect();
            let settled = settle(unsure(0.0, 0.95), "serial", &numbers);
            assert!(settled[CARD] < 0.1 && settled[T::Int.index()] > 0.9, "{numbers:?}");
            // If the digits do not decide, the name does.
            assert!(settle(unsure(0.0, 0.95), "银行卡号", &numbers)[CARD] > 0.9, "{numbers:?}");
        }
        // American Express has 15 digits.
        let amex: Vec<String> = (0..8).map(|i| with(&format!("3782822463100{i}"), luhn_check)).collect();
        assert!(settle(unsure(0.0, 0.95), "serial", &amex)[CARD] > 0.9);
    }
}
