//! A layer at every row, and the choice between that and `[CLS]` only.

use rayon::prelude::*;

use crate::embedding::{Input, InputGradient};
use crate::matmul::By;
use crate::params::{Affine, Layer, LayerParams, PARAMS};
use crate::pool::Buffer;
use crate::ragged::{Ragged, Shard};
use crate::{attention, cls_layer, feed_forward, simd};

/// Rows of a group of sequences in inference: few enough for a hidden layer of up to 1024 to stay in a core's own cache, and
/// enough for its products to be worth preparing the weights for.
const ROWS_AT_A_TIME: usize = 512;

/// Which rows of the output are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every real position: `[b, t, d]`, 0 at padding.
    All,
    /// `[CLS]`, the first real position of each sequence: `[b, d]`. Every sequence must have one.
    Cls,
}

/// What [`Layer::backward`] needs of [`Layer::forward`].
#[derive(Debug)]
pub struct SavedForBackward(SavedRows);

#[derive(Debug)]
enum SavedRows {
    All(Vec<SavedShard>),
    Cls(Box<cls_layer::SavedClsLayer>),
}

#[derive(Debug)]
struct SavedShard {
    unit_rd: Buffer,
    rstd_r: Buffer,
    attention: attention::SavedAttention,
    feed_forward: feed_forward::SavedFeedForward,
}

/// The gradients of a layer.
#[derive(Debug)]
pub struct LayerGradients {
    /// The gradient of what the layer's input came from.
    pub input: InputGradient,
    /// The gradients of the parameters.
    pub params: LayerParams<Vec<f32>>,
}

