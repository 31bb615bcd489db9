//! The three traits that tie a model, its loss and its metric to the type of a batch.

use burn::module::Module;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use drivetrain_data::{HasInput, Padded};
use drivetrain_nn::{Mode, SequenceClassifier, TokenClassifier};
use serde::Serialize;

use crate::{ClassMetrics, MonitorMode};

/// Why a batch cannot be used; found before anything is computed with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The position of the sample at fault in the batch; `None` if the batch as a whole does not fit.
    pub position: Option<usize>,
    /// What was found and expected.
    pub problem: String,
}

impl Misfit {
    /// The batch as a whole does not fit.
    pub fn of_batch(problem: impl Into<String>) -> Self {
        Self { position: None, problem: problem.into() }
    }

    /// One sample does not fit.
    pub fn of_sample(position: usize, problem: impl Into<String>) -> Self {
        Self { position: Some(position), problem: problem.into() }
    }
}

/// Whether something fits.
pub type Fit = Result<(), Misfit>;

/// A model that takes batches of type `Batch`, which the loader's collate function makes.
///
/// A model that reads only token ids can take any batch that contains them:
///
/// ```
/// use burn::module::Module;
/// use burn::nn::{Embedding, EmbeddingConfig};
/// use burn::tensor::{Device, Tensor};
/// use drivetrain_data::{HasInput, MultiHot, Padded, SequenceBatch};
/// use drivetrain_nn::Mode;
/// use drivetrain_train::{Model, device_of, input_tensors};
///
/// /// The mean of the tokens' rows, as logits.
/// #[derive(Module, Debug)]
/// struct Bag {
///     rows: Embedding,
/// }
///
/// impl<Batch: HasInput> Model<Batch> for Bag {
///     type Output = Tensor<2>;
///     fn forward(&self, batch: &Batch, _mode: &Mode) -> Tensor<2> {
///         let (ids_bt, mask_bt) = input_tensors(batch.input(), &device_of(self));
///         let real_bt1 = mask_bt.float().unsqueeze_dim::<3>(2);
///         let sum_b1c = (self.rows.forward(ids_bt) * real_bt1.clone()).sum_dim(1);
///         (sum_b1c / real_bt1.sum_dim(1)).squeeze_dim::<2>(1)
///     }
/// }
///
/// let bag = Bag { rows: EmbeddingConfig::new(8, 3).init(&Device::flex()) };
/// let input = Padded { ids_bt: vec![5, 6, 7, 0], mask_bt: vec![true, true, true, false], batch: 2, len: 2 };
/// let batch = SequenceBatch { input, labels: MultiHot { values_bc: vec![0.0; 6], n_classes: 3 } };
/// assert_eq!(bag.forward(&batch, &Mode::Eval).dims(), [2, 3]); // two samples, three logits
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take batches of type `{Batch}`",
    label = "the loader's collate function makes `{Batch}`",
    note = "implement `Model<{Batch}>` for the model, or use a collate function whose `Batch` the model takes"
)]
pub trait Model<Batch>: Module {
    /// The output, usually logits.
    type Output;

    /// One forward pass. It also moves the batch to the model's device.
    fn forward(&self, batch: &Batch, mode: &Mode) -> Self::Output;

    /// Whether this model can take `batch`. This is called before each forward pass, so it should be cheap. Without this check, a
    /// batch that does not fit makes the tensor library panic, and the trainer turns the panic into an error.
    ///
    /// # Errors
    /// Names the sample at fault.
    fn check(&self, _batch: &Batch) -> Fit {
        Ok(())
    }

    /// The number of multiplications and additions, each counted as one, in a forward pass over the real tokens of a batch,
    /// according to the model's definition; `None` if the model does not count them.
    fn forward_flops(&self, _batch: &Batch) -> Option<f64> {
        None
    }
}

/// The loss: how far an output is from a batch's labels.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss for the output `{Output}` and the labels of `{Batch}`",
    label = "this loss needs another output, or other labels than the loader's collate function makes",
    note = "use a collate function and a loss for the same task: `MultiLabelCollate` with `BceWithLogits`, `ClassCollate` with \
            `CrossEntropy`, `TokenLabelCollate` with `TokenCrossEntropy`"
)]
pub trait Objective<Output, Batch> {
    /// The mean loss over the batch, a tensor of one element that gradients can flow from.
    fn loss(&self, output: Output, batch: &Batch) -> Tensor<1>;

