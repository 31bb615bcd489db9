//! Training with row-sparse gradients of the token embedding gives the same result as with dense gradients.

use burn::module::{Module, ModuleVisitor, Param, ParamId};
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use drivetrain_nn::{EncoderConfig, Gradients, Mode, Preset, SequenceClassifier, StateDict, backward, bce_with_logits};
use drivetrain_train::{AdamWConfig, ModelOptimizer};

fn model() -> SequenceClassifier {
    let sizes = EncoderConfig { d_model: 16, d_feed_forward: 24, ..Preset::Micro.encoder(200, 16) };
    SequenceClassifier::new(&sizes, 3, 1, &Device::flex().autodiff()).unwrap()
}

/// The parameter of the token embedding: the one with 200 rows.
fn table(model: &SequenceClassifier) -> ParamId {
    struct Find(Option<ParamId>);
    impl ModuleVisitor for Find {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if param.lazy_shape().as_slice()[0] == 200 {
                self.0 = Some(param.id);
            }
        }
    }
    let mut find = Find(None);
    model.visit(&mut find);
    find.0.unwrap()
}

/// The loss of a batch that uses few ids, summed over `passes` forward passes.
fn loss(model: &SequenceClassifier, step: i32, passes: usize) -> Tensor<1> {
    let device = Device::flex().autodiff();
    let ids: Vec<i32> = (0..6 * 10).map(|i| (i * 7 + step * 13) % 31 * 3).collect();
    let mask: Vec<bool> = (0..6 * 10).map(|i| i % 10 <= 3 + i / 10).collect();
    let ids_bt = Tensor::<2, Int>::from_data(TensorData::new(ids, [6, 10]), &device);
    let mask_bt = Tensor::<2, Bool>::from_data(TensorData::new(mask, [6, 10]), &device);
    let labels_bc = Tensor::<2>::from_data([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]], &device).repeat_dim(0, 3);
    let mode = Mode::train(0.1, 5, step as u64);
    let pass = || bce_with_logits(model.forward(ids_bt.clone(), mask_bt.clone(), &mode), labels_bc.clone());
    (1..passes).fold(pass(), |sum, _| sum + pass())
}

fn trained(passes: usize, gradients: impl Fn(&Tensor<1>) -> Gradients) -> StateDict {
    let mut model = model();
    let config = AdamWConfig { clip_norm: 0.05, ..AdamWConfig::default() };
    let mut optimizer = ModelOptimizer::new(&model, config).unwrap();
    for step in 0..5 {
        let gradients = gradients(&loss(&model, step, passes));
        (model, _) = optimizer.step(model, gradients, 1e-2);
    }
    StateDict::of(&model)
}

#[test]
fn rows_train_as_dense_gradients_do() {
    for passes in [1, 2] {
        let rows = trained(passes, backward);
        let dense = trained(passes, |loss| loss.backward().into());
        for (name, expected) in &dense.tensors {
            // The softmax cancels the key biases, so their gradients are pure rounding noise, which Adam amplifies.
            if name.ends_with("key.bias") {
                continue;
            }
            for (found, expected) in rows.tensors[name].values.iter().zip(&expected.values) {
                assert!((found - expected).abs() < 2e-5, "{passes} passes, {name}: {found}, dense {expected}");
            }
        }
    }
}

#[test]
fn only_the_rows_of_the_batch_are_kept_and_only_when_asked_for() {
    let model = model();
    let gradients = backward(&loss(&model, 0, 1));
    let rows = gradients.rows(table(&model)).expect("the model runs on the kernels");
    assert!(rows.rows.iter().all(|row| row % 3 == 0 && *row < 93) && rows.rows.len() > 20, "{:?}", rows.rows);

    let dense = StateDict::of_gradients(&model, &loss(&model, 0, 1).backward().into());
    let expected = &dense.tensors["embedding.tokens.weight"].values;
    assert_eq!(&rows.to_dense(200), expected);
}