impl Layer<'_> {
    /// `x_btd` to the wanted rows of `y`, and what the backward pass needs.
    ///
    /// # Panics
    /// When the input has another size than `batch`, or with [`Rows::Cls`] a sequence is empty.
    #[must_use]
    pub fn forward(&self, input: &Input<'_>, batch: &Ragged, rows: Rows) -> (Vec<f32>, SavedForBackward) {
        let d = self.shape.d;
        input.check(batch, d);
        match rows {
            Rows::Cls => {
                assert!(batch.has_first_rows(), "a sequence is empty");
                let (y_bd, saved) = among_workers(|| cls_layer::forward(self, input, batch));
                (y_bd, SavedForBackward(SavedRows::Cls(Box::new(saved))))
            }
            Rows::All => {
                let (y_btd, shards) = among_workers(|| self.forward_all(input, batch));
                (y_btd, SavedForBackward(SavedRows::All(shards)))
            }
        }
    }

    /// The same rows as [`forward`](Self::forward), for when no backward pass follows: a few sequences are computed at a time, so
    /// that intermediate results stay in the caches.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    #[must_use]
    pub fn infer(&self, input: &Input<'_>, batch: &Ragged, rows: Rows) -> Vec<f32> {
        input.check(batch, self.shape.d);
        if rows == Rows::Cls {
            assert!(batch.has_first_rows(), "a sequence is empty");
            return among_workers(|| cls_layer::infer(self, input, batch));
        }
        let width = batch.t * self.shape.d;
        let mut y_btd = vec![0.0; batch.b * width];
        let groups = batch.split_small(&mut y_btd, width, ROWS_AT_A_TIME);
        among_workers(|| groups.into_par_iter().for_each(|(shard, y)| drop(self.shard_forward(input, &shard, y))));
        y_btd
    }

    fn forward_all(&self, input: &Input<'_>, batch: &Ragged) -> (Vec<f32>, Vec<SavedShard>) {
        let width = batch.t * self.shape.d;
        let mut y_btd = vec![0.0; batch.b * width];
        let shards = batch.split(&mut y_btd, width).into_par_iter();
        let saved = shards.map(|(shard, y)| self.shard_forward(input, &shard, y)).collect();
        (y_btd, saved)
    }

    fn shard_forward(&self, input: &Input<'_>, shard: &Shard<'_>, y: &mut [f32]) -> SavedShard {
        let (d, r) = (self.shape.d, shard.rows().len());
        let norm = self.params.attention_norm;
        let mut x_rd = Buffer::dirty(r * d);
        input.fill(shard.rows(), shard.t(), d, &mut x_rd);
        let [mut unit_rd, mut normed_rd, mut rstd_r] = [r * d, r * d, r].map(Buffer::dirty);
        simd::layer_norm(&x_rd, norm.weight, norm.bias, &mut unit_rd, &mut normed_rd, &mut rstd_r);
        let (attended_rd, attention) = attention::forward(self, shard, &normed_rd);
        let feed_forward = feed_forward::forward(self.how(By::Caller), self, shard.row_ids(), &mut x_rd, attended_rd);
        shard.scatter(&x_rd, d, y);
        SavedShard { unit_rd, rstd_r, attention, feed_forward }
    }

    /// From the gradient of the output of [`forward`](Self::forward) to those of its input and of the parameters.
    ///
    /// # Panics
    /// When `dy` has another size than the output, or `saved` comes from another batch.
    #[must_use]
    pub fn backward(&self, input: &Input<'_>, batch: &Ragged, saved: &SavedForBackward, dy: &[f32]) -> LayerGradients {
        let d = self.shape.d;
        match &saved.0 {
            SavedRows::All(shards) => {
                assert_eq!(dy.len(), batch.b * batch.t * d, "dy's size");
                among_workers(|| self.backward_all(input, batch, shards, dy))
            }
            SavedRows::Cls(saved) => {
                assert_eq!(dy.len(), batch.b * d, "dy's size");
                let (input, params) = among_workers(|| cls_layer::backward(self, input, batch, saved, dy));
                let params = LayerParams::from_array(params.into_array().map(Buffer::into_vec));
                LayerGradients { input, params }
            }
        }
    }

    fn backward_all(&self, input: &Input<'_>, batch: &Ragged, shards: &[SavedShard], dy_btd: &[f32]) -> LayerGradients {
        let d = self.shape.d;
        let mut dx_rd = Buffer::dirty(batch.rows().len() * d);
        let parts = batch.split_rows(&mut dx_rd, d);
        assert_eq!(parts.len(), shards.len(), "another batch");
        let gradients: Vec<[Buffer; PARAMS]> = parts
            .into_par_iter()
            .zip(shards)
            .map(|((shard, dx_rd), saved)| self.shard_backward(&shard, saved, dy_btd, dx_rd).into_array())
            .collect();
        let sizes = LayerParams::sizes(self.shape).into_array();
        let mut params = sizes.map(|size| vec![0.0; size]);
        params.par_iter_mut().enumerate().for_each(|(index, sum)| {
            gradients.iter().for_each(|shard| simd::add(sum, &shard[index]));
        });
        LayerGradients { input: input.gradient(batch, dx_rd, d), params: LayerParams::from_array(params) }
    }

    fn shard_backward(
        &self,
        shard: &Shard<'_>,
        saved: &SavedShard,
        dy_btd: &[f32],
        dx_rd: &mut [f32],
    ) -> LayerParams<Buffer> {
        let (d, r) = (self.shape.d, shard.rows().len());
        let norm = self.params.attention_norm;
        let mut normed_rd = Buffer::dirty(r * d);
        simd::affine(&saved.unit_rd, norm.weight, norm.bias, &mut normed_rd);
        shard.gather(dy_btd, d, dx_rd);
        let (dattended_rd, feed_forward) =
            feed_forward::backward(self.how(By::Caller), self, shard.row_ids(), &saved.feed_forward, dx_rd);
        let (dnormed_rd, attention) = attention::backward(self, shard, &saved.attention, &normed_rd, &dattended_rd);
        let mut dnorm = Affine { weight: Buffer::zeros(d), bias: Buffer::zeros(d) };
        simd::layer_norm_backward(
            &dnormed_rd,
            &saved.unit_rd,
            &saved.rstd_r,
            norm.weight,
            dx_rd,
            &mut dnorm.weight,
            &mut dnorm.bias,
        );
        let attention::AttentionGradients { query, key, value, output } = attention;
        let feed_forward::FeedForwardGradients { norm: feed_forward_norm, inner, outer } = feed_forward;
        LayerParams { attention_norm: dnorm, query, key, value, output, feed_forward_norm, inner, outer }
    }
}

/// Runs `work` on a thread of rayon's pool, where parallel work starts at once. From any other thread, each parallel call would
/// have to wake a sleeping thread and wait for it.
pub(crate) fn among_workers<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    rayon::scope(|_| work())
}
