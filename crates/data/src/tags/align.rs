//! Converts labelled ranges of a text to one tag per token.

use std::ops::Range;

use super::chunks::Tag;

/// What to do about a token that is partly in a span and partly outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCutToken {
    /// Reject the sample, naming the span and the token.
    #[default]
    Fail,
    /// Label the whole token. A token shared by two spans belongs to the span that has more of its bytes, or to the first span if
    /// they have equally many.
    Widen,
}

/// A range of a text, in bytes, with the type of the entity that it is.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    pub(super) range: Range<usize>,
    pub(super) entity_type: usize,
    /// How messages name it.
    pub(super) name: String,
}

/// The tag of each token: `B-` for the first one of a span, `I-` for its others, `O` for tokens in none. `None` for a token
/// that stands for no part of the text. `spans` are in order of their starts.
pub(super) fn align(
    text: &str,
    offsets: &[Range<usize>],
    spans: &[Labelled],
    on_cut: OnCutToken,
) -> Result<Vec<Option<Tag>>, String> {
    if let Some(pair) = spans.windows(2).find(|pair| pair[1].range.start < pair[0].range.end) {
        return Err(format!("{} overlaps {}: a token can have one label only", pair[1].name, pair[0].name));
    }
    let mut begun = vec![false; spans.len()];
    let mut tag = |token: &Range<usize>| {
        let token = without_space_before(text, token);
        if token.is_empty() {
            return Ok(None);
        }
        let Some(index) = owner(spans, &token) else { return Ok(Some(Tag::Outside)) };
        let span = &spans[index];
        if on_cut == OnCutToken::Fail && (token.start < span.range.start || token.end > span.range.end) {
            return Err(cut(text, span, &token));
        }
        let first = !std::mem::replace(&mut begun[index], true);
        Ok(Some(if first { Tag::Begin(span.entity_type) } else { Tag::Inside(span.entity_type) }))
    };
    let tags = offsets.iter().map(&mut tag).collect::<Result<_, _>>()?;
    match begun.iter().position(|begun| !begun) {
        Some(index) => Err(format!("{} has no token of its own", spans[index].name)),
        None => Ok(tags),
    }
}

/// The span that has most of a token's bytes; the first one if there are several.
fn owner(spans: &[Labelled], token: &Range<usize>) -> Option<usize> {
    let from = spans.partition_point(|span| span.range.end <= token.start);
    let touching = spans.iter().enumerate().skip(from).take_while(|(_, span)| span.range.start < token.end);
    let shared = |span: &Labelled| span.range.end.min(token.end) - span.range.start.max(token.start);
    let most = touching.fold(None, |most, (index, span)| match most {
        Some((_, bytes)) if bytes >= shared(span) => most,
        _ => Some((index, shared(span))),
    });
    most.map(|(index, _)| index)
}

/// A token's range without leading white space, which some tokenizers include in the token.
pub(super) fn without_space_before(text: &str, token: &Range<usize>) -> Range<usize> {
    let part = text.get(token.clone()).unwrap_or_default();
    match part.trim_start().len() {
        0 => token.clone(),
        len => token.end - len..token.end,
    }
}

fn cut(text: &str, span: &Labelled, token: &Range<usize>) -> String {
    let side = if token.start < span.range.start { "begins" } else { "ends" };
    let part = text.get(token.clone()).unwrap_or_default();
    format!(
        "{} {side} within the token `{part}`; label the whole token (`OnCutToken::Widen`); a tokenizer trained on \
         `AnnotatedText::pieces` cuts fewer spans",
        span.name
    )
}
