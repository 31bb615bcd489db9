//! How a model's probabilities become an answer: does anything other than the model support each type?
//!
//! ```text
//! checksum  ─ settles what long numbers are
//! notation  ─ settles a type whose notation nothing else has: `1.234.567` is a whole number, `二〇二四年一月五日` a day
//! objection ─ contradicts a type: fractions of a second are not coordinates
//! nothing   ─ withholds a type whose form no value has, and for which the column's name has no cue
//! ```
//!
//! The first of these that applies to a type is its verdict. A settled type whose digits are not a quantity rules out `int`; a
//! column of whole numbers for which no such type remains is `int`.

use super::checksums::checksums;
use super::finding::{Finding, Reason, Verdict};
use super::notations::NOTATIONS;
use super::objections::OBJECTIONS;
use super::profile::Profile;
use super::rules::is_whole_column;
use crate::probabilities::TypeProbabilities;
use tabular_sense_synth::recognise::numbers::is_plain_decimal;
use tabular_sense_synth::types::SemanticType;

/// The lowest probability at which a type is judged; thresholds are higher.
const LEAST_JUDGED: f32 = 0.05;

/// The range of probabilities in which a type is settled if name and values agree on it, or if the values alone identify it.
/// Below the range, the model has seen something else; above it, the type is assigned anyway, since thresholds are lower.
const AGREEABLE: std::ops::Range<f32> = 0.2..0.7;

/// How sure a model must be of a type that is supported only by a part of the name.
const BY_NAME: f32 = 0.7;

const NO_QUANTITY: Reason = ("the digits are another type, not a quantity", "这些数字属于另一类型，不是数量");

const WHOLE: Reason = ("the values are plain whole numbers", "是普通的整数，而不是号码");

const DECIMAL: Reason = ("the values are numbers with a decimal point", "是带小数点的数");

const NOTHING: Reason = (
    "nothing supports this type: no value looks like it, and the name does not suggest it",
    "没有依据：没有值像该类型，列名也未提示",
);

const NO_NAME: Reason = (
    "nothing supports this type: such values can be many things, and the name does not suggest it",
    "没有依据：这样的值可能是许多东西，列名也未提示",
);

const TOLD: Reason = ("nearly all values look like this type", "几乎所有值都像该类型");

const AGREED: Reason =
    ("most values look like this type, and the column has a common name for it", "多数值像该类型，列名也是其常用列名");

/// The verdict on each type, if any, in the order of the logits.
type Verdicts = [Option<Verdict>; SemanticType::ALL.len()];

/// The probabilities after the verdicts, and the verdicts that changed a probability.
pub(crate) fn judge(model: TypeProbabilities, column: &Profile<'_>) -> (TypeProbabilities, Vec<Finding>) {
    if column.values.is_empty() {
        return (model, Vec::new());
    }
    let mut verdicts = verdicts(&model, column);
    decide_number(&mut verdicts, &model, column);
    apply(&verdicts, model)
}

/// The first verdict on each type.
fn verdicts(model: &TypeProbabilities, column: &Profile<'_>) -> Verdicts {
    let mut verdicts = [None; SemanticType::ALL.len()];
    let mut give = |label: SemanticType, verdict: Verdict| {
        verdicts[label.index()].get_or_insert(verdict);
    };
    checksums(column, model, &mut give);
    NOTATIONS
        .iter()
        .filter(|rule| (rule.holds)(column))
        .for_each(|rule| give(rule.label, Verdict::Settled(rule.reason)));
    let is_judged = |label: SemanticType| model[label.index()] >= LEAST_JUDGED;
    let objections = OBJECTIONS.iter().filter(|rule| is_judged(rule.label) && (rule.holds)(column));
    objections.for_each(|rule| give(rule.label, Verdict::Contradicted(rule.reason)));
    for label in SemanticType::ALL.into_iter().filter(|label| is_judged(*label)) {
        let probability = model[label.index()];
        if AGREEABLE.contains(&probability) {
            if is_agreed(label, column) {
                give(label, Verdict::Settled(AGREED));
            }
            if is_told_by_form(label, column) {
                give(label, Verdict::Settled(TOLD));
            }
        }
        give(label, support(label, probability, column));
    }
    verdicts
}

