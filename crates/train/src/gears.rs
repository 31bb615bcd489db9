//! The three traits by which a model, its loss and its metric mesh with a batch.

use burn::module::Module;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use drivetrain_data::{HasInput, Padded};
use drivetrain_nn::{Mode, SequenceClassifier, TokenClassifier};
use serde::Serialize;

use crate::ClassFigures;

/// A model that takes batches of type `B`, exactly what the collate makes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take batches of type `{B}`: these gears do not mesh",
    label = "this model is given `{B}` by the loader's collate",
    note = "implement `Model<{B}>` for the model, or use a collate whose `Batch` the model takes"
)]
pub trait Model<B>: Module {
    /// What comes out: usually logits.
    type Output;

    /// One forward pass. The batch moves to the model's device here.
    fn forward(&self, batch: &B, mode: &Mode) -> Self::Output;

    /// The multiplications and additions, each counted as one, that the model's definition asks for in one forward pass
    /// over the real tokens of a batch; none where nobody has counted them.
    fn forward_flops(&self, _batch: &B) -> Option<f64> {
        None
    }
}

/// How far an output is from what a batch's labels say: the number that training makes small.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot compare the output `{Output}` with the labels of `{B}`: these gears do not mesh"
)]
pub trait Objective<Output, B> {
    /// The mean loss over the batch, a tensor of one element that gradients can flow from.
    fn loss(&self, output: Output, batch: &B) -> Tensor<1>;
}

/// Counts over a validation pass: one pass, nothing stored per sample.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot count the output `{Output}` against the labels of `{B}`: these gears do not mesh"
)]
pub trait Metric<Output, B>: Clone {
    /// What the counts add up to.
    type Figures: Figures;

    /// Adds one batch.
    fn count(&mut self, output: &Output, batch: &B);

    /// The figures of everything counted since this value was made.
    fn figures(&self) -> Self::Figures;
}

/// The results of a validation pass.
pub trait Figures: Clone + Serialize + std::fmt::Debug {
    /// The number by which epochs are compared, higher is better.
    fn score(&self) -> f64;

    /// Every figure worth logging, by name, in a fixed order.
    fn named(&self) -> Vec<(&'static str, f64)>;

    /// The figures class by class, in the order of the logits; none where there are no classes.
    fn per_class(&self) -> &[ClassFigures] {
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

    fn forward_flops(&self, batch: &B) -> Option<f64> {
        Some(batch.input().real_lengths().map(|len| self.forward_flops(len)).sum())
    }
}

/// The device a model's parameters live on.
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
