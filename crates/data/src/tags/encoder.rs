//! Converts labelled texts to samples for token classification.

use serde::Deserialize;

use super::align::{Labelled, OnCutToken, align};
use super::annotated::AnnotatedText;
use super::chunks::{Chunk, ChunkRule, Tag, chunks};
use super::span::{Span, SpanUnit};
use super::tag_set::TagSet;
use super::words::Words;
use crate::dataset::MemoryDataset;
use crate::error::{DataError, LineProblem, Result};
use crate::files::{Fingerprint, Hasher};
use crate::labels::IGNORE_CLASS;
use crate::sample::{EncodedSample, SampleEncoder, TokenizedSample};
use crate::tokenizer::{CharOffsets, OffsetEncoding, Tokenizer};

/// Which tokens of a word get its label, if a sample consists of words and tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubWords {
    /// All of them, in IOB2: `B-` on the first token of an entity and `I-` on the others, including those between its words.
    #[default]
    All,
    /// The first of each word; every other token has [`IGNORE_CLASS`], those between words included.
    First,
}

/// Converts texts with labelled entities to samples with one class per token, for [`TokenLabelCollate`](crate::TokenLabelCollate).
///
/// As a [`SampleEncoder`], it reads JSON Lines, through a [`TokenStore`](crate::TokenStore) or, with
/// [`EncodeLine`](crate::EncodeLine), a [`LineDataset`](crate::LineDataset). A line contains a text with spans, or words with
/// tags in IOB2; other fields are ignored:
///
/// ```json
/// {"text": "住在北京", "spans": [{"start": 2, "end": 4, "label": "LOC"}]}
/// {"words": ["Ada", "lives", "in", "York"], "tags": ["B-PER", "O", "O", "B-LOC"]}
/// ```
///
/// The following are rejected, with a message that names the span, the word or the tag: a span that is empty, ends beyond the
/// text, splits a character, overlaps another or has an unknown label; a span that begins or ends within a token (unless
/// [`OnCutToken::Widen`] is chosen); an unknown tag; an `I-` that continues nothing; and different numbers of words and tags.
///
/// A length limit truncates tokens and classes alike, after the whole text has been labelled: an entity beyond it is lost, and an
/// entity that crosses it keeps its first tokens.
///
/// ```
/// use drivetrain_data::*;
///
/// let texts = ["Ada lives in York", "Bo lives in York"].map(|text| Ok(text.to_owned()));
/// let tokenizer = Tokenizer::train(texts.into_iter(), 270, &Silent)?;
/// let tags = TagSet::new(["PER", "LOC"])?;
/// let encoder = TokenLabelEncoder::new(tokenizer.clone(), tags.clone(), SpanUnit::Characters);
///
/// let text = "Ada lives in York";
/// let line = r#"{"text": "Ada lives in York", "spans": [{"start": 13, "end": 17, "label": "LOC"}]}"#;
/// let sample = encoder.encode(line)?.sample;
/// assert_eq!(sample.input, tokenizer.encode(text));
/// let classes: Vec<i32> = sample.target.iter().map(|&class| class as i32).collect();
/// let entities = tags.entities(text, &tokenizer.encode_with_offsets(text).offsets, &classes);
/// assert_eq!(entities, [Span::new(13..17, "LOC")]);
///
/// let problem = encoder.encode(&line.replace("17", "18")).unwrap_err();
/// assert_eq!(problem.to_string(), "spans[0] (LOC 13..18) ends beyond the text, which has 17 characters");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TokenLabelEncoder {
    tokenizer: Tokenizer,
    tags: TagSet,
    unit: SpanUnit,
    sub_words: SubWords,
    separator: String,
    on_cut: OnCutToken,
    max_len: usize,
}

impl TokenLabelEncoder {
    /// An encoder without a length limit, which rejects spans that begin or end within a token and labels all sub-words; words
    /// are joined with a space. `unit` is what the spans' offsets count.
    #[must_use]
    pub fn new(tokenizer: Tokenizer, tags: TagSet, unit: SpanUnit) -> Self {
        let (sub_words, separator) = (SubWords::default(), " ".to_owned());
        Self { tokenizer, tags, unit, sub_words, separator, on_cut: OnCutToken::default(), max_len: usize::MAX }
    }

    /// Keeps the first `max_len` tokens of a text, and counts those that it cuts off.
    #[must_use]
    pub fn max_len(self, max_len: usize) -> Self {
        Self { max_len, ..self }
    }

