//! Tests that every text on a page has a Chinese translation.

use std::path::{Path, PathBuf};

use super::super::page_text;
use super::super::phrases::PAGE_PHRASES;
use drivetrain::report::State;

/// The texts in the source of the crate that makes pages, with each placeholder as `{}`.
fn texts_of_pages() -> Vec<String> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../report/src")];
    let mut texts = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder of sources");
            open.extend(entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<PathBuf>>());
        } else if !path.ends_with("language.rs") {
            let source = std::fs::read_to_string(&path).expect("a source");
            texts.extend(source.split("text!(").skip(1).map(|call| text_in(call).expect("a text")));
        }
    }
    let states = [State::Running, State::Completed, State::StoppedEarly, State::Stopped];
    texts.extend(states.map(|state| state.name().to_owned()));
    texts
}

/// The first string literal of a call, with empty placeholders and without line breaks.
fn text_in(call: &str) -> Option<String> {
    let literal = call.split_once('"')?.1.split_once('"')?.0;
    let lines: Vec<&str> =
        literal.split("\\\n").enumerate().map(|(i, l)| if i > 0 { l.trim_start() } else { l }).collect();
    let mut text = String::new();
    for (i, piece) in lines.concat().split('{').enumerate() {
        text.push_str(if i == 0 { piece } else { "{}" });
        if i > 0 {
            text.push_str(piece.split_once('}')?.1);
        }
    }
    Some(text)
}

/// A text with a number in each placeholder.
fn filled(text: &str, number: impl Fn(usize) -> usize) -> String {
    let mut pieces = text.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.enumerate().fold(first, |filled, (hole, piece)| {
        let (name, rest) = piece.split_once('}').expect("a hole");
        format!("{filled}{}{rest}", number(name.parse().unwrap_or(hole)))
    })
}

#[test]
fn every_text_of_a_page_has_its_own_chinese_text() {
    let texts = texts_of_pages();
    assert!(texts.len() > 200, "only {} texts were found", texts.len());
    for english in texts {
        let known = PAGE_PHRASES.iter().copied().flatten().find(|(known, _)| *known == english);
        let (_, chinese) = known.unwrap_or_else(|| panic!("no Chinese text for: {english}"));
        // No other phrase may match first.
        assert_eq!(page_text(&filled(&english, |hole| 70 + hole)), filled(chinese, |hole| 70 + hole), "{english}");
    }
}

#[test]
fn a_text_that_is_not_known_stays() {
    assert_eq!(page_text("rmse"), "rmse");
    assert_eq!(
        page_text("The rmse fell from 3 to 2, its best in epoch 5; x."),
        "rmse从 3 降至 2（最佳在第 5 轮）；x。"
    );
}