/// Decides on `int` and `float` from the types whose values can be digits but not quantities: `int` is contradicted if one of them
/// is settled. If none of them remains likely, a column of whole numbers is settled as `int`, and one of numbers with a decimal
/// point as `float`.
fn decide_number(verdicts: &mut Verdicts, model: &TypeProbabilities, column: &Profile<'_>) {
    let of_digits = || SemanticType::ALL.into_iter().filter(|label| label.may_be_digits());
    let is_settled = |label: SemanticType| matches!(verdicts[label.index()], Some(Verdict::Settled(_)));
    let is_removed =
        |label: SemanticType| matches!(verdicts[label.index()], Some(Verdict::Withheld(_) | Verdict::Contradicted(_)));
    let remains = |label: SemanticType| model[label.index()] >= AGREEABLE.start && !is_removed(label);
    let (label, verdict) = if of_digits().any(is_settled) {
        (SemanticType::Int, Verdict::Contradicted(NO_QUANTITY))
    } else if of_digits().any(remains) {
        return;
    } else if !is_removed(SemanticType::Int) && is_whole_column(column) {
        (SemanticType::Int, Verdict::Settled(WHOLE))
    } else if !remains(SemanticType::Int) && !is_removed(SemanticType::Float) && column.most(is_plain_decimal) {
        (SemanticType::Float, Verdict::Settled(DECIMAL))
    } else {
        return;
    };
    verdicts[label.index()] = Some(verdict);
}

/// The probabilities after the verdicts, and the verdicts that changed a probability.
fn apply(verdicts: &Verdicts, model: TypeProbabilities) -> (TypeProbabilities, Vec<Finding>) {
    let (mut probabilities, mut findings) = (model, Vec::new());
    for (label, verdict) in SemanticType::ALL.into_iter().zip(verdicts) {
        let Some(verdict) = *verdict else { continue };
        let probability = &mut probabilities[label.index()];
        *probability = verdict.adjusted(*probability);
        if *probability != model[label.index()] {
            findings.push(Finding { label, verdict, model: model[label.index()] });
        }
    }
    (probabilities, findings)
}

/// Whether a value has the type's form, or the name has a cue for the type. Values that could be many things count only if the
/// model is sure or if the name says nothing, because then there is nothing else to go by.
fn support(label: SemanticType, probability: f32, column: &Profile<'_>) -> Verdict {
    let form = label.form();
    if column.some(form.is_evident) {
        return Verdict::Supported;
    }
    let may_be = column.some(form.holds);
    if column.has_cue(label) && (may_be || probability >= BY_NAME || column.is_called(label)) {
        return Verdict::Supported;
    }
    match may_be {
        true if probability >= form.sure || column.is_nameless() => Verdict::Supported,
        true => Verdict::Withheld(NO_NAME),
        false => Verdict::Withheld(NOTHING),
    }
}

/// Whether the name is one of the type's names, and at least seven in ten values have its form: word lists do not contain every
/// word.
fn is_agreed(label: SemanticType, column: &Profile<'_>) -> bool {
    column.is_called(label) && column.tenths(7, label.form().is_evident)
}

/// Whether few other things have the type's form, at least nine in ten values have it, and the name does not say otherwise.
fn is_told_by_form(label: SemanticType, column: &Profile<'_>) -> bool {
    let form = label.form();
    form.settles_doubt && (column.is_nameless() || column.has_cue(label)) && column.tenths(9, form.is_evident)
}

#[cfg(test)]
mod tests {
    use super::*;
    use SemanticType as T;
    use tabular_sense_tables::Cells;

    /// The types that remain after the verdicts, from types of which the model is sure. `values` are separated by `|`.
    fn left(name: &str, values: &str, sure: &[SemanticType]) -> Vec<(SemanticType, bool)> {
        let values: Vec<String> = values.split('|').map(str::to_owned).collect();
        let mut model = [0.0; SemanticType::ALL.len()];
        sure.iter().for_each(|label| model[label.index()] = 0.97);
        let (found, findings) = judge(model, &Profile::of(name, &Cells::of(&values)));
        for finding in &findings {
            assert!(finding.verdict.reason().is_some() && found[finding.label.index()] != finding.model, "{finding:?}");
        }
        SemanticType::ALL
            .into_iter()
            .map(|label| (label, found[label.index()] >= 0.5))
            .filter(|(_, given)| *given)
            .collect()
    }

    fn types(name: &str, values: &str, sure: &[SemanticType]) -> String {
        let left: Vec<&str> = left(name, values, sure).into_iter().map(|(label, _)| label.code()).collect();
        left.join(" ")
    }

