//! A labelled part of a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::tokenizer::CharOffsets;

/// A part of a text with a label: the entity "LOC, from 6 to 12". Annotated or predicted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it ends: the first position after it.
    pub end: usize,
    /// The type of the entity, without `B-` or `I-`.
    pub label: String,
}

/// What `start` and `end` of a [`Span`] count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanUnit {
    /// Bytes of the text in UTF-8, as Rust's strings are sliced.
    Bytes,
    /// Characters (Unicode code points), as Python's strings are sliced and most annotation tools count.
    Characters,
}

impl Span {
    /// A span with this label.
    pub fn new(range: Range<usize>, label: impl Into<String>) -> Self {
        Self { start: range.start, end: range.end, label: label.into() }
    }

    /// Its part of the text, if it counts bytes; empty if it lies outside or cuts a character.
    #[must_use]
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// How messages show it: the label and the range.
    pub(super) fn shown(&self) -> String {
        format!("{} {}..{}", self.label, self.start, self.end)
    }
}

impl SpanUnit {
    /// The span's range in bytes of `text`.
    pub(super) fn range_in(self, text: &str, chars: &CharOffsets, span: &Span) -> Result<Range<usize>, String> {
        let Span { start, end, .. } = *span;
        if start >= end {
            return Err("is empty: its start must be less than its end".into());
        }
        match self {
            Self::Bytes if end > text.len() => Err(format!("ends beyond the text, which has {} bytes", text.len())),
            Self::Bytes if chars.to_chars(start..end).is_none() => {
                let hint = "if its offsets count characters, say so with `SpanUnit::Characters`";
                Err(format!("begins or ends within a character; {hint}"))
            }
            Self::Bytes => Ok(start..end),
            Self::Characters => chars
                .to_bytes(start..end)
                .ok_or_else(|| format!("ends beyond the text, which has {} characters", text.chars().count())),
        }
    }
}
