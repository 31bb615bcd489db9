//! Compares the kernels with a naive implementation of a layer in double precision: the values directly, the gradients
//! with central differences.

mod naive;

use drivetrain_kernels::{Activation, Input, InputGradient, LayerShape, Precision, Rows, Tokens};
use drivetrain_random::Random;
use naive::{Case, doubles};
use proptest::prelude::*;

/// `scale` is the largest absolute value in the tensor: values cancel in sums, so the absolute error of a small element
/// can be as large as that of a large one.
fn close(found: f32, expected: f64, scale: f32, what: &str) -> Result<(), TestCaseError> {
    let difference = (f64::from(found) - expected).abs();
    prop_assert!(difference <= 1e-4 * f64::from(scale), "{what}: found {found}, expected {expected}, scale {scale}");
    Ok(())
}

fn scale(values: &[f32]) -> f32 {
    values.iter().fold(1.0, |scale, value| value.abs().max(scale))
}

fn any_case() -> impl Strategy<Value = Case> {
    // The width is at least 4: after a layer norm, rows of two or three numbers are nearly constant, so their gradients
    // are mostly rounding noise.
    let sizes =
        (1_usize..4, 1_usize..6, 1_usize..20, any::<bool>()).prop_filter("width", |(heads, k, ..)| heads * k >= 4);
    let sequences =
        (1_usize..12, 1_usize..9).prop_flat_map(|(b, t)| (Just(b), prop::collection::vec(any::<bool>(), b * t)));
    (sizes, sequences, prop::sample::select(vec![0.0, 0.3]), any::<bool>(), any::<u64>()).prop_map(
        |((heads, k, f, relu), (b, mut mask_bt), p, first, seed)| {
            let t = mask_bt.len() / b;
            // Every sequence has at least one real position, which is not always the first.
            (0..b).for_each(|sequence| mask_bt[sequence * t + seed as usize % t] = true);
            let activation = if relu { Activation::Relu } else { Activation::Gelu };
            let shape = LayerShape { d: heads * k, heads, f, activation, precision: Precision::F32 };
            Case::new(shape, mask_bt, b, p, if first { Rows::Cls } else { Rows::All }, seed)
        },
    )
}

