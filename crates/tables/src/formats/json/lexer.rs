//! Splits JSON into tokens, in memory that does not grow with the file.

use std::io::Read;

use memchr::memchr2;

use super::problem::Problem;
use crate::record::CELL_LIMIT;
use crate::text::Text;

/// A token. The text of strings and numbers is [`Lexer::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    Colon,
    Comma,
    String,
    /// A number, as it is written.
    Number,
    /// `true` and `false`, and `NaN` and the like, which are not valid JSON but common.
    Word,
    Null,
    End,
}

/// Reads one token after the other.
pub(super) struct Lexer<R> {
    input: Text<R>,
    buffer: String,
    at: usize,
    line: u64,
    text: String,
    /// A token that was peeked at but not consumed.
    ahead: Option<Token>,
}

impl<R: Read> Lexer<R> {
    pub(super) fn new(input: Text<R>) -> Self {
        Self { input, buffer: String::new(), at: 0, line: 1, text: String::new(), ahead: None }
    }

    /// The current line, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The text of the last string, number or word; long ones are cut.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The next token, without consuming it.
    pub(super) fn peek(&mut self) -> Result<Token, Problem> {
        let token = self.next()?;
        self.ahead = Some(token);
        Ok(token)
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token, Problem> {
        if let Some(token) = self.ahead.take() {
            return Ok(token);
        }
        loop {
            let Some(byte) = self.byte()? else { return Ok(Token::End) };
            self.at += 1;
            return Ok(match byte {
                b'\n' => {
                    self.line += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' | 0x1E => continue,
                b'{' => Token::BeginObject,
                b'}' => Token::EndObject,
                b'[' => Token::BeginArray,
                b']' => Token::EndArray,
                b':' => Token::Colon,
                b',' => Token::Comma,
                b'"' => return self.string(),
                b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    self.at -= 1;
                    return self.word();
                }
                _ => {
                    self.at -= 1;
                    let found = self.buffer[self.at..].chars().next().unwrap_or_default();
                    self.at += found.len_utf8();
                    return Err(Problem::Syntax(format!("expected a value, found `{}`", found.escape_debug())));
                }
            });
        }
    }

    /// Skips the rest of the line.
    pub(super) fn skip_line(&mut self) -> Result<(), Problem> {
        self.ahead = None;
        while let Some(byte) = self.byte()? {
            self.at += 1;
            if byte == b'\n' {
                self.line += 1;
                break;
            }
        }
        // Go on to the next whole character.
        while !self.buffer.is_char_boundary(self.at) {
            self.at += 1;
        }
        Ok(())
    }

    /// The next byte, without consuming it.
    fn byte(&mut self) -> Result<Option<u8>, Problem> {
        while self.at >= self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            if !self.input.read_to(&mut self.buffer).map_err(Problem::Io)? && self.buffer.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer.as_bytes()[self.at]))
    }

    /// Appends to the text as long as there is room.
    fn push(&mut self, piece: std::ops::Range<usize>) {
        let room = CELL_LIMIT.saturating_sub(self.text.len());
        let piece = &self.buffer[piece];
        self.text.push_str(&piece[..piece.floor_char_boundary(room)]);
    }

    /// The rest of a string whose opening quote has been consumed.
    fn string(&mut self) -> Result<Token, Problem> {
        self.text.clear();
        loop {
            if self.byte()?.is_none() {
                return Err(Problem::Syntax("expected the end of a string, found that of the file".into()));
            }
            let rest = &self.buffer.as_bytes()[self.at..];
            let mark = memchr2(b'"', b'\\', rest);
            let end = self.at + mark.unwrap_or(rest.len());
            self.line += rest[..end - self.at].iter().filter(|byte| **byte == b'\n').count() as u64;
            self.push(self.at..end);
            self.at = end;
            if mark.is_none() {
                continue;
            }
            self.at += 1;
            if self.buffer.as_bytes()[end] == b'"' {
                return Ok(Token::String);
            }
            self.escape()?;
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<(), Problem> {
        let byte = self.take()?;
        let char = match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'u' => self.unicode()?,
            b'"' | b'\\' | b'/' | b'\'' => char::from(byte),
            _ => return Err(Problem::Syntax("expected an escape such as \\n or \\u00e9".into())),
        };
        if self.text.len() < CELL_LIMIT {
            self.text.push(char);
        }
        Ok(())
    }

    fn take(&mut self) -> Result<u8, Problem> {
        let byte = self.byte()?.ok_or_else(|| Problem::Syntax("expected the rest of an escape".into()))?;
        if byte.is_ascii() {
            self.at += 1;
        }
        Ok(byte)
    }

    fn hex(&mut self) -> Result<u32, Problem> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.take()?).to_digit(16);
            code = code * 16 + digit.ok_or_else(|| Problem::Syntax("expected four hexadecimal digits".into()))?;
        }
        Ok(code)
    }

    /// The character of a `\u` escape; some characters take two of them.
    fn unicode(&mut self) -> Result<char, Problem> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if self.byte()? != Some(b'\\') {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.at += 1;
        if self.byte()? != Some(b'u') {
            self.escape()?;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.at += 1;
        let second = self.hex()?;
        let code = 0x10000 + ((first - 0xD800) << 10) + second.wrapping_sub(0xDC00);
        let is_pair = (0xDC00..0xE000).contains(&second);
        Ok(Some(code).filter(|_| is_pair).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// A number or a word.
    fn word(&mut self) -> Result<Token, Problem> {
        self.text.clear();
        while let Some(byte) = self.byte()?.filter(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(byte)) {
            self.at += 1;
            if self.text.len() < CELL_LIMIT {
                self.text.push(char::from(byte));
            }
        }
        let is_number = self.text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        match self.text.as_str() {
            "null" | "undefined" | "None" => Ok(Token::Null),
            "true" | "false" | "NaN" | "Infinity" | "-Infinity" | "True" | "False" => Ok(Token::Word),
            number if is_number && number.parse::<f64>().is_ok() => Ok(Token::Number),
            _ => Err(Problem::Syntax(format!(
                "expected a value, found `{}`",
                self.text.chars().take(40).collect::<String>()
            ))),
        }
    }
}