    #[test]
    fn an_answer_for_which_nothing_speaks_is_withheld() {
        for (name, values, given, expected) in [
            ("净胜球", "+5|-3|+12|-40|+2", T::Phone, "int"),
            ("评论", "Быстрая доставка|Всё понравилось|Не подошёл размер", T::Boolean, ""),
            ("товар", "молоко|хлеб|сыр", T::Gender, ""),
            ("Bemerkung", "Tor links|Klingel kaputt|bitte anrufen", T::Boolean, ""),
            ("메모", "빠른 배송|문 앞에 두세요|연락 바람", T::Username, ""),
            ("x", "7|3|3|7|7", T::IdCard, "int"),
            // As milliseconds, these would be in 2037.
            ("", "2130407350881|2130407350881", T::Datetime, "int"),
            ("spiel", "3_11_4|1_20_9|2_17_5", T::Age, ""),
            ("job no", "20210304112233-0912-77|20210304112301-0913-02|20210305080000-0914-11", T::Datetime, ""),
            // A name with a cue keeps a type that the values do not show; a value of the form keeps it under any name.
            ("手机", "内部|分机", T::Phone, "phone"),
            ("col1", "+49 30 1234567|+49 89 7654321|-", T::Phone, "phone"),
        ] {
            assert_eq!(types(name, values, &[given]), expected, "{name}: {values}");
        }
    }

    #[test]
    fn where_name_and_values_agree_a_type_is_given_at_any_probability_but_a_low_one() {
        for (probability, expected) in [(0.1, 0.1), (0.3, 0.99), (0.6, 0.99), (0.8, 0.8)] {
            let values: Vec<String> = ["佐藤花子", "鈴木一郎", "高橋健"].map(str::to_owned).to_vec();
            let mut model = [0.0; SemanticType::ALL.len()];
            model[T::Name.index()] = probability;
            let found = judge(model, &Profile::of("name", &Cells::of(&values))).0[T::Name.index()];
            assert_eq!(found, expected, "{probability}");
        }
    }

    #[test]
    fn an_unsure_model_is_believed_where_the_form_tells_and_the_name_does_not_deny() {
        let given = |name: &str, values: &[&str], label: SemanticType| {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            let mut model = [0.0; SemanticType::ALL.len()];
            model[label.index()] = 0.3;
            judge(model, &Profile::of(name, &Cells::of(&values))).0[label.index()] >= 0.5
        };
        let phones = ["+49 30 1234567", "+49 89 7654321", "+43 1 5550123"];
        assert!(
            given("", &phones, T::Phone) && given("Telefon", &phones, T::Phone) && !given("serial", &phones, T::Phone)
        );
        assert!(!given("opened_by", &["Opened by 8", "Opened by 397"], T::State));
        // Many things look like names.
        assert!(!given("", &["lilly128", "zoe_k"], T::Username));
    }

    #[test]
    fn what_only_a_name_tells_needs_one_or_a_sure_model() {
        let given = |name: &str, probability: f32| {
            let values: Vec<String> = ["61.5", "70.0", "48.25", "112.0"].map(str::to_owned).to_vec();
            let mut model = [0.0; SemanticType::ALL.len()];
            model[T::Amount.index()] = probability;
            judge(model, &Profile::of(name, &Cells::of(&values))).0[T::Amount.index()] >= 0.5
        };
        assert!(!given("ton_km", 0.6) && given("ton_km", 0.9));
        assert!(given("price", 0.6) && given("Betrag (EUR)", 0.6) && given("col7", 0.6));
    }