/// Compares the output of a case, and its gradients at a few places, with the formula.
fn check(case: &Case) -> Result<(), TestCaseError> {
    let (y, found) = case.run(&Input::Rows(&case.x_btd));
    let InputGradient::Rows(found_x_btd) = &found.input else { panic!("of rows") };

    let params = case.params.each_ref().map(|values| doubles(values));
    let x_btd = doubles(&case.x_btd);
    let (_, expected) = case.loss(&params, &x_btd);
    let inferred = case.layer().infer(&Input::Rows(&case.x_btd), &case.batch, case.rows);
    prop_assert_eq!((y.len(), inferred.len()), (expected.len(), expected.len()));
    for ((element, inferred), expected) in y.iter().zip(inferred).zip(expected) {
        close(*element, expected, scale(&y), "output")?;
        close(inferred, expected, scale(&y), "output in inference")?;
    }

    let random = Random::new(7, "which");
    let step = 1e-6;
    let difference = |change: &dyn Fn(f64) -> f64| (change(step) - change(-step)) / (2.0 * step);
    let gradients = found.params.into_array();
    for (index, gradient) in gradients.iter().enumerate() {
        for draw in 0..3 {
            let at = random.at(index as u64).below(draw, gradient.len() as u64) as usize;
            let expected = difference(&|step| {
                let mut params = params.clone();
                params[index][at] += step;
                case.loss(&params, &x_btd).0
            });
            close(gradient[at], expected, scale(gradient), &format!("gradient of parameter {index}"))?;
        }
    }
    for draw in 0..6 {
        let at = random.below(draw, x_btd.len() as u64) as usize;
        let expected = difference(&|step| {
            let mut x_btd = x_btd.clone();
            x_btd[at] += step;
            case.loss(&params, &x_btd).0
        });
        close(found_x_btd[at], expected, scale(found_x_btd), "gradient of x")?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_and_gradients_are_those_of_the_formula(case in any_case()) {
        check(&case)?;
    }
}

/// More rows than the feed-forward block processes at a time.
#[test]
fn long_sequences_are_computed_part_by_part() -> Result<(), TestCaseError> {
    let shape = LayerShape { d: 4, heads: 1, f: 5, activation: Activation::Relu, precision: Precision::F32 };
    check(&Case::new(shape, vec![true; 1200], 2, 0.3, Rows::All, 8))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same layer, given the tokens in one run and the rows of their embedding in the other.
    #[test]
    fn tokens_are_the_rows_of_their_table(case in any_case(), vocabulary in 1_usize..9, with_first in any::<bool>()) {
        let (b, t, d) = (case.batch.b, case.batch.t, case.shape.d);
        let random = Random::new(3, "tokens");
        let normals = |purpose, n: usize| (0..n as u64).map(|i| random.at(purpose).normal_f32(i)).collect::<Vec<_>>();
        let (table_vd, cls_d, positions_td) = (normals(0, vocabulary * d), normals(1, d), normals(2, t * d));
        let width = t - usize::from(with_first);
        let ids: Vec<i32> = (0..b * width).map(|i| random.below(i as u64, vocabulary as u64) as i32).collect();
        let tokens = Tokens {
            ids: &ids,
            table_vd: &table_vd,
            cls_d: with_first.then_some(&cls_d),
            positions_td: &positions_td,
            scale: 1.5,
            dropout: case.dropout,
        };

        // The row of the table at each position, or `None` for `cls_d`; below, the dropout factor of each element.
        let id = |row: usize| match with_first {
            true if row.is_multiple_of(t) => None,
            true => Some(ids[row / t * width + row % t - 1] as usize),
            false => Some(ids[row] as usize),
        };
        let mut kept = vec![1.0; b * t * d];
        if let Some(dropout) = case.dropout {
            kept.chunks_mut(d).enumerate().for_each(|(row, kept)| dropout.at(0).apply(row as u64, kept));
        }
        let x = |i: usize| {
            let (row, column) = (i / d, i % d);
            let token = id(row).map_or(cls_d[column], |id| 1.5 * table_vd[id * d + column]);
            (token + positions_td[row % t * d + column]) * kept[i]
        };
        let x_btd: Vec<f32> = (0..b * t * d).map(x).collect();

        let (y, found) = case.run(&Input::Tokens(tokens));
        let (expected_y, expected) = case.run(&Input::Rows(&x_btd));
        for (y, expected) in y.iter().zip(&expected_y) {
            close(*y, f64::from(*expected), scale(&expected_y), "output")?;
        }
        let InputGradient::Tokens(table, found_first) = found.input else { panic!("of tokens") };
        let InputGradient::Rows(dx_btd) = expected.input else { panic!("of rows") };
        let (mut expected_table, mut expected_first) = (vec![0.0; vocabulary * d], vec![0.0; d]);
        for (i, dx) in dx_btd.iter().enumerate() {
            match id(i / d) {
                Some(id) => expected_table[id * d + i % d] += f64::from(dx * kept[i]) * 1.5,
                None => expected_first[i % d] += f64::from(dx * kept[i]),
            }
        }
        prop_assert!(table.rows.is_sorted_by(|a, b| a < b));
        let dense = table.to_dense(vocabulary);
        for (found, expected) in dense.iter().zip(expected_table) {
            close(*found, expected, scale(&dense), "gradient of the table")?;
        }
        prop_assert_eq!(found_first.is_some(), with_first);
        for (found, expected) in found_first.iter().flatten().zip(expected_first) {
            close(*found, expected, scale(&dense), "gradient of [CLS]")?;
        }
        for (found, expected) in found.params.into_array().concat().iter().zip(expected.params.into_array().concat()) {
            close(*found, f64::from(expected), 10.0, "gradient of the parameters")?;
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let mask_bt: Vec<bool> = (0..19 * 30).map(|i| i % 30 <= (i / 30 * 7) % 30).collect();
    // Large enough for the machine's bf16 matrix unit, if it has one.
    let (d, all) =
        (48, [Rows::All, Rows::Cls].map(|rows| [Precision::F32, Precision::Bf16].map(|precision| (rows, precision))));
    for (rows, precision) in all.into_iter().flatten() {
        let shape = LayerShape { d, heads: 3, f: 80, activation: Activation::Gelu, precision };
        let case = Case::new(shape, mask_bt.clone(), 19, 0.1, rows, 5);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| {
                let ids: Vec<i32> = (0..19 * 29).map(|i| i * 7 % 11).collect();
                let (y, gradients) = case.run(&Input::Tokens(Tokens {
                    ids: &ids,
                    table_vd: &case.x_btd[..11 * d],
                    cls_d: Some(&case.x_btd[11 * d..12 * d]),
                    positions_td: &case.x_btd,
                    scale: 3.0,
                    dropout: case.dropout,
                }));
                let InputGradient::Tokens(table, Some(cls_d)) = gradients.input else { panic!("of tokens") };
                let params = gradients.params.into_array().concat();
                [y, table.values, cls_d, params].map(|values| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>())
            })
        };
        let one = run(1);
        for threads in [2, 3, 8] {
            assert!(one == run(threads), "{threads} threads differ");
        }
    }
}

/// bf16 has eight significant bits: every product is accurate to one part in 256, and sums are more accurate.
#[test]
fn bf16_gives_nearly_what_f32_gives() {
    let shape = LayerShape { d: 64, heads: 2, f: 96, activation: Activation::Gelu, precision: Precision::F32 };
    let mask_bt: Vec<bool> = (0..40 * 50).map(|i| i % 50 <= (i / 50 * 7) % 50).collect();
    for rows in [Rows::All, Rows::Cls] {
        // The weights are as small as those of a model of this width; with larger ones, the softmax would react to the
        // slightest change.
        let case = |precision| {
            let mut case = Case::new(LayerShape { precision, ..shape }, mask_bt.clone(), 40, 0.1, rows, 5);
            case.params.iter_mut().flatten().for_each(|weight| *weight *= 0.3);
            case
        };
        let run = |case: Case| {
            let (y, gradients) = case.run(&Input::Rows(&case.x_btd));
            let InputGradient::Rows(x_btd) = gradients.input else { panic!("of rows") };
            [vec![y, x_btd], gradients.params.into_array().to_vec()].concat()
        };
        let (exact, rounded) = (run(case(Precision::F32)), run(case(Precision::Bf16)));
        let has_unit = drivetrain_kernels::multiplies_bf16();
        assert_eq!(exact == rounded, !has_unit, "bf16 is used where there is a unit for it");
        for (index, (exact, rounded)) in exact.iter().zip(&rounded).enumerate() {
            let norm = |values: &mut dyn Iterator<Item = f32>| values.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt();
            let off = norm(&mut exact.iter().zip(rounded).map(|(exact, rounded)| exact - rounded));
            let whole = norm(&mut exact.iter().copied());
            // The gradient of the key bias is pure rounding noise, so the bound must not be relative to it.
            assert!(off <= 0.02 * whole.max(1.0), "tensor {index}, {rows:?}: off by {off} of {whole}");
        }
    }
}

/// Nothing is computed for a sequence without real positions: its rows are 0, and it changes no gradient.
#[test]
fn empty_sequences_are_passed_over() {
    let shape = LayerShape { d: 8, heads: 2, f: 12, activation: Activation::Relu, precision: Precision::F32 };
    let full = [true, true, false, true, true, true];
    let with_gaps = [[false; 3].as_slice(), &full[..3], &[false; 3], &full[3..]].concat();
    let [alone, among] =
        [(full.to_vec(), 2), (with_gaps, 4)].map(|(mask_bt, b)| Case::new(shape, mask_bt, b, 0.0, Rows::All, 5));
    let spread = |values: &[f32]| {
        let (first, second) = values.split_at(3 * 8);
        [&[0.0; 3 * 8], first, &[0.0; 3 * 8], second].concat()
    };
    let among = Case { x_btd: spread(&alone.x_btd), dy: spread(&alone.dy), ..among };
    let [(y, gradients), (y_among, gradients_among)] = [&alone, &among].map(|case| case.run(&Input::Rows(&case.x_btd)));
    assert_eq!(spread(&y), y_among);
    assert_eq!(among.layer().infer(&Input::Rows(&among.x_btd), &among.batch, Rows::All), y_among);
    let [params, params_among] = [gradients, gradients_among].map(|gradients| gradients.params.into_array());
    assert_eq!(params, params_among);

    let none = Case::new(shape, vec![false; 6], 2, 0.0, Rows::All, 5);
    let (y, gradients) = none.run(&Input::Rows(&none.x_btd));
    assert!(y.iter().chain(gradients.params.into_array().iter().flatten()).all(|value| *value == 0.0));
}
