//! From a file on disk to a batch: the data side of training. This crate does not depend on a tensor library; a batch consists of
//! plain vectors and their shape.
//!
//! ```text
//! train.jsonl ──LineIndex──▶ line i ──SampleEncoder──▶ sample i ──Collate──▶ batch ──▶ the model
//!               where each     │       (Tokenizer)        │         padding
//!               line begins    └────── TokenStore ────────┘         and mask
//!                                  every line encoded once
//!                                                         ▲
//!                              BatchSampler ── which i ───┘        DataLoader runs it all
//! ```
//!
//! - [`LineIndex`] finds the lines of a sample file of any size in one pass, and caches their offsets beside the file.
//! - [`Dataset`] gives access to samples by index. [`LineDataset`] parses a line each time it is requested; [`TokenStore`]
//!   encodes all lines once, after which reading ids and lengths costs almost nothing. [`Split`] and [`Subset`] divide a dataset
//!   into parts.
//! - [`Tokenizer`] turns text into ids; [`SampleEncoder`] turns a line into a [`TokenizedSample`].
//! - [`TokenLabelEncoder`] labels the tokens of a text by its entities, and [`TagSet`] converts predicted classes to entities.
//! - [`Sampler`] orders the samples of an epoch, [`BatchSampler`] groups them: both are pure functions of (seed, epoch), so
//!   training can start at any batch of an epoch.
//! - [`Collate`] pads samples into a batch with a mask (1 = real, 0 = padding).
//! - [`DataLoader`] runs all of these on any number of threads; the batches do not depend on that number.
//!
//! ```
//! use std::sync::Arc;
//! use drivetrain_data::*;
//!
//! /// "left right right": each word is one id; the label is the first word.
//! struct Words;
//! impl SampleEncoder for Words {
//!     fn encode(&self, line: &str) -> Result<EncodedSample, LineProblem> {
//!         let id = |word| match word {
//!             "left" => Ok(3),
//!             "right" => Ok(4),
//!             other => Err(LineProblem(format!("expected `left` or `right`, found `{other}`"))),
//!         };
//!         let input = line.split_whitespace().map(id).collect::<Result<Vec<u32>, _>>()?;
//!         let target = vec![u32::from(input[0] == 4)];
//!         Ok(EncodedSample { sample: TokenizedSample { input, target }, cut: 0 })
//!     }
//!     fn fingerprint(&self) -> Fingerprint {
//!         Fingerprint::of_bytes(b"words, version 1")
//!     }
//! }
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("turns.txt");
//! std::fs::write(&path, "left right right\nright\nleft\n").unwrap();
//! let index = LineIndex::open(&path, &Silent)?;
//! let store = TokenStore::open(&index, &Words, OnBadLine::Fail, &Silent)?;
//! let sampler = LengthGroups::new(&store.input_lengths(), 2, 7, false)?;
//! let collate = ClassCollate { n_classes: 2, pad_side: PadSide::Right };
//! let loader = DataLoader::new(Arc::new(store), collate, sampler, LoaderConfig::default());
//! for batch in loader.epoch(0) {
//!     let batch = batch?;
//!     assert_eq!(batch.input.ids_bt.len(), batch.batch_size() * batch.input.len);
//! }
//! # Ok::<(), DataError>(())
//! ```

pub mod collate;
pub mod dataset;
pub mod error;
pub mod files;
pub mod index;
pub mod labelled_text;
pub mod labels;
pub mod left_out;
pub mod loader;
pub mod micro_batch;
pub mod progress;
pub mod sample;
pub mod sampler;
pub mod split;
pub mod tags;
pub mod token_store;
pub mod tokenizer;

pub use collate::{
    BatchSize, ClassCollate, Collate, HasInput, HasLabels, MultiLabelCollate, PadSide, Padded, SequenceBatch,
    TokenLabelCollate, pad, pad_to,
};
pub use dataset::{Dataset, LineDataset, LineParser, MemoryDataset, SampleLengths, Subset};
pub use error::{DataError, LineProblem, Result, panic_message};
pub use files::{Fingerprint, read_bounded, remove_abandoned, write_atomically};
pub use index::LineIndex;
pub use labelled_text::{LabelledText, TextFormat};
pub use labels::{ClassIndex, IGNORE_CLASS, MultiHot, TokenClasses};
pub use left_out::{LeftOut, SkippedLine, SkippedLines, Truncation};
pub use loader::{DataLoader, EpochBatches, LoaderConfig};
pub use micro_batch::{MicroBatch, MicroBatching};
pub use progress::{Progress, Silent, Stop, Unit, Work};
pub use sample::{EncodeLine, EncodedSample, SampleEncoder, TokenizedSample};
pub use sampler::{
    BatchSampler, Batched, EpochPlan, GroupBy, LengthGroups, Sampler, Sequential, Shuffled, TokenBudget,
    choose_lengths, padding_share,
};
pub use split::{Split, SplitRatio};
pub use tags::{
    AnnotatedText, Chunk, ChunkRule, OnCutToken, Span, SpanUnit, SubWords, TagSet, TokenLabelEncoder, Words,
};
pub use token_store::{OnBadLine, TokenStore};
pub use tokenizer::{CharOffsets, Encoding, OffsetEncoding, Tokenizer};