    /// The number of terms that the mean loss of a batch is taken over, if these are not the samples: for example, the number of
    /// labelled tokens. Means over several batches are weighted by this number, so that they do not depend on how the samples are
    /// grouped into batches.
    fn terms(&self, _batch: &Batch) -> Option<u64> {
        None
    }

    /// Whether the labels of `batch` fit `output`. This is called before each loss, so it should be cheap.
    ///
    /// # Errors
    /// Names the sample at fault, if there is a particular one.
    fn check(&self, _output: &Output, _batch: &Batch) -> Fit {
        Ok(())
    }
}

/// Counts what is needed for the metrics of a validation, in one pass and without storing anything per sample. As in torchmetrics,
/// `update` takes a batch and `compute` returns the values.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use drivetrain_data::{ClassIndex, Padded, SequenceBatch};
/// use drivetrain_train::{Metric, MetricValues, MultiClassMetric};
///
/// let input = Padded { ids_bt: vec![3; 4], mask_bt: vec![true; 4], batch: 4, len: 1 };
/// let batch = SequenceBatch { input, labels: ClassIndex { class_b: vec![0, 1, 1, 1], n_classes: 2 } };
/// let logits_bc = Tensor::<2>::from_data([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0], [-1.0, 1.0]], &Device::flex());
///
/// let mut metric = MultiClassMetric::new(2);
/// metric.check(&logits_bc, &batch).unwrap();
/// metric.update(&logits_bc, &batch);
/// let values = metric.compute();
/// assert_eq!(values.score(), 0.75); // the accuracy: the third sample's class is 1, but its larger logit is that of class 0
/// assert_eq!(values.named()[0], ("accuracy", 0.75));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric for the output `{Output}` and the labels of `{Batch}`",
    label = "this metric needs another output, or other labels than the loader's collate function makes"
)]
pub trait Metric<Output, Batch>: Clone {
    /// The values that are computed from the counts.
    type Values: MetricValues;

    /// Adds one batch.
    fn update(&mut self, output: &Output, batch: &Batch);

    /// Whether the metric can count `output`. This is called before the first step and for every batch, so that a validation does
    /// not fail only after an epoch of training.
    ///
    /// # Errors
    /// Names what does not fit.
    fn check(&self, _output: &Output, _batch: &Batch) -> Fit {
        Ok(())
    }

    /// The values of everything counted since the metric was created.
    fn compute(&self) -> Self::Values;
}

/// The results of a validation pass.
pub trait MetricValues: Clone + Serialize + std::fmt::Debug {
    /// The number by which validations are compared unless the trainer's `monitor` names another value. Higher is better,
    /// unless [`mode_of`](Self::mode_of) says otherwise: the mean absolute error of a regression can be a score, too.
    fn score(&self) -> f64;

    /// Every value worth logging, by name, in a fixed order. Any of them can be the trainer's `monitor`; the names `loss`, `score`
    /// and `best` are reserved.
    fn named(&self) -> Vec<(&'static str, f64)>;

    /// Whether higher or lower values of this name are better, if the metric knows; `"score"` stands for the score. If this returns
    /// `None`, a higher score is better, and a metric that is monitored by name needs `mode` in the configuration.
    ///
    /// ```
    /// use drivetrain_train::{MetricValues, MonitorMode};
    ///
    /// #[derive(Clone, Debug, serde::Serialize)]
    /// struct Errors { mean_absolute: f64, r2: f64 }
    ///
    /// impl MetricValues for Errors {
    ///     fn score(&self) -> f64 {
    ///         self.mean_absolute
    ///     }
    ///     fn named(&self) -> Vec<(&'static str, f64)> {
    ///         vec![("mean_absolute_error", self.mean_absolute), ("r2", self.r2)]
    ///     }
    ///     fn mode_of(name: &str) -> Option<MonitorMode> {
    ///         Some(if name == "r2" { MonitorMode::Max } else { MonitorMode::Min })
    ///     }
    /// }
    /// assert_eq!(Errors::mode_of("score"), Some(MonitorMode::Min));
    /// ```
    #[must_use]
    fn mode_of(_name: &str) -> Option<MonitorMode> {
        None
    }

    /// The metrics of each class, in the order of the logits, or of each of what is counted instead, such as entity types; empty if
    /// there are no classes.
    fn per_class(&self) -> &[ClassMetrics] {
        &[]
    }

    /// The names of the classes of [`per_class`](Self::per_class), in the same order; empty if they are the model's classes, whose
    /// names come from the data.
    fn class_names(&self) -> &[String] {
        &[]
    }
}

impl<B: HasInput> Model<B> for SequenceClassifier {
    /// `logits_bc`
    type Output = Tensor<2>;

