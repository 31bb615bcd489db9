//! Errors in Chinese. The libraries speak English and know of no other language; here their errors are matched variant by
//! variant. Texts within them (`problem`, `expected`, …) have no variants: they are matched as phrases.

mod data;
mod fields;
mod formats;
mod phrase;
mod sample;
mod table;
mod train;

use std::error::Error;
use std::io;

use drivetrain::data::DataError;
use drivetrain::nn::NnError;
use drivetrain::train::TrainError;

use crate::error::UserError;
use tabular_sense_tables::TableError;

pub use phrase::translate;
pub use train::change;

/// An error in Chinese; what is unknown, such as a message of the system or of a parser, stays as it is.
#[must_use]
pub fn describe(error: &(dyn Error + 'static)) -> String {
    if let Some(error) = error.downcast_ref::<TableError>() {
        return table::describe(error);
    }
    if let Some(error) = error.downcast_ref::<DataError>() {
        return data::describe(error);
    }
    if let Some(error) = error.downcast_ref::<TrainError>() {
        return train::describe(error);
    }
    if let Some(error) = error.downcast_ref::<NnError>() {
        return fields::describe_model(error);
    }
    if error.is::<UserError>() {
        // Whoever made it chose the language.
        return error.to_string();
    }
    error.downcast_ref::<io::Error>().map_or_else(|| translate(&error.to_string()), io_error)
}

/// What the system says, in Chinese.
fn io_error(error: &io::Error) -> String {
    use io::ErrorKind as Kind;

    // An error that a program made has a text of its own.
    if let Some(own) = error.get_ref() {
        return translate(&own.to_string());
    }
    let known = match error.kind() {
        Kind::NotFound => "没有这个文件或文件夹",
        Kind::PermissionDenied => "没有权限",
        Kind::AlreadyExists => "文件已存在",
        Kind::StorageFull => "磁盘空间不足",
        Kind::QuotaExceeded => "超出磁盘配额",
        Kind::ReadOnlyFilesystem => "文件系统是只读的",
        Kind::FileTooLarge => "文件过大",
        Kind::IsADirectory => "这是文件夹，不是文件",
        Kind::NotADirectory => "路径中有一部分不是文件夹",
        Kind::DirectoryNotEmpty => "文件夹不为空",
        Kind::BrokenPipe => "管道已断开",
        Kind::UnexpectedEof => "文件提前结束",
        Kind::AddrInUse => "端口已被占用",
        Kind::TimedOut => "超时",
        Kind::Interrupted => "操作被中断",
        Kind::OutOfMemory => "内存不足",
        _ => return translate(&error.to_string()),
    };
    known.to_owned()
}

/// A space where Latin letters or digits would touch the Chinese text before them.
fn after_chinese(text: &str) -> String {
    let is_latin = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_latin { format!(" {text}") } else { text.to_owned() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What is left of a text in English: four words in a row or more, outside of backquotes.
    pub(crate) fn english(text: &str) -> Option<String> {
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

    pub(crate) fn is_chinese(text: &str) -> bool {
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
}
