//! Properties of the models that do not depend on particular weights.

use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use drivetrain_nn::{
    Activation, Encoder, EncoderConfig, Mode, NnError, Precision, Preset, SequenceClassifier, StateDict,
    TokenClassifier, initialise,
};
use drivetrain_random::Random;
use proptest::prelude::*;

fn config(d_model: usize, n_heads: usize, n_layers: usize) -> EncoderConfig {
    EncoderConfig {
        vocab_size: 20,
        d_model,
        n_heads,
        n_layers,
        d_feed_forward: 10,
        max_len: 12,
        activation: Activation::Gelu,
        precision: Precision::F32,
    }
}

/// Rows of different lengths, padded with `pad` ids on the right.
fn batch(lengths: &[usize], width: usize, pad: i32, device: &Device) -> (Tensor<2, Int>, Tensor<2, Bool>) {
    let random = Random::new(9, "test");
    let mut ids = Vec::new();
    let mut mask = Vec::new();
    for (row, &length) in lengths.iter().enumerate() {
        for t in 0..width {
            ids.push(if t < length { random.at(row as u64).below(t as u64, 20) as i32 } else { pad });
            mask.push(t < length);
        }
    }
    let shape = [lengths.len(), width];
    (Tensor::from_data(TensorData::new(ids, shape), device), Tensor::from_data(TensorData::new(mask, shape), device))
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_as::<f32>().as_slice::<f32>().unwrap().to_vec()
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 2e-5 * (1.0 + a.abs().max(b.abs())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_first_row_alone_equals_the_first_of_all_rows(
        heads in 1_usize..4, k in 1_usize..4, layers in 1_usize..3, lengths in prop::collection::vec(1_usize..9, 1..5), seed: u64,
    ) {
        let device = Device::flex();
        let d = heads * k * 2;
        let encoder = initialise(Encoder::new(&config(d, heads, layers), &device), seed);
        let (b, t) = (lengths.len(), 9);
        let random = Random::new(seed, "x");
        let x: Vec<f32> = (0..(b * t * d) as u64).map(|i| random.normal_f32(i)).collect();
        let x_btd = Tensor::<3>::from_data(TensorData::new(x, [b, t, d]), &device);
        let (_, mask_bt) = batch(&lengths, t, 0, &device);
        let all_btd = encoder.forward(x_btd.clone(), mask_bt.clone(), &Mode::Eval);
        let first_bd = encoder.forward_cls(x_btd, mask_bt, &Mode::Eval);
        prop_assert!(close(&values(first_bd), &values(all_btd.slice([0..b, 0..1, 0..d]))));
    }

    #[test]
    fn padding_changes_nothing(lengths in prop::collection::vec(1_usize..9, 1..5), wider in 0_usize..4, pad in 0_i32..20) {
        let device = Device::flex();
        let model = SequenceClassifier::new(&config(8, 2, 2), 5, 3, &device).unwrap();
        let longest = *lengths.iter().max().unwrap();
        let (ids, mask) = batch(&lengths, longest, 0, &device);
        let (wide_ids, wide_mask) = batch(&lengths, longest + wider, pad, &device);
        let narrow = values(model.forward(ids, mask, &Mode::Eval));
        let wide = values(model.forward(wide_ids, wide_mask, &Mode::Eval));
        prop_assert!(close(&narrow, &wide));
    }
}

#[test]
fn weights_are_a_function_of_the_seed() {
    let device = Device::flex();
    let state = |seed| StateDict::of(&TokenClassifier::new(&config(8, 2, 1), 3, seed, &device).unwrap());
    assert_eq!(state(1), state(1));
    assert_ne!(state(1), state(2));
}

#[test]
fn dropout_is_a_function_of_its_step() {
    let device = Device::flex();
    let model = SequenceClassifier::new(&config(8, 2, 2), 5, 3, &device).unwrap();
    let logits = |mode: Mode| {
        let (ids, mask) = batch(&[3, 5], 5, 0, &device);
        values(model.forward(ids, mask, &mode))
    };
    assert_eq!(logits(Mode::train(0.3, 7, 4)), logits(Mode::train(0.3, 7, 4)));
    assert_ne!(logits(Mode::train(0.3, 7, 4)), logits(Mode::train(0.3, 7, 5)));
    assert_eq!(logits(Mode::train(0.0, 7, 4)), logits(Mode::Eval));
}

#[test]
fn weights_of_another_model_are_refused_by_name() {
    let device = Device::flex();
    let model = |layers| SequenceClassifier::new(&config(8, 2, layers), 5, 0, &device).unwrap();
    let fewer = StateDict::of(&model(1)).load_into(model(2)).unwrap_err();
    assert!(matches!(&fewer, NnError::MissingTensor { name } if name.starts_with("encoder.layers.1.")), "{fewer}");
    let more = StateDict::of(&model(2)).load_into(model(1)).unwrap_err();
    assert!(matches!(&more, NnError::UnknownTensor { name } if name.starts_with("encoder.layers.1.")), "{more}");
    let wider = SequenceClassifier::new(&config(8, 2, 1), 6, 0, &device).unwrap();
    let shape = StateDict::of(&wider).load_into(model(1)).unwrap_err();
    assert!(matches!(&shape, NnError::Shape { name, .. } if name.starts_with("head.")), "{shape}");
}

#[test]
fn an_impossible_model_is_an_error() {
    let device = Device::flex();
    let bad = EncoderConfig { n_heads: 3, ..Preset::Micro.encoder(10, 8) };
    assert!(SequenceClassifier::new(&bad, 5, 0, &device).is_err());
    assert!(TokenClassifier::new(&Preset::Micro.encoder(10, 8), 0, 0, &device).is_err());
}
