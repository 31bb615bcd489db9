//! Token classification: converts labelled spans of a text to one class per token, and back.
//!
//! ```text
//! "住在北京", LOC 6..12 ──TokenLabelEncoder──▶ ids, classes ──TokenLabelCollate──▶ batch ──▶ TokenClassifier
//!                       offsets ◀──Tokenizer                                                    │
//!                          └────────▶ TagSet::entities ◀── the largest logit of each token ─────┘
//! ```

mod align;
mod annotated;
mod chunks;
mod encoder;
mod span;
mod tag_set;
mod words;

pub use align::OnCutToken;
pub use annotated::AnnotatedText;
pub use chunks::{Chunk, ChunkRule};
pub use encoder::{SubWords, TokenLabelEncoder};
pub use span::{Span, SpanUnit};
pub use tag_set::TagSet;
pub use words::Words;
