//! Kinds of columns that the built-in model once classified wrongly.

use tabular_sense::model::Classifier;

fn types(name: &str, values: &[&str]) -> String {
    let classifier = Classifier::base().expect("the built-in model");
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    let answers = classifier.answers(&[(name, &values)], &classifier.predict);
    let answer = answers.first().expect("one answer for one column");
    let given = answer
        .probabilities
        .iter()
        .zip(&answer.thresholds)
        .map(|(probability, threshold)| f64::from(*probability) >= *threshold);
    classifier
        .labels()
        .names()
        .zip(given)
        .filter_map(|(label, given)| given.then_some(label))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn japanese_names_under_a_japanese_word_for_names_are_names() {
    assert_eq!(types("氏名", &["山本さくら", "小林誠", "森本真理子"]), "name");
    assert_eq!(types("お名前", &["吉田美咲", "井上大輔", "松本翔太"]), "name");
}

#[test]
fn a_number_that_would_be_a_moment_far_ahead_is_a_whole_number() {
    assert_eq!(types("", &["2133600450881", "2133600450881", "2133600450881", "2133600450881"]), "int");
    assert_eq!(types("ts", &["1709254800123", "1709254860456", "1709254920789"]), "datetime");
}

#[test]
fn a_stamp_of_a_record_without_values_is_neither_a_date_nor_a_time() {
    assert_eq!(types("modifiedDate", &[]), "");
    assert_eq!(types("出生日期", &[]), "date");
}
