//! The product of two matrices in plain slices.

#[cfg(target_arch = "x86_64")]
mod amx;
mod matrix;

use std::ops::Range;

use gemm::Parallelism;
use rayon::prelude::*;

use crate::simd;

pub(crate) use matrix::{Matrix, MatrixMut, Onto};

/// What the factors of a matrix product are rounded to. Sums are always f32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// f32: they are not rounded.
    #[default]
    F32,
    /// bf16, where the machine has a unit for it ([`multiplies_bf16`]) and the product is large enough
    /// to gain by it, which depends on how many rows are computed together; f32 elsewhere.
    Bf16,
}

/// Who computes a product. The result is the same, bit for bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The calling thread: inside a shard.
    Caller,
    /// All threads, each some of the columns.
    Everyone,
}

/// How a product is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct How {
    /// By whom.
    pub(crate) by: By,
    /// The precision of the factors.
    pub(crate) precision: Precision,
}

/// Columns of a product that one task computes.
const TASK_COLUMNS: usize = 64;

/// `c = a · b`, or `c += a · b`.
pub(crate) fn product(how: How, c: MatrixMut<'_>, a: Matrix<'_>, b: Matrix<'_>, into: Onto<'_>) {
    let (m, n, k) = (c.rows, c.columns, a.columns);
    assert!(a.rows == m && b.columns == n && b.rows == k, "[{} × {k}] · [{} × {}]", a.rows, b.rows, b.columns);
    if let Onto::Bias(bias) = into {
        assert_eq!(bias.len(), n, "the bias's length");
    }
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        for row in c.data.chunks_mut(c.row_stride).take(m) {
            match into {
                Onto::Place => row[..n].fill(0.0),
                Onto::Bias(bias) => row[..n].copy_from_slice(bias),
                Onto::Sum => {}
            }
        }
        return;
    }
    let to = To { data: c.data.as_mut_ptr(), row_stride: c.row_stride };
    let width = if how.by == By::Caller { n } else { TASK_COLUMNS };
    let is_in_tiles = how.precision == Precision::Bf16 && are_tiles_worth_it(m, n, k);
    let block = |start: usize| {
        let columns = start..n.min(start + width);
        // SAFETY: the views' constructors have checked that every element lies inside its slice, and Rust that the
        // written slice overlaps neither of the others; tasks write to columns of their own.
        unsafe { to.write(is_in_tiles, columns.clone(), a, b.columns(columns.clone()), into.columns(columns)) }
    };
    match how.by {
        By::Caller => block(0),
        By::Everyone => (0..n.div_ceil(width)).into_par_iter().for_each(|task| block(task * width)),
    }
}

/// Whether this machine has a unit for products of bf16 numbers: Intel's AMX, under Linux.
#[must_use]
pub fn multiplies_bf16() -> bool {
    #[cfg(target_arch = "x86_64")]
    return amx::are_there();
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

/// Whether this machine has that unit, and a product of `m` by `n` with `k` terms gains by it.
fn are_tiles_worth_it(m: usize, n: usize, k: usize) -> bool {
    #[cfg(target_arch = "x86_64")]
    return amx::are_worth_it(m, n, k) && amx::are_there();
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (m, n, k);
        false
    }
}

/// A matrix that several threads write to, each to columns of its own.
#[derive(Clone, Copy)]
struct To {
    data: *mut f32,
    row_stride: usize,
}

// SAFETY: it points to a slice that is borrowed mutably for as long as `product` runs, and no two threads write to the
// same columns.
unsafe impl Send for To {}
// SAFETY: as above.
unsafe impl Sync for To {}

