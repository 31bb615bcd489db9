//! Converts tags to chunks: which neighbouring tags form one entity.

use std::ops::Range;

/// What a class of a token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// `O`: in no entity.
    Outside,
    /// `B-type`: the first token of an entity.
    Begin(usize),
    /// `I-type`: a further token of an entity.
    Inside(usize),
}

/// An entity as a range of positions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunk {
    /// The positions of its tokens.
    pub positions: Range<usize>,
    /// Its type, as an index into [`TagSet::types`](crate::TagSet::types).
    pub entity_type: usize,
}

/// Which tags are read as an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChunkRule {
    /// As `conlleval` reads them, and `seqeval` by default: an `I-` after `O` or after another type begins an entity, so
    /// that every tag but `O` is part of one.
    #[default]
    Lenient,
    /// As IOB2 defines them, and `seqeval` reads them with `mode="strict", scheme=IOB2`: an entity begins with `B-` and goes
    /// on with `I-` of the same type; any other `I-` is part of none.
    Strict,
}

/// The chunks of the tags of one sequence, in order.
pub(super) fn chunks(tags: impl Iterator<Item = (usize, Tag)>, rule: ChunkRule) -> Vec<Chunk> {
    let mut found: Vec<Chunk> = Vec::new();
    // The type of the chunk that the token before this one is part of.
    let mut open = None;
    for (position, tag) in tags {
        open = match tag {
            Tag::Outside => None,
            Tag::Inside(entity_type) if open == Some(entity_type) => {
                if let Some(chunk) = found.last_mut() {
                    chunk.positions.end = position + 1;
                }
                open
            }
            Tag::Inside(_) if rule == ChunkRule::Strict => None,
            Tag::Begin(entity_type) | Tag::Inside(entity_type) => {
                found.push(Chunk { positions: position..position + 1, entity_type });
                Some(entity_type)
            }
        };
    }
    found
}