    /// What to do about a token in which a span begins or ends.
    #[must_use]
    pub fn on_cut_token(self, on_cut: OnCutToken) -> Self {
        Self { on_cut, ..self }
    }

    /// Which tokens of a word get its label. This does not apply to spans, all tokens of which are labelled.
    #[must_use]
    pub fn sub_words(self, sub_words: SubWords) -> Self {
        Self { sub_words, ..self }
    }

    /// What is put between words when they are joined to a text: a space, or nothing for the characters of a Chinese text.
    #[must_use]
    pub fn separator(self, separator: impl Into<String>) -> Self {
        Self { separator: separator.into(), ..self }
    }

    /// Encodes a text with the spans in it.
    ///
    /// # Errors
    /// A [`LineProblem`] that names the span that does not fit.
    pub fn encode_text(&self, text: &str, spans: &[Span]) -> Result<EncodedSample, LineProblem> {
        let chars = CharOffsets::new(text);
        let labelled = |(index, span): (usize, &Span)| {
            let name = format!("spans[{index}] ({})", span.shown());
            let entity_type = self.tags.type_of(&span.label).ok_or_else(|| {
                format!("{name} has an unknown label: expected one of {}", self.tags.types().join(", "))
            })?;
            let range = self.unit.range_in(text, &chars, span).map_err(|problem| format!("{name} {problem}"))?;
            Ok(Labelled { range, entity_type, name })
        };
        let mut labelled = spans.iter().enumerate().map(labelled).collect::<Result<Vec<_>, String>>()?;
        labelled.sort_by_key(|span| span.range.start);
        let encoding = self.tokenizer.encode_with_offsets(text);
        let tags = align(text, &encoding.offsets, &labelled, self.on_cut)?;
        Ok(self.cut(encoding, self.classes(tags)))
    }

    /// Encodes words with their tags in IOB2, such as `["B-PER", "O"]`.
    ///
    /// # Errors
    /// A [`LineProblem`] that names the word or the tag that does not fit.
    pub fn encode_words(
        &self,
        words: &[impl AsRef<str>],
        tags: &[impl AsRef<str>],
    ) -> Result<EncodedSample, LineProblem> {
        if words.len() != tags.len() {
            let problem = format!("expected one tag per word, found {} tags for {} words", tags.len(), words.len());
            return Err(LineProblem(problem));
        }
        if let Some(index) = words.iter().position(|word| word.as_ref().trim().is_empty()) {
            return Err(LineProblem(format!("words[{index}] is empty")));
        }
        let tags = self.read_tags(tags)?;
        let words = Words::join(words, &self.separator);
        let encoding = self.tokenizer.encode_with_offsets(&words.text);
        let classes = match self.sub_words {
            SubWords::All => {
                let spans = self.spans_of(&words, &tags);
                self.classes(align(&words.text, &encoding.offsets, &spans, self.on_cut)?)
            }
            SubWords::First => self.first_classes(&words, &tags, &encoding)?,
        };
        Ok(self.cut(encoding, classes))
    }

    /// Samples in memory, from texts in memory.
    ///
    /// # Errors
    /// [`DataError::Sample`] for the first text whose spans do not fit, or that is longer than the length limit; it is named by
    /// its position. Such a text is not truncated, because a dataset in memory could not report what was cut off.
    pub fn dataset(&self, texts: &[AnnotatedText]) -> Result<MemoryDataset<TokenizedSample>> {
        let encode = |(index, AnnotatedText { text, spans }): (usize, &AnnotatedText)| {
            let problem = |problem: String| DataError::Sample { sample: format!("sample {index}"), problem };
            match self.encode_text(text, spans) {
                Ok(EncodedSample { sample, cut: 0 }) => Ok(sample),
                Ok(EncodedSample { cut, .. }) => Err(problem(format!(
                    "it is {cut} tokens longer than the limit of {}; shorten it, or raise `max_len`",
                    self.max_len
                ))),
                Err(LineProblem(found)) => Err(problem(found)),
            }
        };
        texts.iter().enumerate().map(encode).collect::<Result<_>>().map(MemoryDataset::new)
    }

