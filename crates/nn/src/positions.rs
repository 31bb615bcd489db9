use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

/// Sinusoidal positions (Vaswani et al. 2017, §3.5): column `2i` of row `t` is `sin(t / 10000^(2i/d))`, column `2i+1`
/// the cosine of the same angle.
#[derive(Clone, Debug)]
pub struct SinusoidalPositions {
    table_td: Arc<[f32]>,
    d_model: usize,
}

impl SinusoidalPositions {
    /// A table of `rows` positions of width `d_model` (even).
    #[must_use]
    pub fn new(rows: usize, d_model: usize) -> Self {
        let angle = |t: usize, i: usize| t as f64 / 10_000_f64.powf((2 * i) as f64 / d_model as f64);
        let table_td = (0..rows)
            .flat_map(|t| (0..d_model / 2).flat_map(move |i| [angle(t, i).sin() as f32, angle(t, i).cos() as f32]))
            .collect();
        Self { table_td, d_model }
    }

    /// How many positions there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.table_td.len() / self.d_model.max(1)
    }

    /// All rows, `[rows, d_model]`.
    pub(crate) fn table(&self) -> &[f32] {
        &self.table_td
    }

    /// The first `len` rows, `[1, len, d_model]`.
    ///
    /// # Panics
    /// When `len` exceeds the table: inputs are cut to `max_len` when they are tokenised.
    #[must_use]
    pub fn first(&self, len: usize, device: &Device) -> Tensor<3> {
        let rows = self.table_td[..len * self.d_model].to_vec();
        Tensor::from_data(TensorData::new(rows, [1, len, self.d_model]), device)
    }
}
