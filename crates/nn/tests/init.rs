//! `initialise` fills what it knows, to the bit, and leaves everything else as it is.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv1d, Conv1dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, Initializer, LayerNorm, LayerNormConfig, Linear,
    LinearConfig, RmsNorm, RmsNormConfig,
};
use burn::tensor::{Device, Tensor};
use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier, StateDict, TokenClassifier, initialise};

/// Modules of Burn's, known and unknown, and a parameter of its own.
#[derive(Module, Debug)]
struct Mixed {
    embedding: Embedding,
    linear: Linear,
    layer_norm: LayerNorm,
    batch_norm: BatchNorm,
    rms_norm: RmsNorm,
    convolution: Conv1d,
    scale: Param<Tensor<1>>,
}

impl Mixed {
    fn new(device: &Device) -> Self {
        let zeros = || Initializer::Zeros;
        Self {
            embedding: EmbeddingConfig::new(9, 4).with_initializer(zeros()).init(device),
            linear: LinearConfig::new(4, 3).with_initializer(zeros()).init(device),
            layer_norm: LayerNormConfig::new(4).init(device),
            batch_norm: BatchNormConfig::new(4).init(device),
            rms_norm: RmsNormConfig::new(4).init(device),
            convolution: Conv1dConfig::new(4, 2, 3).init(device),
            scale: Initializer::Constant { value: 0.25 }.init([3], device),
        }
    }
}

#[test]
fn modules_that_are_not_known_keep_the_values_that_burn_gave_them() {
    for device in [Device::flex(), Device::flex().autodiff()] {
        let fresh = Mixed::new(&device);
        let before = StateDict::of(&fresh).tensors;
        let after = StateDict::of(&initialise(fresh, 7)).tensors;
        assert!(before.keys().eq(after.keys()));
        let (mut filled, mut kept) = (Vec::new(), Vec::new());
        for (name, tensor) in &before {
            if after[name] == *tensor { kept.push(name.as_str()) } else { filled.push(name.as_str()) }
        }
        assert_eq!(filled, ["embedding.weight", "linear.bias", "linear.weight"]);
        for name in ["batch_norm.gamma", "batch_norm.running_mean", "batch_norm.running_var", "rms_norm.gamma"] {
            assert!(kept.contains(&name), "{name} is not among {kept:?}");
        }
        assert!(after["batch_norm.running_mean"].values.iter().all(|value| *value == 0.0));
        for ones in ["batch_norm.running_var", "batch_norm.gamma", "rms_norm.gamma", "layer_norm.weight"] {
            assert!(after[ones].values.iter().all(|value| *value == 1.0), "{ones}");
        }
        assert_eq!(after["scale"].values, [0.25; 3]);
        assert!(kept.iter().filter(|name| name.starts_with("convolution")).count() == 2, "{kept:?}");
        assert!(after["convolution.weight"].values.iter().any(|value| *value != 0.0));
    }
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
