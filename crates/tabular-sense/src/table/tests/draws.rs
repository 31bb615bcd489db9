use std::collections::{BTreeMap, BTreeSet};

use drivetrain::random::Random;

use crate::table::{draws, is_missing};

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("v{number}")).collect()
}

#[test]
fn what_counts_as_missing() {
    for cell in
        ["", "  ", "NULL", "null", "N/A", "nan", "NaN", "-", "—", "?", "无", "none", "None", "\\N", " NA ", "<NA>"]
    {
        assert!(is_missing(cell), "{cell:?}");
    }
    for cell in ["0", "no", "否", "未知", "-1", "a", "Nan Jing", "无锡", "N"] {
        assert!(!is_missing(cell), "{cell:?}");
    }
}

#[test]
fn draws_hold_cells_of_the_whole_column_without_repeats() {
    let values = numbers(1000);
    let all = draws(&values, 10, 100, Random::new(1, "test"));
    assert!(all.len() == 100 && all.iter().all(|draw| draw.len() == 10));
    // A hundred draws of ten use up the column: every cell exactly once.
    let distinct: BTreeSet<&String> = all.iter().flatten().collect();
    assert_eq!(distinct.len(), 1000);
    assert_eq!(all, draws(&values, 10, 100, Random::new(1, "test")));
    assert_ne!(all, draws(&values, 10, 100, Random::new(2, "test")));
}

#[test]
fn every_cell_is_as_likely() {
    let values = numbers(25);
    let mut counts = BTreeMap::<String, u32>::new();
    for seed in 0..500 {
        for draw in draws(&values, 10, 3, Random::new(seed, "test")) {
            assert_eq!(draw.iter().collect::<BTreeSet<_>>().len(), 10);
            draw.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
    }
    // 600 expected of each; five standard deviations of a binomial are about 100.
    assert!(counts.len() == 25 && counts.values().all(|count| count.abs_diff(600) < 100), "{counts:?}");
}

#[test]
fn missing_cells_are_left_out_as_long_as_there_are_others() {
    let random = Random::new(1, "test");
    let mut values = vec![String::new(); 1000];
    values[17] = "one".into();
    values[900] = "two".into();
    values[901] = "-".into();
    assert_eq!(draws(&values, 10, 5, random), [strings(&["one", "two"])]);
    assert_eq!(draws(&strings(&["-", "", "-"]), 10, 5, random), [strings(&["-", "-"])]);
    for none in [&strings(&["", " "]), &Vec::new()] {
        assert!(draws(none, 10, 5, random).is_empty());
    }
    assert!(draws(&numbers(5), 0, 5, random).is_empty() && draws(&numbers(5), 10, 0, random).is_empty());
    assert_eq!(draws(&numbers(10), 10, 5, random), [numbers(10)]);
}
