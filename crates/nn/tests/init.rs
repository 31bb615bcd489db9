//! `initialise` gives every module weights that depend only on the seed, and the modules it knows exactly the weights
//! that earlier versions gave them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::module::{Module, Param};
use burn::nn::conv::{Conv1d, Conv1dConfig, Conv2d, Conv2dConfig, ConvTranspose1d, ConvTranspose1dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, BiGru, BiGruConfig, BiLstm, BiLstmConfig, Embedding, EmbeddingConfig, GroupNorm,
    GroupNormConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig, LinearLayout, RmsNorm,
    RmsNormConfig,
};
use burn::tensor::{Device, Distribution, Tensor};
use drivetrain_nn::{
    EncoderConfig, NamedTensor, Preset, SequenceClassifier, StateDict, TokenClassifier, initialise, seeded,
};

/// Modules of Burn, and parameters of the model's own.
#[derive(Module, Debug)]
struct Mixed {
    embedding: Embedding,
    linear: Linear,
    column_linear: Linear,
    layer_norm: LayerNorm,
    batch_norm: BatchNorm,
    group_norm: GroupNorm,
    rms_norm: RmsNorm,
    conv: Conv1d,
    grouped: Conv2d,
    transposed: ConvTranspose1d,
    lstm: BiLstm,
    gru: BiGru,
    /// Parameters outside the modules that `initialise` knows: one drawn from its initializer, one constant, and one
    /// drawn when it is created.
    drawn: Param<Tensor<2>>,
    constant: Param<Tensor<1>>,
    made: Param<Tensor<1>>,
}

impl Mixed {
    fn new(device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(9, 4).init(device),
            linear: LinearConfig::new(4, 3).init(device),
            column_linear: LinearConfig::new(4, 3).with_layout(LinearLayout::Col).init(device),
            layer_norm: LayerNormConfig::new(4).init(device),
            batch_norm: BatchNormConfig::new(4).init(device),
            group_norm: GroupNormConfig::new(2, 4).init(device),
            rms_norm: RmsNormConfig::new(4).init(device),
            conv: Conv1dConfig::new(4, 2, 3).init(device),
            grouped: Conv2dConfig::new([4, 6], [3, 2]).with_groups(2).init(device),
            transposed: ConvTranspose1dConfig::new([4, 6], 2).init(device),
            lstm: BiLstmConfig::new(3, 16, true).init(device),
            gru: BiGruConfig::new(3, 16, true).init(device),
            drawn: Initializer::Normal { mean: 5.0, std: 0.1 }.init([8, 50], device),
            constant: Initializer::Constant { value: 0.25 }.init([3], device),
            made: Param::from_tensor(Tensor::random([40], Distribution::Default, device)),
        }
    }
}

/// Burn's random generator is shared by the whole process, so a test that draws from it must not run beside another
/// one.
fn alone() -> MutexGuard<'static, ()> {
    static GENERATOR: Mutex<()> = Mutex::new(());
    GENERATOR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The bound of PyTorch's default initialisation of the parameter, which is uniform from `-bound` to `bound`; `None` if
/// the parameter is not initialised so.
fn bound_of(name: &str) -> Option<f32> {
    let fan_in = match name.split('.').next()? {
        "linear" | "column_linear" => 4,
        "conv" => 4 * 3,
        "grouped" => 4 / 2 * 3 * 2,
        "transposed" => 6 * 2,
        "lstm" | "gru" => 16,
        _ => return None,
    };
    Some(1.0 / (fan_in as f32).sqrt())
}

