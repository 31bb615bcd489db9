//! AdamW with a row-sparse gradient of a table, compared with AdamW with the dense gradient.

use drivetrain_kernels::{AdamWStep, RowGradient, adamw, adamw_rows};
use drivetrain_random::Random;

#[test]
fn rows_without_a_gradient_change_as_if_theirs_were_0() {
    let (v, d) = (1000, 12);
    let normals =
        |purpose: &str, n: u64| -> Vec<f32> { (0..n).map(|i| Random::new(2, purpose).normal_f32(i)).collect() };
    let rows: Vec<u32> = (0..v as u32).filter(|row| *row % 7 == 3 || (100..140).contains(row)).collect();
    let gradient = RowGradient { values: normals("gradient", (rows.len() * d) as u64), rows, d };
    let step = AdamWStep {
        gradient_scale: 0.5,
        beta1: 0.9,
        new1: 0.1,
        beta2: 0.98,
        new2: 0.02,
        root_correction2: 0.3,
        epsilon: 1e-8,
        decay: 0.999,
        rate: 0.01,
    };
    let tables = || {
        let squares = normals("squares", (v * d) as u64).into_iter().map(f32::abs).collect();
        [normals("weights", (v * d) as u64), normals("means", (v * d) as u64), squares]
    };
    let ([mut w, mut m, mut s], [mut w_expected, mut m_expected, mut s_expected]) = (tables(), tables());
    adamw_rows(&step, &mut w, &gradient, &mut m, &mut s);
    adamw(&step, &mut w_expected, &gradient.to_dense(v), &mut m_expected, &mut s_expected);
    assert!(w == w_expected && m == m_expected && s == s_expected);
    assert_ne!(w, tables()[0]);
}

#[test]
fn gradients_of_one_table_add_up() {
    let part =
        |rows: &[u32], value: f32| RowGradient { rows: rows.to_vec(), values: vec![value; rows.len() * 2], d: 2 };
    let sum = part(&[1, 4, 6], 1.0).plus(&part(&[0, 4], 2.0));
    assert_eq!(sum, RowGradient { rows: vec![0, 1, 4, 6], values: vec![2.0, 2.0, 1.0, 1.0, 3.0, 3.0, 1.0, 1.0], d: 2 });
}