impl To {
    /// Writes some columns of a product.
    ///
    /// # Safety
    /// `a`, `b` and what is written lie inside their slices, and nobody else uses what is written. `is_in_tiles` only where
    /// [`are_tiles_worth_it`].
    unsafe fn write(self, is_in_tiles: bool, columns: Range<usize>, a: Matrix<'_>, b: Matrix<'_>, into: Onto<'_>) {
        #[cfg(target_arch = "x86_64")]
        if is_in_tiles {
            // SAFETY: what the caller vouches for.
            return unsafe { amx::product(self.data.add(columns.start), self.row_stride, a, b, into) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = is_in_tiles;
        // SAFETY: what the caller vouches for.
        unsafe {
            gemm::gemm(
                a.rows,
                columns.len(),
                a.columns,
                self.data.add(columns.start),
                1,
                self.row_stride as isize,
                matches!(into, Onto::Sum),
                a.data.as_ptr(),
                a.column_stride as isize,
                a.row_stride as isize,
                b.data.as_ptr(),
                b.column_stride as isize,
                b.row_stride as isize,
                1.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
        if let Onto::Bias(bias) = into {
            for i in 0..a.rows {
                // SAFETY: what the caller vouches for.
                let row = unsafe { self.data.add(i * self.row_stride + columns.start) };
                // SAFETY: as above.
                simd::add(unsafe { std::slice::from_raw_parts_mut(row, columns.len()) }, bias);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use drivetrain_random::Random;
    use proptest::prelude::*;

    use super::*;

    const HOW: How = How { by: By::Caller, precision: Precision::F32 };

    #[test]
    fn parts_and_transposes_multiply_as_by_hand() {
        let a: Vec<f32> = (0..12).map(|i| i as f32).collect();
        let b: Vec<f32> = (0..20).map(|i| (i % 7) as f32 - 3.0).collect();
        // Columns 1..3 of a [3 × 4], times rows 0..2 of the transpose of b [5 × 4].
        let (left, right) = (Matrix::new(&a, 3, 4).columns(1..3), Matrix::new(&b, 5, 4).t().rows(0..2));
        let mut c = vec![1.0; 3 * 7];
        for (into, before) in [(Onto::Sum, 1.0), (Onto::Place, 0.0), (Onto::Bias(&[0.5; 5]), 0.5)] {
            product(HOW, MatrixMut::part(&mut c, 3, 1..6, 7), left, right, into);
            for i in 0..3 {
                assert_eq!((c[i * 7], c[i * 7 + 6]), (1.0, 1.0));
                for j in 0..5 {
                    let by_hand: f32 = (0..2).map(|l| a[i * 4 + 1 + l] * b[j * 4 + l]).sum();
                    assert_eq!(c[i * 7 + 1 + j], before + by_hand);
                }
            }
        }
        product(HOW, MatrixMut::new(&mut c, 1, 3), Matrix::new(&[], 1, 0), Matrix::new(&[], 0, 3), Onto::Place);
        assert_eq!(c[..3], [0.0; 3]);
    }

    /// Rounds to the nearest number with eight binary digits, ties to even.
    fn to_bf16(x: f32) -> f64 {
        let half = 0x7FFF + (x.to_bits() >> 16 & 1);
        f64::from(f32::from_bits((x.to_bits() + half) & 0xFFFF_0000))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// Any sizes, including those that do not fill their tiles; parts of larger matrices; transposes.
        #[test]
        fn bf16_products_are_those_of_the_rounded_numbers(
            [m, n, k] in prop::array::uniform3(1_usize..150),
            long in any::<bool>(),
            [a_is_turned, b_is_turned, by_everyone] in any::<[bool; 3]>(),
            added in 0_usize..3,
            seed in any::<u64>(),
        ) {
            if !multiplies_bf16() {
                eprintln!("skipped: this machine has no unit for bf16");
                return Ok(());
            }
            let (n, k) = if long { (n + 500, k + 500) } else { (n, k) };
            let how = How { by: if by_everyone { By::Everyone } else { By::Caller }, precision: Precision::Bf16 };
            let normals = |purpose, n: usize| -> Vec<f32> {
                (0..n as u64).map(|i| Random::new(seed, purpose).normal_f32(i)).collect()
            };
            // The factors lie inside matrices with a row more above and three columns more on the left.
            let (a, b) = (normals("a", (m + k + 4) * (m + k + 4)), normals("b", (n + k + 4) * (n + k + 4)));
            let inside = |data, rows, columns, is_turned| match is_turned {
                false => Matrix::new(data, rows + 1, columns + 3).rows(1..rows + 1).columns(3..columns + 3),
                true => Matrix::new(data, columns + 1, rows + 3).rows(1..columns + 1).columns(3..rows + 3).t(),
            };
            let (left, right) = (inside(&a, m, k, a_is_turned), inside(&b, k, n, b_is_turned));
            let before = normals("c", m * (n + 2));
            let bias = normals("bias", n);
            let into = [Onto::Place, Onto::Sum, Onto::Bias(&bias)][added];
            let mut c = before.clone();
            product(how, MatrixMut::part(&mut c, m, 1..n + 1, n + 2), left, right, into);

            let at = |x: Matrix<'_>, i: usize, j: usize| x.data[i * x.row_stride + j * x.column_stride];
            let is_rounded = are_tiles_worth_it(m, n, k);
            let read = |x, i, j| if is_rounded { to_bf16(at(x, i, j)) } else { f64::from(at(x, i, j)) };
            for i in 0..m {
                prop_assert_eq!(c[i * (n + 2)], before[i * (n + 2)]);
                prop_assert_eq!(c[(i + 1) * (n + 2) - 1], before[(i + 1) * (n + 2) - 1]);
                for (j, bias) in bias.iter().enumerate() {
                    let at = i * (n + 2) + j + 1;
                    let terms: Vec<f64> = (0..k).map(|l| read(left, i, l) * read(right, l, j)).collect();
                    let expected = terms.iter().sum::<f64>() + f64::from([0.0, before[at], *bias][added]);
                    // The error of a sum in f32 depends on how large its terms are, not on how large the sum is.
                    let most = 2e-6 * (1.0 + terms.iter().map(|term| term.abs()).sum::<f64>());
                    prop_assert!((f64::from(c[at]) - expected).abs() < most, "({i}, {j}): {}, {expected}", c[at]);
                }
            }
        }
    }
}
