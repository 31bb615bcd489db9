//! Every error of every library in Chinese.

mod application;
mod data;
mod fields;
mod page;
mod sample;
mod table;
mod train;

use std::io;

use super::{describe, translate};

/// English text that is left in a text: at least four consecutive words outside backquotes.
fn english(text: &str) -> Option<String> {
    let mut run: Vec<&str> = Vec::new();
    for piece in text.split('`').step_by(2).chain(["|"]).flat_map(|piece| piece.split(' ').chain(["|"])) {
        if piece.len() > 1 && piece.trim_end_matches(',').chars().all(|c| c.is_ascii_alphabetic() || c == '\'') {
            run.push(piece);
        } else if run.len() >= 4 {
            return Some(run.join(" "));
        } else {
            run.clear();
        }
    }
    None
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)) && english(text).is_none()
}

#[test]
fn english_is_found() {
    assert_eq!(english("文件 a b.csv 是空的").as_deref(), None);
    assert_eq!(english("错误：`no such file or folder`").as_deref(), None);
    assert_eq!(english("错误：it is no table at all").as_deref(), Some("is no table at all"));
}

#[test]
fn what_the_system_says_is_said_in_chinese() {
    for code in [1, 2, 4, 12, 13, 17, 20, 21, 27, 28, 30, 32, 39, 98, 122] {
        let error = io::Error::from_raw_os_error(code);
        if cfg!(target_os = "linux") {
            assert!(is_chinese(&describe(&error)), "{code}: {}", describe(&error));
            assert!(is_chinese(&translate(&error.to_string())), "{error}");
        }
    }
    for kind in [io::ErrorKind::NotFound, io::ErrorKind::StorageFull, io::ErrorKind::IsADirectory] {
        assert!(is_chinese(&describe(&io::Error::from(kind))), "{kind:?}");
    }
    let own = io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 5 bytes");
    assert_eq!(describe(&own), "它超过 5 字节");
}
