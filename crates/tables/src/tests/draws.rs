use std::collections::{BTreeMap, BTreeSet};

use drivetrain_random::Random;

use crate::{draws, is_missing};

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
    let all = draws(&values, 10, 100);
    assert!(all.len() == 100 && all.iter().all(|draw| draw.len() == 10));
    // A hundred draws of ten use up the column: every cell exactly once.
    let distinct: BTreeSet<&String> = all.iter().flatten().collect();
    assert_eq!(distinct.len(), 1000);
    // Fewer draws are the first of more.
    assert_eq!(draws(&values, 10, 7), all[..7]);
    let further = draws(&values, 10, 101);
    assert!(further[..100] == all && further[100] != all[0]);
}

#[test]
fn draws_depend_on_the_cells_and_not_on_their_order() {
    let mut values = numbers(60);
    values.extend((0..200).map(|i| ["yes", "no", "-", "maybe"][i % 4].to_owned()));
    let expected = draws(&values, 10, 30);
    for seed in 0..20 {
        Random::new(seed, "test").shuffle(&mut values);
        assert_eq!(draws(&values, 10, 30), expected);
        assert_eq!(draws(&values[..10], 10, 30).len(), 1);
    }
    // The same holds for ten cells or fewer.
    let few = strings(&["3", "1", "2", "1"]);
    let turned: Vec<String> = few.iter().rev().cloned().collect();
    assert_eq!(draws(&few, 10, 5), draws(&turned, 10, 5));
}

#[test]
fn two_samples_of_a_column_give_much_the_same_draws() {
    let all = numbers(200);
    let drawn = |values: &[String]| draws(values, 10, 5).into_iter().flatten().collect::<BTreeSet<String>>();
    let (one, other) = (drawn(&all[..150]), drawn(&all[50..]));
    // Two samples of 50 of 150 cells each, of which 100 are in both, would share 11 by chance.
    assert!(one.intersection(&other).count() >= 25);
}

#[test]
fn every_cell_is_as_likely() {
    // Of the cells of many columns, each text in its own: every place in a draw is taken by every row equally often.
    let mut counts = BTreeMap::<usize, u32>::new();
    for column in 0..500 {
        let values: Vec<String> = (0..25).map(|row| format!("{column} {row}")).collect();
        for draw in draws(&values, 10, 3) {
            assert_eq!(draw.iter().collect::<BTreeSet<_>>().len(), 10);
            for value in draw {
                let row = values.iter().position(|known| *known == value).expect("a cell of the column");
                *counts.entry(row).or_default() += 1;
            }
        }
    }
    // 600 expected of each; five standard deviations of a binomial are about 100.
    assert!(counts.len() == 25 && counts.values().all(|count| count.abs_diff(600) < 100), "{counts:?}");
}

#[test]
fn missing_cells_are_left_out_as_long_as_there_are_others() {
    let mut values = vec![String::new(); 1000];
    values[17] = "one".into();
    values[900] = "two".into();
    values[901] = "-".into();
    let mut drawn = draws(&values, 10, 5).concat();
    drawn.sort();
    assert_eq!(drawn, strings(&["one", "two"]));
    assert_eq!(draws(&strings(&["-", "", "-"]), 10, 5), [strings(&["-", "-"])]);
    for none in [&strings(&["", " "]), &Vec::new()] {
        assert!(draws(none, 10, 5).is_empty());
    }
    assert!(draws(&numbers(5), 0, 5).is_empty() && draws(&numbers(5), 10, 0).is_empty());
    let all: BTreeSet<String> = draws(&numbers(10), 10, 5).concat().into_iter().collect();
    assert_eq!(all, numbers(10).into_iter().collect());
}
