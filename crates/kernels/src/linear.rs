//! `y = x · W + b`, forward and backward.

use crate::matmul::{How, Matrix, MatrixMut, Onto, product};
use crate::params::Affine;
use crate::pool::Buffer;
use crate::simd::add_sum_of_rows;

/// `x_ri · W_io + b_o`.
pub(crate) fn linear(how: How, x_ri: &[f32], r: usize, w: Affine<&[f32]>) -> Buffer {
    let mut y_ro = Buffer::dirty(r * w.bias.len());
    linear_to(how, x_ri, r, w, &mut y_ro);
    y_ro
}

/// The same, written to `y_ro`.
pub(crate) fn linear_to(how: How, x_ri: &[f32], r: usize, w: Affine<&[f32]>, y_ro: &mut [f32]) {
    let o = w.bias.len();
    let i = w.weight.len() / o;
    let (x, weight) = (Matrix::new(x_ri, r, i), Matrix::new(w.weight, i, o));
    product(how, MatrixMut::new(y_ro, r, o), x, weight, Onto::Bias(w.bias));
}

/// The gradients of the weight and the bias: `xᵀ · dy` and the sum of `dy`'s rows.
pub(crate) fn linear_gradients(how: How, x_ri: &[f32], dy_ro: &[f32], r: usize, w: Affine<&[f32]>) -> Affine<Buffer> {
    let mut gradients = room_for_gradients(w);
    add_linear_gradients(how, x_ri, dy_ro, r, &mut gradients, Onto::Place);
    gradients
}

/// Buffers for them: the first [`add_linear_gradients`] overwrites the weight's gradient, and adds to the bias's.
pub(crate) fn room_for_gradients(w: Affine<&[f32]>) -> Affine<Buffer> {
    Affine { weight: Buffer::dirty(w.weight.len()), bias: Buffer::zeros(w.bias.len()) }
}

/// The same, overwriting the weight's gradient or adding to it, and adding to the bias's.
pub(crate) fn add_linear_gradients(
    how: How,
    x_ri: &[f32],
    dy_ro: &[f32],
    r: usize,
    gradients: &mut Affine<Buffer>,
    into: Onto<'_>,
) {
    let o = gradients.bias.len();
    let i = gradients.weight.len() / o;
    let (x_ir, dy) = (Matrix::new(x_ri, r, i).t(), Matrix::new(dy_ro, r, o));
    product(how, MatrixMut::new(&mut gradients.weight, i, o), x_ir, dy, into);
    add_sum_of_rows(&dy_ro[..r * o], &mut gradients.bias);
}

/// `dx = dy · Wᵀ`, written over `dx_ri` or added to it.
pub(crate) fn linear_backward(how: How, dy_ro: &[f32], r: usize, w: Affine<&[f32]>, dx_ri: &mut [f32], into: Onto<'_>) {
    let o = w.bias.len();
    let i = w.weight.len() / o;
    let (dx, dy) = (MatrixMut::new(dx_ri, r, i), Matrix::new(dy_ro, r, o));
    product(how, dx, dy, Matrix::new(w.weight, i, o).t(), into);
}
