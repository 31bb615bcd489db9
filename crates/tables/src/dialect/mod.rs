//! How the cells of a table are written: what separates them, what quotes them.

mod find;
mod reading;
mod score;
mod titled;
mod whole_lines;

use std::fmt;
use std::str::FromStr;

pub(super) use find::find;

/// What separates the cells of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// Nothing: the table has one column, whose commas are part of its cells.
    None,
    /// One or a few characters, such as `,`, `||` or `，`. Never empty; contains neither quotes nor line ends.
    Text(String),
    /// At least this many spaces in a row.
    Spaces(usize),
    /// Each cell begins at a fixed position in the line: at one of these character columns, counted from 0.
    Fixed(Vec<usize>),
}

impl From<char> for Delimiter {
    fn from(delimiter: char) -> Self {
        Self::Text(delimiter.to_string())
    }
}

/// A text that cannot separate cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected one to four characters that are neither quotes nor line ends, or `tab`, `comma`, `semicolon`, `pipe`, \
     `space` or `none`"
)]
pub struct BadDelimiter;

impl FromStr for Delimiter {
    type Err = BadDelimiter;

    /// Reads a delimiter as people write it: itself, its name, or an escape such as `\t` or `\x01`.
    fn from_str(text: &str) -> Result<Self, BadDelimiter> {
        let named = match text {
            "tab" | "\\t" => Some('\t'),
            "comma" => Some(','),
            "semicolon" => Some(';'),
            "pipe" | "bar" => Some('|'),
            "space" | "spaces" | " " => return Ok(Self::Spaces(1)),
            "none" => return Ok(Self::None),
            _ => {
                let code = text.strip_prefix("\\x").and_then(|code| u8::from_str_radix(code, 16).ok());
                code.filter(u8::is_ascii).map(char::from)
            }
        };
        let delimiter = named.map_or_else(|| text.to_owned(), |char| char.to_string());
        let is_usable = (1..=4).contains(&delimiter.chars().count()) && !delimiter.contains(['"', '\r', '\n']);
        if is_usable { Ok(Self::Text(delimiter)) } else { Err(BadDelimiter) }
    }
}

impl fmt::Display for Delimiter {
    /// In the form that [`FromStr`] parses. A table of one column gets a comma, which it would need if it had another
    /// column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str(","),
            Self::Text(text) if text == "\t" => f.write_str("tab"),
            Self::Text(text) => text
                .chars()
                .try_for_each(|c| if c.is_control() { write!(f, "\\x{:02x}", c as u32) } else { write!(f, "{c}") }),
            Self::Spaces(_) | Self::Fixed(_) => f.write_str("space"),
        }
    }
}

/// How the cells of a table are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: Delimiter,
    /// The character around cells that hold a delimiter: `"` or `'`.
    pub(super) quote: u8,
    /// Whether a backslash escapes the quote or delimiter after it.
    pub(super) escapes: bool,
    /// Whether each line is a single quoted cell whose content is parsed again into the cells of the row.
    pub(super) whole_lines: bool,
    /// Whether lines begin and end with the delimiter, as those of a Markdown table do.
    pub(super) framed: bool,
}

impl Dialect {
    pub(super) fn new(delimiter: Delimiter) -> Self {
        Self { delimiter, quote: b'"', escapes: false, whole_lines: false, framed: false }
    }

    /// Whether lines such as `----+----` may be drawn between rows, and cells may be padded with spaces.
    pub(super) fn is_drawn(&self) -> bool {
        match &self.delimiter {
            Delimiter::Text(text) => text == "|",
            Delimiter::Spaces(_) | Delimiter::Fixed(_) => true,
            Delimiter::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_read_as_people_write_them() {
        for (written, read, shown) in [
            (",", Delimiter::from(','), ","),
            ("tab", Delimiter::from('\t'), "tab"),
            ("\\t", Delimiter::from('\t'), "tab"),
            ("\\x01", Delimiter::from('\u{1}'), "\\x01"),
            ("||", Delimiter::Text("||".into()), "||"),
            ("，", Delimiter::from('，'), "，"),
            ("space", Delimiter::Spaces(1), "space"),
            ("none", Delimiter::None, ","),
        ] {
            let delimiter: Delimiter = written.parse().expect(written);
            assert_eq!((delimiter.to_string().as_str(), delimiter), (shown, read), "{written}");
        }
        for bad in ["", "\"", "a\nb", "12345"] {
            assert_eq!(bad.parse::<Delimiter>(), Err(BadDelimiter), "{bad:?}");
        }
    }
}