    fn forward(&self, batch: &B, mode: &Mode) -> Tensor<2> {
        let (ids_bt, mask_bt) = input_tensors(batch.input(), &device_of(self));
        self.forward(ids_bt, mask_bt, mode)
    }

    fn check(&self, batch: &B) -> Fit {
        check_input(batch.input(), self.vocab_size(), self.max_len())
    }

    fn forward_flops(&self, batch: &B) -> Option<f64> {
        // `[CLS]` stands before every sequence.
        Some(batch.input().real_lengths().map(|len| self.forward_flops(len + 1)).sum())
    }
}

impl<B: HasInput> Model<B> for TokenClassifier {
    /// `logits_btc`
    type Output = Tensor<3>;

    fn forward(&self, batch: &B, mode: &Mode) -> Tensor<3> {
        let (ids_bt, mask_bt) = input_tensors(batch.input(), &device_of(self));
        self.forward(ids_bt, mask_bt, mode)
    }

    fn check(&self, batch: &B) -> Fit {
        check_input(batch.input(), self.vocab_size(), self.max_len())
    }

    fn forward_flops(&self, batch: &B) -> Option<f64> {
        Some(batch.input().real_lengths().map(|len| self.forward_flops(len)).sum())
    }
}

/// Checks that in every row, all real ids are below `vocab_size`, and the last of them is within the first `max_len` positions. A
/// model of your own that uses an encoder can call this in [`Model::check`].
///
/// # Errors
/// Names the first row that fails the check.
pub fn check_input(input: &Padded, vocab_size: usize, max_len: usize) -> Fit {
    let Padded { ids_bt, mask_bt, batch, len } = input;
    let cells = batch.checked_mul(*len);
    if cells != Some(ids_bt.len()) || cells != Some(mask_bt.len()) {
        let (ids, mask) = (ids_bt.len(), mask_bt.len());
        return Err(Misfit::of_batch(format!(
            "a padded input of {batch} rows of {len} needs {batch} × {len} ids and as many entries in its mask, found {ids} \
             and {mask}"
        )));
    }
    let width = (*len).max(1);
    for (row, (ids_t, mask_t)) in ids_bt.chunks_exact(width).zip(mask_bt.chunks_exact(width)).enumerate() {
        let is_unknown =
            |&(id, is_real): &(&i32, &bool)| *is_real && usize::try_from(*id).map_or(true, |id| id >= vocab_size);
        if let Some((id, _)) = ids_t.iter().zip(mask_t).find(is_unknown) {
            return Err(Misfit::of_sample(
                row,
                format!("it holds the token id {id}, but the model's vocabulary has {vocab_size} ids, from 0 on"),
            ));
        }
        let reach = mask_t.iter().rposition(|is_real| *is_real).map_or(0, |last| last + 1);
        if reach > max_len {
            return Err(Misfit::of_sample(
                row,
                format!(
                    "it is {reach} tokens long, but the model reads at most {max_len} (`max_len`); cut it when it is tokenised"
                ),
            ));
        }
    }
    Ok(())
}

/// The device that a model's parameters are on.
#[must_use]
pub fn device_of<M: Module>(model: &M) -> Device {
    model.devices().into_iter().next().unwrap_or_else(Device::flex)
}

/// A padded batch as the tensors `ids_bt` and `mask_bt` (1 = real).
#[must_use]
pub fn input_tensors(input: &Padded, device: &Device) -> (Tensor<2, Int>, Tensor<2, Bool>) {
    let shape = [input.batch, input.len];
    let ids_bt = Tensor::from_data(TensorData::new(input.ids_bt.clone(), shape), device);
    let mask_bt = Tensor::from_data(TensorData::new(input.mask_bt.clone(), shape), device);
    (ids_bt, mask_bt)
}
