//! The classes of tokens, as tags in IOB2.

use std::ops::Range;

use super::chunks::{Chunk, ChunkRule, Tag, chunks};
use super::span::Span;
use crate::error::{DataError, Result};

/// The classes of a token classifier for entities of some types, as tags in IOB2: `O` for a token outside every entity, and
/// for each type `B-` for the first token of an entity and `I-` for its others.
///
/// ```
/// use drivetrain_data::{ChunkRule, TagSet};
///
/// let tags = TagSet::new(["PER", "LOC"])?;
/// assert_eq!(tags.names(), ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]);
/// assert_eq!((tags.n_classes(), tags.class_of("B-LOC")), (5, Some(3)));
///
/// // From the offsets of the tokens of a text, and their predicted classes, to entities.
/// let text = "Ada lives in York";
/// let offsets = [0..3, 3..4, 4..9, 9..10, 10..12, 12..13, 13..15, 15..17];
/// let entities = tags.entities(text, &offsets, &[1, 0, 0, 0, 0, 0, 3, 4]);
/// let found: Vec<_> = entities.iter().map(|entity| (&*entity.label, entity.of(text))).collect();
/// assert_eq!(found, [("PER", "Ada"), ("LOC", "York")]);
///
/// // `O I-LOC`: conlleval and seqeval read an entity there, strict IOB2 does not.
/// assert_eq!(tags.chunks(&[0, 4], ChunkRule::Lenient).len(), 1);
/// assert_eq!(tags.chunks(&[0, 4], ChunkRule::Strict).len(), 0);
/// # Ok::<(), drivetrain_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSet {
    types: Vec<String>,
    /// What each class means.
    classes: Vec<Tag>,
}

impl TagSet {
    /// `O`, then `B-` and `I-` of each type.
    ///
    /// # Errors
    /// [`DataError::Config`] for no type, an empty one, or one given twice.
    pub fn new<Name: Into<String>>(types: impl IntoIterator<Item = Name>) -> Result<Self> {
        let types: Vec<String> = types.into_iter().map(Into::into).collect();
        let tags = |entity_type| [Tag::Begin(entity_type), Tag::Inside(entity_type)];
        let classes = [Tag::Outside].into_iter().chain((0..types.len()).flat_map(tags)).collect();
        Self { types, classes }.checked()
    }

    /// From the tags in the order of the classes, such as the `id2label` of a model from elsewhere: `O`, and `B-` and `I-` of
    /// each type, in any order. The types are in the order of their first tags.
    ///
    /// # Errors
    /// [`DataError::Config`] for a tag of another form, one given twice, or one that is missing.
    pub fn from_names<Name: AsRef<str>>(names: impl IntoIterator<Item = Name>) -> Result<Self> {
        let (mut types, mut classes) = (Vec::<String>::new(), Vec::new());
        for name in names {
            let name = name.as_ref();
            let mut index = |entity_type: &str| {
                types.iter().position(|known| known == entity_type).unwrap_or_else(|| {
                    types.push(entity_type.to_owned());
                    types.len() - 1
                })
            };
            classes.push(match name.split_once('-') {
                None if name == "O" => Tag::Outside,
                Some(("B", entity_type)) => Tag::Begin(index(entity_type)),
                Some(("I", entity_type)) => Tag::Inside(index(entity_type)),
                _ => {
                    let problem = format!("expected tags in IOB2 (`O`, `B-type`, `I-type`), found `{name}`");
                    return Err(DataError::Config(problem));
                }
            });
        }
        Self { types, classes }.checked()
    }

    /// Rejects types that are missing, empty or repeated, and classes that are not exactly `O`, and `B-` and `I-` of each type.
    fn checked(self) -> Result<Self> {
        let problem = |problem: String| Err(DataError::Config(problem));
        if self.types.is_empty() {
            return problem("expected at least one type of entity, found none".into());
        }
        if self.types.iter().any(String::is_empty) {
            return problem("expected types of entities with a name, found an empty one".into());
        }
        if let Some((at, twice)) = self.types.iter().enumerate().find(|(at, name)| self.types[..*at].contains(name)) {
            return problem(format!("expected each type of entity once, found `{twice}` again at position {at}"));
        }
        let each_type = (0..self.types.len()).flat_map(|index| [Tag::Begin(index), Tag::Inside(index)]);
        for tag in [Tag::Outside].into_iter().chain(each_type) {
            let count = self.classes.iter().filter(|class| **class == tag).count();
            if count != 1 {
                return problem(format!("expected the tag `{}` once, found it {count} times", self.name_of(tag)));
            }
        }
        Ok(self)
    }