    #[test]
    fn notations_settle_what_nothing_else_is_written_like() {
        for (name, values, given, expected) in [
            ("habitants", "2.345.678|45.000|7.800|123.456.789", T::Float, "int"),
            ("sales", "4,56,789|12,34,567|9,87,654", T::Float, "int"),
            ("Einwohner", "41'207|128'450|9'310", T::Float, "int"),
            ("population", "2 345|45 678|1 234 567|987", T::Username, "int"),
            ("签到", "✓|✗|✓|✓|✗", T::State, "boolean"),
            ("подписан", "да|нет|нет|да", T::State, "boolean"),
            ("aktiv", "ja|nein|ja", T::State, "boolean"),
            ("via", "10.1.2.3, 172.20.0.9|10.1.2.4|10.9.8.7, 10.1.1.1", T::Plate, "ip"),
            ("日期", "二〇二三年十二月三十一日|二〇二四年二月一日", T::Name, "date"),
            ("Inhaber", "MEIER BAU GMBH|Huber & Co. KG|Anton Fischer|Seewerk AG", T::Shopping, "company"),
            ("", "Anna|Marc|Zoë|Greta", T::State, "name"),
            ("姓名", "山本さくら|小林誠|森本真理子", T::State, "name"),
            ("ship name", "Grace Hill Lee|Jan van der Meer|Ana de la Torre", T::State, "name"),
            ("lat", "31|40|-12|22", T::Int, "coordinate int"),
            ("Dest Lon", "121|116|-74", T::Int, "coordinate int"),
            ("montant", "1204,50|-98,10|3,25", T::Ip, "float"),
            ("时间", "['2021-05-04']|['2021-05-06']", T::Datetime, "date"),
            ("last seen", "2022-01-09|2022-01-09|2022-01-09", T::Int, "date"),
            ("f3", "20210504|20210506|20211231", T::Int, "date"),
            ("stamp", "2011-02-03-14.25.36.000120|2011-02-03-14.26.01.500000", T::Ip, "datetime"),
            ("Time", "142536|142601|000512", T::Int, "time"),
            ("", "1649733128041|1649733125518|1649011360907", T::Int, "datetime"),
            ("Time", "04.28 14:25:36|04.28 14:26:01", T::Time, "datetime"),
            ("时间", "5月4日 14:25|5月6日 9:00", T::Date, "datetime"),
            ("tx_yymmdd", "210504|210506|211231", T::Int, "date"),
            ("start time", "093512|093748|094001", T::Int, "time"),
            ("start_hhmm", "0615|0705|0740", T::Int, "time"),
            ("PercentOfSales", "11|23|15", T::Int, "int percent"),
            ("女性占比", "0.11|0.23|0.15", T::Float, "float percent"),
        ] {
            assert_eq!(types(name, values, &[given]), expected, "{name}: {values}");
        }
        // Groups separated by spaces may also be telephone numbers; a single group may be decimals; pairs of digits are not
        // degrees.
        assert_eq!(types("telefon", "612 345 678|699 887 766", &[T::Phone]), "phone");
        assert_eq!(types("", "13957110428|137 5718 3360|15067180093", &[T::Phone]), "phone");
        assert_eq!(types("wert", "1.234|5.678", &[T::Float]), "float");
        assert_eq!(types("lateral", "31|40|22", &[T::Int]), "int");
        assert_eq!(types("lat", "310|400|220", &[T::Int]), "int");
        // Midnight may have been added to days. Eight digits under a name that means codes are a code, and six digits are not a
        // time of day.
        assert_eq!(types("d", "2021-05-04 00:00:00|2021-05-06 00:00:00", &[T::Date]), "date");
        assert_eq!(types("meeting id", "20210504|20210506|20211231", &[T::Int]), "int");
        assert_eq!(types("Time", "142536|142661|000512", &[T::Int]), "int");
        assert_eq!(types("update time", "202306|202307|202309", &[T::Int]), "int");
        assert_eq!(types("code", "142536|142601|000512", &[T::Int]), "int");
        // Identity numbers of thirteen digits are further apart than times.
        assert_eq!(types("", "1101700203451|1849900112233|1341500078901", &[T::Int]), "int");
        assert_eq!(types("order id", "1649733128041|1649733125518", &[T::Int]), "int");
        // `Pct` is a police precinct.
        assert_eq!(types("Pct", "44|114|75|40", &[T::Int]), "int");
        assert_eq!(types("percentile", "44|14|75|40", &[T::Int]), "int");
    }

