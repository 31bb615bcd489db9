use burn::module::ParamId;
use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_nn::{Gradients, RowGradient};

/// The gradient of one parameter, flat and clipped.
pub struct Gradient<'a> {
    pub(super) values: GradientValues<'a>,
    /// What clipping multiplies them by.
    pub(super) scale: f64,
    /// The number of values of the parameter.
    n: usize,
    device: Device,
}

/// A gradient before clipping.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, on the stack")]
pub(super) enum GradientValues<'a> {
    Dense(Tensor<1>),
    /// Of a token embedding, on the host: the rows that the batch used.
    Rows(&'a RowGradient),
}

impl<'a> Gradient<'a> {
    /// The gradient of the parameter `id`, moved out of `gradients`; `None` if it has none.
    pub(super) fn take<const D: usize>(
        weight: &Tensor<D>,
        id: ParamId,
        gradients: &'a mut Gradients,
        scale: f64,
    ) -> Option<Self> {
        let n = weight.shape().num_elements();
        let dense = weight.grad_remove(&mut gradients.dense);
        let values = match (dense, gradients.rows(id)) {
            (None, None) => return None,
            (None, Some(rows)) => GradientValues::Rows(rows),
            (Some(dense), None) => GradientValues::Dense(dense.reshape([n])),
            (Some(dense), Some(rows)) => GradientValues::Dense(with_rows(dense, rows).reshape([n])),
        };
        Some(Self { values, scale, n, device: weight.device().inner() })
    }

    #[cfg(test)]
    pub(super) fn of_dense(dense_n: Tensor<1>, scale: f64) -> Self {
        let (n, device) = (dense_n.dims()[0], dense_n.device());
        Self { values: GradientValues::Dense(dense_n), scale, n, device }
    }

    /// The whole gradient, clipped, on the device of the weights.
    #[must_use]
    pub fn dense(self) -> Tensor<1> {
        let dense_n = match self.values {
            GradientValues::Dense(dense_n) => dense_n,
            GradientValues::Rows(rows) => {
                let mut values = vec![0.0; self.n];
                rows.add_to(&mut values);
                Tensor::from_data(TensorData::new(values, [self.n]), &self.device)
            }
        };
        dense_n.mul_scalar(self.scale)
    }
}

/// The whole gradient of a token embedding that was used both for look-ups and in other operations.
fn with_rows<const D: usize>(dense: Tensor<D>, rows: &RowGradient) -> Tensor<D> {
    let device = dense.device();
    let mut sum: TensorData = dense.into_data_as::<f32>();
    rows.add_to(sum.as_mut_slice().unwrap_or_default());
    Tensor::from_data(sum, &device)
}
