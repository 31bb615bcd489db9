//! Burn's modules in a user's own model: their running statistics, their names, and random draws that do not depend on
//! the seed.

use burn::module::{Module, RunningState};
use burn::nn::attention::{MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::{Device, Distribution, Tensor};
use drivetrain_nn::{NnError, RunningStatistics, StateDict, seeded, unseeded_modules};

#[derive(Module, Debug)]
struct Own {
    linear: Linear,
    norm: BatchNorm,
    /// A running statistic of the model's own.
    mean: RunningState<Tensor<1>>,
    dropout: Option<Dropout>,
}

impl Own {
    fn new(device: &Device) -> Self {
        Self {
            linear: LinearConfig::new(2, 3).init(device),
            norm: BatchNormConfig::new(3).init(device),
            mean: RunningState::new(Tensor::zeros([2], device)),
            dropout: None,
        }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.mean.update(x.clone().mean_dim(0).reshape([2]).detach());
        self.norm.forward(self.linear.forward(x))
    }
}

fn device() -> Device {
    Device::flex().autodiff()
}

fn input() -> Tensor<2> {
    Tensor::random([8, 2], Distribution::Default, &device())
}

#[test]
fn running_statistics_are_found_in_any_module_trained_or_frozen() {
    for model in [seeded(1, &device(), Own::new), seeded(1, &device(), Own::new).freeze(), Own::new(&device()).valid()]
    {
        let statistics = RunningStatistics::of(&model);
        let found: Vec<&str> = ["linear.weight", "norm.gamma", "norm.running_mean", "norm.running_var", "mean"]
            .into_iter()
            .filter(|path| statistics.contains(path))
            .collect();
        assert_eq!((found, statistics.numbers()), (vec!["norm.running_mean", "norm.running_var", "mean"], 8));
    }
    assert!(RunningStatistics::of(&LinearConfig::new(2, 3).init(&device())).is_empty());
}

#[test]
fn a_state_holds_the_statistics_of_the_last_forward_pass_and_gives_them_back() {
    let model = seeded(1, &device(), Own::new);
    let (fresh, x) = (StateDict::of(&model), input());
    model.forward(x.clone());
    let once = StateDict::of(&model);
    let changed: Vec<&String> =
        once.tensors.keys().filter(|name| once.tensors[*name] != fresh.tensors[*name]).collect();
    assert_eq!(changed, ["mean", "norm.running_mean", "norm.running_var"]);

    // This model has run a forward pass, but its statistics have not been read since. The pending update must not
    // replace the loaded values.
    let other = seeded(2, &device(), Own::new);
    other.forward(input());
    let loaded = once.clone().load_into(other).unwrap();
    assert_eq!(StateDict::of(&loaded), once);
    let on_another_thread = std::thread::spawn({
        let x = x.clone();
        move || {
            loaded.forward(x);
            StateDict::of(&loaded)
        }
    });
    model.forward(x);
    assert_eq!(StateDict::of(&model), on_another_thread.join().unwrap());
}

#[test]
fn statistics_are_restored_alone() {
    let model = seeded(1, &device(), Own::new);
    let statistics = RunningStatistics::of(&model);
    let before = StateDict::of(&model);
    let kept = statistics.read(&model);
    assert_eq!(kept.tensors.len(), 3);
    model.forward(input());
    assert_ne!(StateDict::of(&model), before);
    assert_eq!(StateDict::of(&statistics.restore(model, kept).unwrap()), before);
}

#[test]
fn names_are_those_of_pytorch_and_earlier_ones_are_read() {
    let model = seeded(1, &device(), Own::new);
    let mut state = StateDict::of(&model);
    let names: Vec<&str> = state.tensors.keys().map(String::as_str).filter(|name| name.starts_with("norm")).collect();
    assert_eq!(names, ["norm.bias", "norm.running_mean", "norm.running_var", "norm.weight"]);
    let expected = state.clone();
    for (burn, torch) in [("norm.gamma", "norm.weight"), ("norm.beta", "norm.bias")] {
        let tensor = state.tensors.remove(torch).unwrap();
        state.tensors.insert(burn.to_owned(), tensor);
    }
    assert_eq!(StateDict::of(&state.load_into(Own::new(&device())).unwrap()), expected);
}

#[test]
fn modules_that_draw_without_a_seed_are_named() {
    let with = |prob| Own { dropout: Some(DropoutConfig::new(prob).init()), ..Own::new(&device()) };
    assert_eq!(unseeded_modules(&Own::new(&device())), [""; 0]);
    assert_eq!(unseeded_modules(&with(0.0)), [""; 0]);
    assert_eq!(unseeded_modules(&with(0.1).freeze()), [""; 0]);
    assert_eq!(unseeded_modules(&with(0.1)), ["dropout (Dropout)"]);
    assert_eq!(unseeded_modules(&DropoutConfig::new(0.1).init()), ["Dropout"]);
    let attention =
        |dropout| -> MultiHeadAttention { MultiHeadAttentionConfig::new(4, 2).with_dropout(dropout).init(&device()) };
    assert_eq!(unseeded_modules(&attention(0.1)), ["dropout (Dropout)"]);
    assert_eq!(unseeded_modules(&attention(0.0)), [""; 0]);
}

#[test]
fn what_does_not_fit_a_partial_load_is_one_error() {
    let state = || StateDict::of(&seeded(1, &device(), Own::new));
    let load =
        |state: StateDict, parts: &[&str]| state.load_except(Own::new(&device()), parts).map(|(_, report)| report);
    let report = load(state(), &["norm", "mean"]).unwrap();
    assert_eq!(report.loaded, ["linear.weight", "linear.bias"]);
    assert_eq!(report.new, ["norm.gamma", "norm.beta", "norm.running_mean", "norm.running_var", "mean"]);

    let mut missing = state();
    missing.tensors.remove("linear.bias");
    assert_eq!(load(missing.clone(), &["norm"]), Err(NnError::MissingTensor { name: "linear.bias".into() }));
    assert_eq!(load(missing, &["linear"]).unwrap().unused, ["linear.weight"]);
    let mut more = state();
    more.tensors.insert("pooler.weight".into(), more.tensors["linear.bias"].clone());
    assert_eq!(load(more.clone(), &[]), Err(NnError::UnknownTensor { name: "pooler.weight".into() }));
    assert_eq!(load(more, &["pooler"]).unwrap().unused, ["pooler.weight"]);
    let mut reshaped = state();
    let bias = reshaped.tensors["norm.bias"].clone();
    reshaped.tensors.insert("linear.weight".into(), bias);
    let problem = load(reshaped, &["norm"]).unwrap_err().to_string();
    assert_eq!(problem, "tensor `linear.weight` has shape [3], but this model's configuration needs [3, 2]");
    let problem = load(state(), &["lin"]).unwrap_err().to_string();
    assert!(problem.starts_with("there is no part `lin`") && problem.ends_with("linear, mean, norm"), "{problem}");
}
