//! Collate functions: they combine samples into one batch. Rows are padded to the length of the longest, and a mask marks which
//! positions are real.

use serde::{Deserialize, Serialize};

use crate::error::{DataError, Result};
use crate::labels::{ClassIndex, IGNORE_CLASS, MultiHot, TokenClasses};
use crate::sample::TokenizedSample;
use crate::tokenizer::PAD;

/// Turns samples into a batch. This is where the compiler checks that the types fit: a loader accepts only a collate function
/// whose `Sample` is what its dataset yields, and the model has to accept its `Batch`.
pub trait Collate: Send + Sync {
    /// What the dataset yields.
    type Sample;
    /// What the model takes.
    type Batch: Send;

    /// Makes one batch, its rows in the order of the samples.
    ///
    /// # Errors
    /// [`DataError::InBatch`] naming the position of a sample that does not fit.
    fn collate(&self, samples: Vec<Self::Sample>) -> Result<Self::Batch>;

    /// Like [`collate`](Self::collate), but pads the rows to at least `len` positions: the micro-batches of a batch are padded to
    /// the length of its longest sample. A collate function that does not pad can keep this default.
    ///
    /// # Errors
    /// Those of [`collate`](Self::collate).
    fn collate_padded(&self, samples: Vec<Self::Sample>, _len: usize) -> Result<Self::Batch> {
        self.collate(samples)
    }

    /// How many positions a sample takes in its row before it is padded; `None` where tokens are not counted.
    fn length(&self, _sample: &Self::Sample) -> Option<usize> {
        None
    }

    /// How large a batch is, for throughput and padding; `None` where tokens are not counted.
    fn size(&self, _batch: &Self::Batch) -> Option<BatchSize> {
        None
    }
}

/// How large a batch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchSize {
    /// Real tokens.
    pub tokens: u64,
    /// Real tokens and padding.
    pub positions: u64,
}

/// On which side of a short row the padding goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PadSide {
    /// After the tokens.
    #[default]
    Right,
    /// Before the tokens.
    Left,
}

/// Rows of ids, padded to one length. Row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Padded {
    /// The ids, `[batch, len]`.
    pub ids_bt: Vec<i32>,
    /// `true` where the id is real, `false` where it is padding, `[batch, len]`.
    pub mask_bt: Vec<bool>,
    /// The number of rows.
    pub batch: usize,
    /// The length of every row: that of the longest, at least 1.
    pub len: usize,
}

impl Padded {
    /// How many ids of each row are real.
    pub fn real_lengths(&self) -> impl Iterator<Item = usize> {
        self.mask_bt.chunks(self.len.max(1)).map(|mask_t| mask_t.iter().filter(|is_real| **is_real).count())
    }

    /// The real tokens and all positions.
    #[must_use]
    pub fn size(&self) -> BatchSize {
        BatchSize { tokens: self.real_lengths().sum::<usize>() as u64, positions: self.mask_bt.len() as u64 }
    }
}

/// Pads rows of token ids to the longest of them (at least 1, so that a tensor can hold it) with `pad_id`. Ids beyond
/// `i32::MAX`, which no vocabulary has, become `i32::MAX`.
#[must_use]
pub fn pad(rows: &[impl AsRef<[u32]>], side: PadSide, pad_id: u32) -> Padded {
    pad_to(rows, side, pad_id, 0)
}

/// [`pad`] to `len` positions, or more where a row is longer.
#[must_use]
pub fn pad_to(rows: &[impl AsRef<[u32]>], side: PadSide, pad_id: u32, len: usize) -> Padded {
    let as_i32 = |id: u32| i32::try_from(id).unwrap_or(i32::MAX);
    let len = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0).max(len).max(1);
    let mut ids_bt = vec![as_i32(pad_id); rows.len() * len];
    let mut mask_bt = vec![false; rows.len() * len];
    for (row, ids) in rows.iter().map(AsRef::as_ref).enumerate() {
        let start = row * len + offset(side, ids.len(), len);
        for (slot, &id) in ids_bt[start..start + ids.len()].iter_mut().zip(ids) {
            *slot = as_i32(id);
        }
        mask_bt[start..start + ids.len()].fill(true);
    }
    Padded { ids_bt, mask_bt, batch: rows.len(), len }
}

/// Where a row of `count` ids begins among `len` positions.
const fn offset(side: PadSide, count: usize, len: usize) -> usize {
    match side {
        PadSide::Right => 0,
        PadSide::Left => len - count,
    }
}

/// A batch of sequences with their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceBatch<L> {
    /// The input ids and their mask, `[batch, len]`.
    pub input: Padded,
    /// The labels: [`MultiHot`], [`ClassIndex`] or [`TokenClasses`].
    pub labels: L,
}

/// A batch that holds a padded input: what an encoder takes. Implement it for a batch of your own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no padded input, which this model takes",
    note = "implement `HasInput` for `{Self}`, or use a model of your own"
)]
pub trait HasInput {
    /// The ids and their mask.
    fn input(&self) -> &Padded;
}

/// A batch that holds labels of the type `L`: what a loss and a metric take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no labels of the type `{L}`",
    note = "implement `HasLabels<{L}>` for `{Self}`, or use a collate function, a loss and a metric for the same task: \
            `MultiLabelCollate`, `BceWithLogits`, `MultiLabelMetric`; `ClassCollate`, `CrossEntropy`, `MultiClassMetric`; or \
            `TokenLabelCollate`, `TokenCrossEntropy`, `TokenMetric`"
)]
pub trait HasLabels<L> {
    /// The labels.
    fn labels(&self) -> &L;
}