    #[test]
    fn objections_contradict_a_type() {
        for (name, values, given, expected) in [
            ("latency", "0.114203|0.330418|0.097125|0.402991", T::Coordinate, "float"),
            ("tx_b", "41.2231|57.0105|33.9182|62.5514", T::Coordinate, "float"),
            ("portion", "1/4|3/8|2/3|1/2", T::Date, ""),
            (
                "log",
                "2023-01-05 10:11:12 worker started on node four|2023-01-05 10:11:15 could not reach the database",
                T::Datetime,
                "",
            ),
            ("roof_age", "12|40|33", T::Age, "int"),
            ("房龄", "12|40|33", T::Age, "int"),
            ("warranty", "3 years|2 years|18 months", T::Age, ""),
            ("", "p|q|r|y|n|p", T::Boolean, ""),
            ("one", "1|1|1", T::Boolean, "int"),
            ("Param3", "1|5|9|12", T::Amount, "int"),
            ("Title", "The new plan|Open the file, and charge|To the moon", T::Job, ""),
            ("Schritt", "Bleiche|Spülen 1|Spülen 2|Trocknen 3", T::Name, ""),
            ("vessel_name", "Ann Marie|Lady Jane|Star Anna", T::Name, ""),
            ("c", "y|y|y", T::Boolean, ""),
            ("status", "200|404|301|200", T::State, "int"),
            ("memswap.used", "0|0|0", T::Float, "int"),
            ("who", "man|woman|child|man", T::Gender, ""),
            ("app version", "2.9.11.0|4.4.2.0", T::Ip, ""),
            ("ssn", "078-05-1120|219-09-9999", T::Phone, ""),
            ("stop_sequence", "3|1|2|4|5|2", T::Age, "int"),
            ("store type", "supermarket|mall|outlet store", T::Shopping, ""),
            ("尺寸", "9 x 14 in.|30×40cm|12 ft X 9 ft", T::Amount, ""),
            ("talk_dur", "00:03:12|00:05:47|00:08:02", T::Time, ""),
            ("dwlb", "合伙制|有限公司|个体", T::Company, ""),
            ("b", "Clinic|General hospital|Clinic", T::Hospital, ""),
            ("crew_ref", "0412|0077|0913", T::Job, "int"),
            ("order", "7590-KTMEG|5575-GNVDE|3668-QPYBK", T::Plate, ""),
            ("yrBuilt", "2009.0|2012.0|1974.0", T::Job, "float"),
            ("Schritt", "Vorwäsche|Entwickler|Fixierer", T::Job, ""),
            ("Phone", "iPhone 13|Pixel 7a|Galaxy S22", T::Phone, ""),
            ("family", "Zbot|Zbot|Kelihos|Zbot|Zbot|Zbot", T::Username, ""),
            // What these objections say does not hold for the following.
            ("lon", "0.114203|0.330418|0.097125", T::Coordinate, "coordinate float"),
            ("col1", "31.224361|31.187243|31.301422", T::Coordinate, "coordinate float"),
            ("更新日期", "5/20|5/18|6/30", T::Date, "date"),
            ("created", "2023-01-05 10:11:12 UTC|2023-01-05 10:11:15 UTC", T::Datetime, "datetime"),
            ("age", "12|40|33", T::Age, "age int"),
            ("age", "3|1|2|4|5|2", T::Age, "age int"),
            ("", "27|31|8|45", T::Age, "age int"),
            ("status", "1|4|3|2", T::State, "state int"),
            ("fare", "22.0|38.0|26.0", T::Float, "float"),
            ("sex", "man|woman|man", T::Gender, "gender"),
            ("host", "10.0.0.1|10.0.0.7", T::Ip, "ip"),
            ("family", "mia7|mia7|lee_k|mia7|mia7|mia7", T::Username, "username"),
            ("family", "zhaoqb|lumin|hedy|zhaoqb|roki|tanya", T::Username, "username"),
            ("order", "KA 09 MT 7590|MH-12-5575", T::Plate, "plate"),
            ("call time", "00:03:12|00:05:47|00:08:02", T::Time, "time"),
            ("dwmc", "宁波合力有限公司|诸暨有限公司", T::Company, "company"),
            ("login", "root|root|root|guest|root|root", T::Username, "username"),
            ("phone", "078-05-1120|219-09-9999", T::Phone, "phone"),
            ("人数", "12人|8人|140人", T::Int, "int"),
            ("is_deleted", "0|0|0", T::Boolean, "boolean int"),
            ("price", "5|8|12", T::Amount, "amount int"),
            ("Title", "Engineer|The new plan|Nurse", T::Job, "job"),
            ("Minimum Age", "12 years|18 years", T::Age, "age"),
            ("", "y|n|n|y", T::Boolean, "boolean"),
            ("name", "Ann Marie|Lady Jane|Star Anna", T::Name, "name"),
        ] {
            assert_eq!(types(name, values, &[given]), expected, "{name}: {values}");
        }
    }

    #[test]
    fn no_column_panics_and_none_without_values_has_findings() {
        for values in ["", "-|-", "\u{FEFF}|é|𝔸", "1|a|中", "年|月|龄", "::|..|,,", "+|-|%"] {
            for name in ["", "年龄", "龄", "age of", "lat", "%"] {
                let _ = left(name, values, &SemanticType::ALL);
            }
        }
        let (_, findings) = judge([0.9; SemanticType::ALL.len()], &Profile::of("x", &Cells::of(&[])));
        assert_eq!(findings, []);
    }
}
