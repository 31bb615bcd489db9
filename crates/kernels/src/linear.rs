//! `y = x · W + b`, forward and backward.

use crate::matrix::{How, Into, Matrix, MatrixMut, product};
use crate::params::Affine;
use crate::pool::Buffer;
use crate::simd::{add_to_rows, sum_of_rows};

/// `x_ri · W_io + b_o`.
pub(crate) fn linear(how: How, x_ri: &[f32], r: usize, w: Affine<&[f32]>) -> Buffer {
    let o = w.bias.len();
    let i = w.weight.len() / o;
    let mut y_ro = Buffer::dirty(r * o);
    let (y, x) = (MatrixMut::new(&mut y_ro, r, o), Matrix::new(x_ri, r, i));
    product(how, y, x, Matrix::new(w.weight, i, o), Into::Place);
    add_to_rows(&mut y_ro, w.bias);
    y_ro
}

/// The gradients of the weight and the bias: `xᵀ · dy` and the sum of `dy`'s rows.
pub(crate) fn linear_gradients(how: How, x_ri: &[f32], dy_ro: &[f32], r: usize, w: Affine<&[f32]>) -> Affine<Buffer> {
    let o = w.bias.len();
    let i = w.weight.len() / o;
    let mut gradients = Affine { weight: Buffer::dirty(i * o), bias: Buffer::dirty(o) };
    let (x_ir, dy) = (Matrix::new(x_ri, r, i).t(), Matrix::new(dy_ro, r, o));
    product(how, MatrixMut::new(&mut gradients.weight, i, o), x_ir, dy, Into::Place);
    sum_of_rows(&dy_ro[..r * o], &mut gradients.bias);
    gradients
}

/// `dx = dy · Wᵀ`, written over `dx_ri` or added to it.
pub(crate) fn linear_backward(how: How, dy_ro: &[f32], r: usize, w: Affine<&[f32]>, dx_ri: &mut [f32], into: Into) {
    let o = w.bias.len();
    let i = w.weight.len() / o;
    let (dx, dy) = (MatrixMut::new(dx_ri, r, i), Matrix::new(dy_ro, r, o));
    product(how, dx, dy, Matrix::new(w.weight, i, o).t(), into);
}
