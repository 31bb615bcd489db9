//! The models, the losses and every gradient against PyTorch's (`tests/reference/reference.py`).

#[path = "../../../tests/reference/fixture.rs"]
mod fixture;

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use drivetrain_nn::{
    Mode, NamedTensor, SequenceClassifier, StateDict, TokenClassifier, bce_with_logits, cross_entropy,
    token_cross_entropy,
};
use fixture::{Fixture, assert_close, assert_same_state, values};

fn check(fixture: &Fixture, logits: Vec<f32>, loss: Tensor<1>, gradients: impl FnOnce(&Gradients) -> StateDict) {
    assert_close("logits", &logits, &fixture.floats("logits").1);
    assert_close("loss", &values(loss.clone()), &fixture.floats("loss").1);
    // A key's bias shifts all scores of a query alike, which the softmax does not see: its gradient is 0 up to
    // rounding on both sides, and `assert_close` compares it on a scale of at least 1e-3.
    assert_same_state("gradient", &gradients(&loss.backward()), &fixture.state("grad."));
}

#[test]
fn several_of_n_equals_pytorch() {
    let fixture = Fixture::load("several_of_n");
    let device = Device::flex().autodiff();
    let model = SequenceClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    for model in [model.clone(), model.without_kernels()] {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let (shape, labels) = fixture.floats("target");
        let labels_bc = Tensor::<2>::from_data(TensorData::new(labels, shape), &device);
        let logits_bc = model.forward(ids_bt, mask_bt, &Mode::Eval);
        let loss = bce_with_logits(logits_bc.clone(), labels_bc);
        check(&fixture, values(logits_bc), loss, |grads| {
            with_zero_key_bias(StateDict::of_gradients(&model, grads), &model)
        });
    }
}

#[test]
fn one_of_n_equals_pytorch() {
    let fixture = Fixture::load("one_of_n");
    let device = Device::flex().autodiff();
    let model = SequenceClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    for model in [model.clone(), model.without_kernels()] {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let logits_bc = model.forward(ids_bt, mask_bt, &Mode::Eval);
        let loss = cross_entropy(logits_bc.clone(), fixture.ints::<1>("target", &device));
        check(&fixture, values(logits_bc), loss, |grads| {
            with_zero_key_bias(StateDict::of_gradients(&model, grads), &model)
        });
    }
}

#[test]
fn per_token_equals_pytorch() {
    let fixture = Fixture::load("per_token");
    let device = Device::flex().autodiff();
    let model = TokenClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    for model in [model.clone(), model.without_kernels()] {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let logits_btc = model.forward(ids_bt, mask_bt.clone(), &Mode::Eval);
        let loss = token_cross_entropy(logits_btc.clone(), fixture.ints::<2>("target", &device));

        // Rows of padding hold numbers without meaning on both sides: compare the real ones.
        let mask = mask_bt.into_data_as::<bool>().as_slice::<bool>().unwrap().to_vec();
        let real = |logits: &[f32]| -> Vec<f32> {
            logits
                .chunks_exact(fixture.n_classes)
                .zip(&mask)
                .filter(|(_, real)| **real)
                .flat_map(|(row, _)| row.to_vec())
                .collect()
        };
        assert_close("logits", &real(&values(logits_btc)), &real(&fixture.floats("logits").1));
        assert_close("loss", &values(loss.clone()), &fixture.floats("loss").1);
        assert_same_state("gradient", &StateDict::of_gradients(&model, &loss.backward()), &fixture.state("grad."));
    }
}

/// The last layer's key bias cancels in a classifier's single query. Composed of Burn's operations it never enters the
/// graph; the kernels give 0, and PyTorch rounding noise around it.
fn with_zero_key_bias(mut gradients: StateDict, model: &SequenceClassifier) -> StateDict {
    let missing: Vec<_> =
        StateDict::of(model).tensors.into_iter().filter(|(name, _)| !gradients.tensors.contains_key(name)).collect();
    assert!(missing.len() <= 1, "{missing:?}");
    for (name, tensor) in missing {
        assert!(name.ends_with("attention.key.bias"), "{name} has no gradient");
        let values = vec![0.0; tensor.values.len()];
        gradients.tensors.insert(name, NamedTensor { values, ..tensor });
    }
    gradients
}