    /// The meaning of each tag; in IOB2, an `I-` continues an entity of its type.
    fn read_tags(&self, tags: &[impl AsRef<str>]) -> Result<Vec<Tag>, String> {
        let mut open = None;
        let mut read = Vec::with_capacity(tags.len());
        for (index, name) in tags.iter().map(AsRef::as_ref).enumerate() {
            let tag = self.tags.tag(name).ok_or_else(|| {
                let known = self.tags.names().join(", ");
                format!("tags[{index}] is unknown: expected one of {known}, found `{name}`")
            })?;
            if let Tag::Inside(entity_type) = tag
                && open != Some(entity_type)
            {
                return Err(format!(
                    "tags[{index}] is `{name}`, which continues no entity: in IOB2, each begins with `B-{}`",
                    self.tags.types()[entity_type]
                ));
            }
            open = match tag {
                Tag::Outside => None,
                Tag::Begin(entity_type) | Tag::Inside(entity_type) => Some(entity_type),
            };
            read.push(tag);
        }
        Ok(read)
    }

    /// The entities in words with these tags, as ranges of their text.
    fn spans_of(&self, words: &Words, tags: &[Tag]) -> Vec<Labelled> {
        let span = |Chunk { positions, entity_type }: Chunk| {
            let (first, last) = (positions.start, positions.end - 1);
            let range = words.ranges[first].start..words.ranges[last].end;
            let name = format!("words[{first}..{}] ({})", last + 1, self.tags.types()[entity_type]);
            Labelled { range, entity_type, name }
        };
        chunks(tags.iter().copied().enumerate(), ChunkRule::Strict).into_iter().map(span).collect()
    }

    /// The class of each word on its first token.
    fn first_classes(&self, words: &Words, tags: &[Tag], encoding: &OffsetEncoding) -> Result<Vec<u32>, String> {
        let mut classes = vec![IGNORE_CLASS; encoding.ids.len()];
        for (index, (token, &tag)) in words.first_tokens(&encoding.offsets).into_iter().zip(tags).enumerate() {
            let token = token.ok_or_else(|| {
                let word = words.text.get(words.ranges[index].clone()).unwrap_or_default();
                format!("words[{index}] (`{word}`) begins within a token; label all sub-words (`SubWords::All`)")
            })?;
            classes[token] = self.tags.class(tag);
        }
        Ok(classes)
    }

    fn classes(&self, tags: Vec<Option<Tag>>) -> Vec<u32> {
        tags.into_iter().map(|tag| tag.map_or(IGNORE_CLASS, |tag| self.tags.class(tag))).collect()
    }

    fn cut(&self, mut encoding: OffsetEncoding, mut target: Vec<u32>) -> EncodedSample {
        let cut = encoding.truncate(self.max_len);
        target.truncate(self.max_len);
        EncodedSample { sample: TokenizedSample { input: encoding.ids, target }, cut }
    }
}

/// One line of a sample file: spans of a text, or tags of words.
#[derive(Deserialize)]
struct Line {
    text: Option<String>,
    spans: Option<Vec<Span>>,
    words: Option<Vec<String>>,
    tags: Option<Vec<String>>,
}

impl SampleEncoder for TokenLabelEncoder {
    fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
        let expected = "expected an object with `text` and `spans`, or with `words` and `tags`";
        let line: Line = serde_json::from_str(line).map_err(|error| LineProblem(format!("{expected}: {error}")))?;
        match line {
            Line { text: Some(text), spans: Some(spans), words: None, tags: None } => self.encode_text(&text, &spans),
            Line { text: _, spans: None, words: Some(words), tags: Some(tags) } => self.encode_words(&words, &tags),
            Line { text, spans, words, tags } => {
                let fields = [
                    ("text", text.is_some()),
                    ("spans", spans.is_some()),
                    ("words", words.is_some()),
                    ("tags", tags.is_some()),
                ];
                let found: Vec<&str> = fields.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
                let found = if found.is_empty() { "none of them".into() } else { found.join(", ") };
                Err(LineProblem(format!("{expected}; found {found}")))
            }
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let Self { tokenizer, tags, unit, sub_words, separator, on_cut, max_len } = self;
        let mut hasher = Hasher::new();
        hasher.field(b"token labels, version 1");
        hasher.field(tokenizer.fingerprint().to_string().as_bytes());
        tags.names().iter().for_each(|name| hasher.field(name.as_bytes()));
        hasher.field(format!("{unit:?} {sub_words:?} {on_cut:?} {max_len}").as_bytes());
        hasher.field(separator.as_bytes());
        hasher.finish()
    }
}
