//! The models, the losses and every gradient against PyTorch's (`tests/reference/reference.py`).

#[path = "../../../tests/reference/fixture.rs"]
mod fixture;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_nn::{
    Mode, SequenceClassifier, StateDict, TokenClassifier, bce_with_logits, cross_entropy, token_cross_entropy,
};
use fixture::{Fixture, assert_close, assert_same_state, values};

fn check<M: Module>(fixture: &Fixture, model: &M, logits: Vec<f32>, loss: Tensor<1>) {
    assert_close("logits", &logits, &fixture.floats("logits").1);
    assert_close("loss", &values(loss.clone()), &fixture.floats("loss").1);
    // The key bias shifts all scores of a query equally, and the softmax ignores such a shift. Its gradient is
    // therefore 0 up to rounding on both sides, and `assert_close` compares it on a scale of at least 1e-3.
    assert_same_state("gradient", &StateDict::of_gradients(model, &loss.backward().into()), &fixture.state("grad."));
}

#[test]
fn multi_label_equals_pytorch() {
    let fixture = Fixture::load("multi_label");
    let device = Device::flex().autodiff();
    let model = SequenceClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    for model in [model.clone(), model.without_kernels()] {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let (shape, labels) = fixture.floats("target");
        let labels_bc = Tensor::<2>::from_data(TensorData::new(labels, shape), &device);
        let logits_bc = model.forward(ids_bt, mask_bt, &Mode::Eval);
        let loss = bce_with_logits(logits_bc.clone(), labels_bc);
        check(&fixture, &model, values(logits_bc), loss);
    }
}

#[test]
fn multi_class_equals_pytorch() {
    let fixture = Fixture::load("multi_class");
    let device = Device::flex().autodiff();
    let model = SequenceClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    for model in [model.clone(), model.without_kernels()] {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let logits_bc = model.forward(ids_bt, mask_bt, &Mode::Eval);
        let loss = cross_entropy(logits_bc.clone(), fixture.ints::<1>("target", &device));
        check(&fixture, &model, values(logits_bc), loss);
    }
}

#[test]
fn token_classification_equals_pytorch() {
    let fixture = Fixture::load("token_classification");
    let device = Device::flex().autodiff();
    let model = TokenClassifier::new(&fixture.config, fixture.n_classes, 0, &device).unwrap();
    let model = fixture.state("param.").load_into(model).unwrap();
    for model in [model.clone(), model.without_kernels()] {
        let (ids_bt, mask_bt) = fixture.inputs(&device);
        let logits_btc = model.forward(ids_bt, mask_bt.clone(), &Mode::Eval);
        let loss = token_cross_entropy(logits_btc.clone(), fixture.ints::<2>("target", &device));

        // Padded rows contain meaningless numbers on both sides, so only the real rows are compared.
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
        assert_same_state(
            "gradient",
            &StateDict::of_gradients(&model, &loss.backward().into()),
            &fixture.state("grad."),
        );
    }
}
