//! A model that uses the kernels and the same model built from Burn's operations give the same logits and the same
//! gradients.

use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use drivetrain_nn::{
    Activation, EncoderConfig, Mode, NamedTensor, Precision, SequenceClassifier, StateDict, TokenClassifier,
    bce_with_logits, token_cross_entropy,
};
use drivetrain_random::Random;
use proptest::prelude::*;

#[derive(Debug)]
struct Case {
    config: EncoderConfig,
    b: usize,
    mask_bt: Vec<bool>,
    dropout: f64,
    seed: u64,
}

const CLASSES: usize = 5;

fn any_case() -> impl Strategy<Value = Case> {
    // The width is at least 4: after a layer norm, a row of two numbers is ±1, whatever it was, so its gradient is pure
    // rounding noise.
    let sizes = (1_usize..4, 2_usize..9, 1_usize..40, 1_usize..4, any::<bool>());
    let sequences = (1_usize..11, 1_usize..14)
        .prop_flat_map(|(b, t)| (Just(b), Just(t), prop::collection::vec(any::<bool>(), b * t)));
    (sizes, sequences, prop::sample::select(vec![0.0, 0.25]), any::<u64>()).prop_map(
        |((n_heads, half_k, d_feed_forward, n_layers, relu), (b, t, mut mask_bt), dropout, seed)| {
            (0..b).for_each(|row| mask_bt[row * t + seed as usize % t] = true);
            let activation = if relu { Activation::Relu } else { Activation::Gelu };
            let d_model = 2 * half_k * n_heads;
            let config = EncoderConfig {
                vocab_size: 11,
                d_model,
                n_heads,
                n_layers,
                d_feed_forward,
                max_len: 16,
                activation,
                precision: Precision::F32,
            };
            Case { config, b, mask_bt, dropout, seed }
        },
    )
}

impl Case {
    fn t(&self) -> usize {
        self.mask_bt.len() / self.b
    }

    fn mode(&self) -> Mode {
        Mode::train(self.dropout, self.seed, 3)
    }

    fn inputs(&self, device: &Device) -> (Tensor<2, Int>, Tensor<2, Bool>) {
        let random = Random::new(self.seed, "ids");
        let shape = [self.b, self.t()];
        let ids: Vec<i32> = (0..self.mask_bt.len() as u64).map(|i| random.below(i, 11) as i32).collect();
        (
            Tensor::from_data(TensorData::new(ids, shape), device),
            Tensor::from_data(TensorData::new(self.mask_bt.clone(), shape), device),
        )
    }

    /// Class numbers, −1 at padding.
    fn classes(&self, device: &Device) -> Tensor<2, Int> {
        let random = Random::new(self.seed, "classes");
        let classes: Vec<i32> = (0_u64..)
            .zip(&self.mask_bt)
            .map(|(i, real)| if *real { random.below(i, CLASSES as u64) as i32 } else { -1 })
            .collect();
        Tensor::from_data(TensorData::new(classes, [self.b, self.t()]), device)
    }

    fn labels(&self, device: &Device) -> Tensor<2> {
        let random = Random::new(self.seed, "labels");
        let labels: Vec<f32> = (0..(self.b * CLASSES) as u64).map(|i| random.below(i, 2) as f32).collect();
        Tensor::from_data(TensorData::new(labels, [self.b, CLASSES]), device)
    }
}

fn equal(kernels: &StateDict, composed: &StateDict) -> Result<(), TestCaseError> {
    for (name, NamedTensor { values, .. }) in &kernels.tensors {
        match composed.tensors.get(name) {
            Some(expected) => close(name, values, &expected.values)?,
            // In a sequence classifier, the key bias of the last layer cancels; in the model built from Burn's
            // operations, it never enters the graph.
            None => prop_assert!(name.ends_with("key.bias") && values.iter().all(|value| *value == 0.0), "{name}"),
        }
    }
    prop_assert!(composed.tensors.keys().all(|name| kernels.tensors.contains_key(name)));
    Ok(())
}

fn close(name: &str, found: &[f32], expected: &[f32]) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-2_f32, |scale, value| scale.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        prop_assert!((found - expected).abs() <= 5e-5 * scale, "{name}: {found}, composed {expected}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_sequence_classifier_is_the_same(case in any_case()) {
        let device = Device::flex().autodiff();
        let model = SequenceClassifier::new(&case.config, CLASSES, case.seed, &device).unwrap();
        let run = |model: SequenceClassifier| {
            let (ids_bt, mask_bt) = case.inputs(&device);
            let logits_bc = model.forward(ids_bt, mask_bt, &case.mode());
            let loss = bce_with_logits(logits_bc.clone(), case.labels(&device));
            (logits_bc.into_data_as::<f32>(), StateDict::of_gradients(&model, &loss.backward().into()))
        };
        let (kernels, composed) = (run(model.clone()), run(model.without_kernels()));
        close("logits", kernels.0.as_slice().unwrap(), composed.0.as_slice().unwrap())?;
        equal(&kernels.1, &composed.1)?;
    }

    #[test]
    fn a_token_classifier_is_the_same(case in any_case()) {
        let device = Device::flex().autodiff();
        let model = TokenClassifier::new(&case.config, CLASSES, case.seed, &device).unwrap();
        let run = |model: TokenClassifier| {
            let (ids_bt, mask_bt) = case.inputs(&device);
            let loss = token_cross_entropy(model.forward(ids_bt, mask_bt, &case.mode()), case.classes(&device));
            (loss.clone().into_data_as::<f32>(), StateDict::of_gradients(&model, &loss.backward().into()))
        };
        let (kernels, composed) = (run(model.clone()), run(model.without_kernels()));
        close("loss", kernels.0.as_slice().unwrap(), composed.0.as_slice().unwrap())?;
        equal(&kernels.1, &composed.1)?;
    }
}

#[test]
fn a_model_without_autodiff_is_the_same() {
    let device = Device::flex();
    let config = EncoderConfig {
        vocab_size: 11,
        d_model: 12,
        n_heads: 2,
        n_layers: 2,
        d_feed_forward: 20,
        max_len: 16,
        activation: Activation::Relu,
        precision: Precision::F32,
    };
    let case = Case { mask_bt: (0..60).map(|i| i % 10 < 3 + i / 10).collect(), config, b: 6, dropout: 0.0, seed: 5 };
    let model = SequenceClassifier::new(&case.config, CLASSES, 1, &device).unwrap();
    let logits = |model: &SequenceClassifier| {
        let (ids_bt, mask_bt) = case.inputs(&device);
        model.forward(ids_bt, mask_bt, &Mode::Eval).into_data_as::<f32>()
    };
    let (kernels, composed) = (logits(&model), logits(&model.clone().without_kernels()));
    close("logits", kernels.as_slice().unwrap(), composed.as_slice().unwrap()).unwrap();
}