#[test]
fn modules_are_drawn_as_pytorch_draws_them() {
    let _alone = alone();
    for device in [Device::flex(), Device::flex().autodiff()] {
        let tensors = StateDict::of(&initialise(Mixed::new(&device), 7)).tensors;
        assert_eq!(tensors["column_linear.weight"].shape, [3, 4]);
        let mut largest = std::collections::BTreeMap::<&str, f32>::new();
        for (name, NamedTensor { values, .. }) in &tensors {
            let top = values.iter().fold(0.0_f32, |top, value| top.max(value.abs()));
            if let Some(bound) = bound_of(name) {
                assert!(top <= bound, "{name}: {top} is beyond {bound}");
                let part = largest.entry(name.split('.').next().unwrap()).or_default();
                *part = part.max(top / bound);
            }
        }
        assert_eq!(largest.len(), 7);
        assert!(largest.values().all(|share| *share > 0.85), "{largest:?}");
        for norm in ["layer_norm", "batch_norm", "group_norm", "rms_norm"] {
            assert!(tensors[&format!("{norm}.weight")].values.iter().all(|value| *value == 1.0), "{norm}");
        }
        assert_eq!(
            (&tensors["batch_norm.running_mean"].values[..], &tensors["batch_norm.running_var"].values[..]),
            (&[0.0; 4][..], &[1.0; 4][..])
        );
        assert_eq!(tensors["constant"].values, [0.25; 3]);
        // Drawn from the distribution of its initializer.
        let drawn = &tensors["drawn"].values;
        let mean = drawn.iter().sum::<f32>() / drawn.len() as f32;
        assert!((mean - 5.0).abs() < 0.03 && drawn.iter().all(|value| (value - 5.0).abs() < 0.6), "{mean}");
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_whatever_was_drawn_before() {
    let _alone = alone();
    let (device, autodiff) = (Device::flex(), Device::flex().autodiff());
    let without_made = |device: &Device, seed| {
        let _ = Tensor::<1>::random([3], Distribution::Default, device).into_data();
        let mut tensors = StateDict::of(&initialise(Mixed::new(device), seed)).tensors;
        // Drawn by Burn before `initialise` is called.
        tensors.remove("made");
        tensors
    };
    assert_eq!(without_made(&device, 7), without_made(&autodiff, 7));
    let (one, other) = (without_made(&device, 7), without_made(&device, 8));
    let is_constant = |name: &str| name.contains("norm") || name == "constant";
    for (name, tensor) in &one {
        assert_eq!(*tensor == other[name], is_constant(name), "{name}");
    }

    let all = |seed| StateDict::of(&seeded(seed, &device, Mixed::new)).tensors;
    assert_eq!(all(7), all(7));
    assert_ne!(all(7)["made"], all(8)["made"]);
    let with_made = StateDict::of(&seeded(7, &device, |device| initialise(Mixed::new(device), 7))).tensors;
    assert_eq!(with_made, all(7), "one within the other");
}

#[test]
fn a_parameter_that_holds_values_keeps_them() {
    let _alone = alone();
    let model = Mixed::new(&Device::flex());
    let before = model.made.val().into_data();
    assert_eq!(initialise(model, 7).made.val().into_data(), before);
}

#[test]
fn the_weights_of_this_projects_models_are_what_they_always_were() {
    let device = Device::flex();
    let sizes = EncoderConfig { d_model: 4, n_heads: 2, n_layers: 1, d_feed_forward: 6, ..Preset::Micro.encoder(7, 5) };
    let sequence = StateDict::of(&SequenceClassifier::new(&sizes, 3, 11, &device).unwrap()).tensors;
    let token = StateDict::of(&TokenClassifier::new(&sizes, 3, 11, &device).unwrap()).tensors;
    assert!(sequence.contains_key("embedding.cls") && !token.contains_key("embedding.cls"));
    for tensors in [&sequence, &token] {
        let unfilled = |name: &str| !name.contains("norm") && tensors[name].values.contains(&0.0);
        assert!(tensors.keys().all(|name| !unfilled(name)), "a parameter was left at zero");
    }
    let first_bits = |name: &str| [0, 1, 2].map(|i| sequence[name].values[i].to_bits());
    assert_eq!(first_bits("embedding.cls"), [3206544895, 3212128981, 1055080428]);
    assert_eq!(first_bits("embedding.tokens.weight"), [3173699430, 3159660008, 3204814320]);
    assert_eq!(first_bits("encoder.layers.0.attention.query.weight"), [1040947964, 3193690052, 3186595808]);
    assert_eq!(first_bits("encoder.layers.0.attention.output.bias"), [1037339584, 3199079418, 1032992304]);
    assert_eq!(first_bits("head.weight"), [3196470716, 1055649042, 3199551690]);
}