impl<L> HasInput for SequenceBatch<L> {
    fn input(&self) -> &Padded {
        &self.input
    }
}

impl<L> HasLabels<L> for SequenceBatch<L> {
    fn labels(&self) -> &L {
        &self.labels
    }
}

impl<L> SequenceBatch<L> {
    /// The number of samples.
    pub fn batch_size(&self) -> usize {
        self.input.batch
    }
}

/// Multi-label: `target` is the set of class indices.
#[derive(Clone, Copy, Debug)]
pub struct MultiLabelCollate {
    /// The number of classes.
    pub n_classes: usize,
    /// The side of the padding.
    pub pad_side: PadSide,
}

/// Multi-class: `target` is one class index.
#[derive(Clone, Copy, Debug)]
pub struct ClassCollate {
    /// The number of classes.
    pub n_classes: usize,
    /// The side of the padding.
    pub pad_side: PadSide,
}

/// Token classification: `target` has one class per id of `input`, or [`IGNORE_CLASS`] for a token without a label.
#[derive(Clone, Copy, Debug)]
pub struct TokenLabelCollate {
    /// The number of classes.
    pub n_classes: usize,
    /// The side of the padding.
    pub pad_side: PadSide,
}

impl Collate for MultiLabelCollate {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<MultiHot>;

    fn collate(&self, samples: Vec<TokenizedSample>) -> Result<Self::Batch> {
        self.collate_padded(samples, 0)
    }

    fn collate_padded(&self, samples: Vec<TokenizedSample>, len: usize) -> Result<Self::Batch> {
        let input = pad_inputs(&samples, self.pad_side, len)?;
        let n_classes = self.n_classes;
        let mut values_bc = vec![0.0; samples.len() * n_classes];
        for (position, sample) in samples.iter().enumerate() {
            for &class in &sample.target {
                values_bc[position * n_classes + check_class(position, class, n_classes)?] = 1.0;
            }
        }
        Ok(SequenceBatch { input, labels: MultiHot { values_bc, n_classes } })
    }

    fn length(&self, sample: &TokenizedSample) -> Option<usize> {
        Some(sample.input.len())
    }

    fn size(&self, batch: &Self::Batch) -> Option<BatchSize> {
        Some(batch.input.size())
    }
}

impl Collate for ClassCollate {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<ClassIndex>;

    fn collate(&self, samples: Vec<TokenizedSample>) -> Result<Self::Batch> {
        self.collate_padded(samples, 0)
    }

    fn collate_padded(&self, samples: Vec<TokenizedSample>, len: usize) -> Result<Self::Batch> {
        let input = pad_inputs(&samples, self.pad_side, len)?;
        let class = |(position, sample): (usize, &TokenizedSample)| match sample.target[..] {
            [class] => check_class(position, class, self.n_classes).map(|class| class as i32),
            ref other => {
                Err(DataError::InBatch { position, problem: format!("expected one class, found {}", other.len()) })
            }
        };
        let class_b = samples.iter().enumerate().map(class).collect::<Result<_>>()?;
        Ok(SequenceBatch { input, labels: ClassIndex { class_b, n_classes: self.n_classes } })
    }

    fn length(&self, sample: &TokenizedSample) -> Option<usize> {
        Some(sample.input.len())
    }

    fn size(&self, batch: &Self::Batch) -> Option<BatchSize> {
        Some(batch.input.size())
    }
}

impl Collate for TokenLabelCollate {
    type Sample = TokenizedSample;
    type Batch = SequenceBatch<TokenClasses>;

    fn collate(&self, samples: Vec<TokenizedSample>) -> Result<Self::Batch> {
        self.collate_padded(samples, 0)
    }

    fn collate_padded(&self, samples: Vec<TokenizedSample>, len: usize) -> Result<Self::Batch> {
        let input = pad_inputs(&samples, self.pad_side, len)?;
        let mut class_bt = vec![TokenClasses::IGNORE; samples.len() * input.len];
        for (position, TokenizedSample { input: ids, target }) in samples.iter().enumerate() {
            if target.len() != ids.len() {
                let problem = format!("expected one class per token, found {} for {} tokens", target.len(), ids.len());
                return Err(DataError::InBatch { position, problem });
            }
            let start = position * input.len + offset(self.pad_side, ids.len(), input.len);
            for (slot, &class) in class_bt[start..].iter_mut().zip(target) {
                if class != IGNORE_CLASS {
                    *slot = check_class(position, class, self.n_classes)? as i32;
                }
            }
        }
        Ok(SequenceBatch { input, labels: TokenClasses { class_bt, n_classes: self.n_classes } })
    }

    fn length(&self, sample: &TokenizedSample) -> Option<usize> {
        Some(sample.input.len())
    }

    fn size(&self, batch: &Self::Batch) -> Option<BatchSize> {
        Some(batch.input.size())
    }
}

fn pad_inputs(samples: &[TokenizedSample], side: PadSide, len: usize) -> Result<Padded> {
    if samples.is_empty() {
        return Err(DataError::Config("a batch needs at least one sample, found none".into()));
    }
    let rows: Vec<&[u32]> = samples.iter().map(|sample| &sample.input[..]).collect();
    Ok(pad_to(&rows, side, PAD, len))
}

/// The class as an index, if it is a valid class and fits into an `i32`.
fn check_class(position: usize, class: u32, n_classes: usize) -> Result<usize> {
    if (class as usize) < n_classes && i32::try_from(class).is_ok() {
        Ok(class as usize)
    } else {
        let problem = format!("expected classes in 0..{n_classes}, found {class}");
        Err(DataError::InBatch { position, problem })
    }
}