    /// The types of entities.
    #[must_use]
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// The number of classes: two for each type, and `O`.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// The tag of each class, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.classes.iter().map(|&tag| self.name_of(tag)).collect()
    }

    /// The class of a tag, such as `B-LOC`; `None` for one that is not among them.
    #[must_use]
    pub fn class_of(&self, name: &str) -> Option<u32> {
        self.tag(name).map(|tag| self.class(tag))
    }

    /// The entities among the classes of one sequence's tokens, in order. A negative class, such as
    /// [`TokenClasses::IGNORE`](crate::TokenClasses::IGNORE), is skipped as if its token were not there; one beyond the last
    /// counts as `O`.
    #[must_use]
    pub fn chunks(&self, classes: &[i32], rule: ChunkRule) -> Vec<Chunk> {
        let tag = |class: usize| self.classes.get(class).copied().unwrap_or(Tag::Outside);
        let labelled = classes.iter().enumerate();
        chunks(labelled.filter_map(|(at, &class)| Some((at, tag(usize::try_from(class).ok()?)))), rule)
    }

    /// Converts predictions back: the entities in a text, as spans in bytes.
    ///
    /// `offsets` are the ranges of the tokens in the text, as returned by
    /// [`Tokenizer::encode_with_offsets`](crate::Tokenizer::encode_with_offsets), and `classes` are the predicted classes of the
    /// tokens; if one is shorter, the rest of the other is ignored. For a model that labels the first token of each word, pass
    /// the ranges of the words and the classes of their first tokens (see [`Words`](crate::Words)). Tags are read with
    /// [`ChunkRule::Lenient`]. An entity is everything from its first token to its last, without white space at the ends. Spans
    /// are in order and do not overlap.
    #[must_use]
    pub fn entities(&self, text: &str, offsets: &[Range<usize>], classes: &[i32]) -> Vec<Span> {
        let classes = &classes[..classes.len().min(offsets.len())];
        let mut entities: Vec<Span> = Vec::new();
        for Chunk { positions, entity_type } in self.chunks(classes, ChunkRule::Lenient) {
            let tokens = &offsets[positions];
            // Tokens that share a character have the range of the whole character, which the previous entity may already have.
            let from = entities.last().map_or(0, |entity| entity.end);
            let start = tokens.iter().map(|token| token.start).min().unwrap_or(0).max(from);
            let end = tokens.iter().map(|token| token.end).max().unwrap_or(0);
            let range = without_space_around(text, start..end);
            if !range.is_empty() {
                entities.push(Span::new(range, &self.types[entity_type]));
            }
        }
        entities
    }

    pub(super) fn type_of(&self, label: &str) -> Option<usize> {
        self.types.iter().position(|known| known == label)
    }

    pub(super) fn tag(&self, name: &str) -> Option<Tag> {
        match name.split_once('-') {
            None if name == "O" => Some(Tag::Outside),
            Some(("B", label)) => self.type_of(label).map(Tag::Begin),
            Some(("I", label)) => self.type_of(label).map(Tag::Inside),
            _ => None,
        }
    }

    /// The class of a tag of these types: each is among the classes.
    pub(super) fn class(&self, tag: Tag) -> u32 {
        self.classes.iter().position(|class| *class == tag).unwrap_or(0) as u32
    }

    fn name_of(&self, tag: Tag) -> String {
        match tag {
            Tag::Outside => "O".into(),
            Tag::Begin(index) => format!("B-{}", self.types[index]),
            Tag::Inside(index) => format!("I-{}", self.types[index]),
        }
    }
}

/// A range without the white space at its ends.
fn without_space_around(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}
