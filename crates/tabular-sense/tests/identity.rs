//! Tests the built-in model on a thousand columns each of ID-card numbers, bank-card numbers and licence plates. They are
//! generated here, with other seeds, other code and other formats than the data that the model was trained on.

use drivetrain::random::{Draws, Random};
use tabular_sense::model::{Classifier, choose};
use tabular_sense_synth::GeneratorConfig;
use tabular_sense_synth::checksum::{id_check, luhn_check};
use tabular_sense_synth::types::SemanticType as T;

const COLUMNS: u64 = 1000;

fn digits(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'0' + draw.below(10) as u8)).collect()
}

fn id(draw: &mut Draws) -> String {
    let region =
        *draw.pick(&["110108", "310115", "440305", "510107", "330106", "420106", "610113", "350203", "230103"]);
    let day = format!("{}{:02}{:02}", draw.between(1935, 2015), draw.between(1, 12), draw.between(1, 28));
    let body = format!("{region}{day}{}", digits(draw, 3));
    let check = id_check(&body);
    body + &check.to_string()
}

fn ids(draw: &mut Draws, n: usize) -> Vec<String> {
    let form = draw.below(7);
    let cell = |draw: &mut Draws| {
        let id = id(draw);
        match form {
            0 => id,
            1 => id.to_lowercase(),
            // In groups of digits, as people read them out.
            2 => format!("{} {} {} {}", &id[..6], &id[6..10], &id[10..14], &id[14..]),
            // Month and day of birth are masked.
            3 => format!("{}****{}", &id[..10], &id[14..]),
            4 => format!("{}********{}", &id[..4], &id[12..]),
            5 => format!("{id} "),
            _ if draw.chance(0.2) => "未提供".to_owned(),
            _ => format!("({id})"),
        }
    };
    (0..n).map(|_| cell(draw)).collect()
}

fn card(draw: &mut Draws, start: &str, length: usize) -> String {
    let body = format!("{start}{}", digits(draw, length - 1 - start.len()));
    let check = luhn_check(&body);
    body + &check.to_string()
}

fn cards(draw: &mut Draws, n: usize) -> Vec<String> {
    let form = draw.below(7);
    let cell = |draw: &mut Draws| {
        let start = *draw.pick(&["621700", "622848", "621799", "622303", "621558", "623094", "625958"]);
        let (long, short) = (card(draw, start, 19), card(draw, start, 16));
        match form {
            0 => long,
            1 => short,
            2 => format!("{} {}", &long[..6], &long[6..]),
            3 => format!("{} {} {} {} {}", &long[..4], &long[4..8], &long[8..12], &long[12..16], &long[16..]),
            4 => format!("{}****{}", &short[..8], &short[12..]),
            5 if draw.chance(0.5) => card(draw, "5184", 16),
            5 => card(draw, "4392", 16),
            _ => format!("{}.{}.{}.{}", &short[..4], &short[4..8], &short[8..12], &short[12..]),
        }
    };
    (0..n).map(|_| cell(draw)).collect()
}

fn plates(draw: &mut Draws, n: usize) -> Vec<String> {
    let form = draw.below(6);
    let cell = |draw: &mut Draws| {
        let province = *draw.pick(&["京", "沪", "粤", "苏", "浙", "鲁", "川", "鄂", "陕", "闽", "湘", "豫"]);
        let letter = char::from(*draw.pick(b"ABCDEFGHJKLMN"));
        let sign = |draw: &mut Draws| char::from(*draw.pick(b"0123456789012345678ACDEFGHJKMPQRSTUVWXY"));
        let number: String = (0..5).map(|_| sign(draw)).collect();
        match form {
            0 => format!("{province}{letter}{number}"),
            1 => format!("{province} {letter}{number}"),
            2 => format!("{province}{letter}_{number}"),
            3 => format!("{province}{}{number}", letter.to_ascii_lowercase()),
            4 => format!("{province}{letter}·D{}", digits(draw, 5)),
            _ => format!("{province}{letter}{}***", &number[..2]),
        }
    };
    (0..n).map(|_| cell(draw)).collect()
}

const NAMELESS: &[&str] = &["", "col2", "字段7", "Unnamed: 3", "value", "c11", "附加信息"];

/// A kind of column: its type, names that suggest the type, and a generator of its cells.
type Kind = (T, &'static [&'static str], fn(&mut Draws, usize) -> Vec<String>);

const KINDS: &[Kind] = &[
    (T::IdCard, &["证件号码", "身份证", "sfzh", "id_card_no", "ID Number", "cust_idcard", "zjhm"], ids),
    (T::BankCard, &["银行卡", "收款卡号", "yhkh", "card_number", "bankCardNo", "Account No."], cards),
    (T::Plate, &["车牌", "车牌号码", "cph", "plate_no", "licensePlate", "Vehicle Plate"], plates),
];

#[test]
fn identity_numbers_cards_and_plates_are_told_from_all_else() {
    let classifier = Classifier::base().expect("the model that ships");
    let random = Random::new(20_260_101, "other columns");
    let mut columns: Vec<(String, Vec<String>, Option<T>)> = Vec::new();
    for (at, (label, names, cells)) in KINDS.iter().enumerate() {
        for i in 0..COLUMNS {
            let mut draw = random.at(at as u64 * COLUMNS + i).draws();
            let n = 10 + draw.below(30);
            let values = cells(&mut draw, n);
            let names = if draw.chance(0.5) { names } else { NAMELESS };
            let name = *draw.pick::<&str>(names);
            columns.push((name.to_owned(), values, Some(*label)));
        }
    }
    // Columns of all other kinds, generated with a seed that no model was trained on.
    let others = GeneratorConfig { per_type: 100, seed: 987_654_321 };
    let others = (0..others.total()).map(|i| others.sample(i));
    let is_other =
        |labels: tabular_sense_synth::types::TypeSet| !KINDS.iter().any(|(label, ..)| labels.contains(*label));
    columns.extend(others.filter(|one| is_other(one.labels)).map(|one| (one.name, one.values, None)));

    let inputs: Vec<(&str, &[String])> = columns.iter().map(|(name, values, _)| (&**name, &**values)).collect();
    let found = classifier.answers(&inputs, &classifier.predict);
    for (label, ..) in KINDS {
        let (mut hits, mut misses, mut alarms) = (0, 0, 0);
        let mut examples = Vec::new();
        for ((name, values, truth), answer) in columns.iter().zip(&found) {
            let row = &answer.probabilities;
            let place = classifier.labels().place(*label);
            let is_given = choose(row, Some(&answer.thresholds), None).iter().any(|(given, _)| Some(*given) == place);
            match (is_given, *truth == Some(*label)) {
                (true, true) => hits += 1,
                (false, false) => continue,
                (true, false) => alarms += 1,
                (false, true) => misses += 1,
            }
            if is_given != (*truth == Some(*label)) {
                examples.push(format!("{name:?} {:.2} {:?}", row[label.index()], &values[..values.len().min(3)]));
            }
        }
        let f1 = 2.0 * f64::from(hits) / f64::from(2 * hits + misses + alarms);
        println!(
            "{label}: F1 {f1:.4}, {misses} missed, {alarms} false alarms {:#?}",
            &examples[..examples.len().min(12)]
        );
        assert!(f1 >= 0.995, "{label}: F1 {f1:.4}, {misses} missed, {alarms} false alarms");
    }
}
