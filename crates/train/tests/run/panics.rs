//! A panic in a model, a loss or a metric of your own is an error that names the batch.

use burn::module::Module;
use burn::tensor::Tensor;
use drivetrain_nn::Mode;
use drivetrain_train::{Fit, Metric, Model, MultiClassValues, Objective};

use super::checks::{classifier, good};
use super::*;

/// Where a model of your own panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Panics {
    InForward,
    InValidation,
    OnlyFromTheSecondStep,
    WithAnotherShape,
}

#[derive(Module, Debug)]
struct Panicking {
    inner: SequenceClassifier,
    #[module(skip)]
    panics: Panics,
}

impl Model<SequenceBatch<ClassIndex>> for Panicking {
    type Output = Tensor<2>;

    fn forward(&self, batch: &SequenceBatch<ClassIndex>, mode: &Mode) -> Tensor<2> {
        let logits_bc = Model::forward(&self.inner, batch, mode);
        let is_first = batch.input.ids_bt.contains(&5);
        match self.panics {
            Panics::InForward if !matches!(mode, Mode::Eval) => panic!("no batch is good enough"),
            Panics::OnlyFromTheSecondStep if !is_first && !matches!(mode, Mode::Eval) => {
                panic!("{} is one too many", batch.batch_size())
            }
            Panics::InValidation if matches!(mode, Mode::Eval) => panic!("not again"),
            // Here the tensor library panics, with a message of its own.
            Panics::WithAnotherShape if !matches!(mode, Mode::Eval) => logits_bc.reshape([-1, 7]),
            _ => logits_bc,
        }
    }
}

#[test]
fn a_model_that_panics_is_an_error_as_a_collate_is() {
    for (panics, expected) in [
        (Panics::InForward, "panicked on training batch 0 (its first sample is sample 0): no batch is good enough"),
        (
            Panics::OnlyFromTheSecondStep,
            "panicked on training batch 1 (its first sample is sample 2): 2 is one too many",
        ),
        (Panics::InValidation, "panicked on validation batch 0 (its first sample is sample 0): not again"),
        (Panics::WithAnotherShape, "panicked on training batch 0 (its first sample is sample 0): "),
    ] {
        let model = Panicking { inner: classifier(2), panics };
        let folder = tempfile::tempdir().unwrap();
        let mut trainer = Trainer::new(model, CrossEntropy, MultiClassMetric::new(2), config(1, 0))
            .unwrap()
            .checkpoints(store(folder.path()), RunIdentity::default());
        let error = trainer.fit(&good(), &good()).unwrap_err();
        assert!(matches!(error, TrainError::Panicked { .. }), "{panics:?}: {error}");
        assert!(error.to_string().contains(expected), "{panics:?}: {error}");
        let saved = store(folder.path()).load_latest().map(|loaded| loaded.checkpoint.meta.state.position.step).ok();
        assert_eq!(saved, (panics == Panics::OnlyFromTheSecondStep).then_some(1), "{panics:?}");
        // The trainer still has the model, as it was before that batch.
        assert!(trainer.model().num_params() > 0);
    }
}

/// Which of your own functions panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Own {
    ModelCheck,
    Terms,
    Count,
    Compute,
}

#[derive(Module, Debug)]
struct Checking {
    inner: SequenceClassifier,
    #[module(skip)]
    panics: bool,
}

impl Model<SequenceBatch<ClassIndex>> for Checking {
    type Output = Tensor<2>;

    fn forward(&self, batch: &SequenceBatch<ClassIndex>, mode: &Mode) -> Tensor<2> {
        Model::forward(&self.inner, batch, mode)
    }

    fn check(&self, _batch: &SequenceBatch<ClassIndex>) -> Fit {
        assert!(!self.panics, "of your own");
        Ok(())
    }
}

#[derive(Clone)]
struct Careful(Own, MultiClassMetric);

impl Objective<Tensor<2>, SequenceBatch<ClassIndex>> for Careful {
    fn loss(&self, output: Tensor<2>, batch: &SequenceBatch<ClassIndex>) -> Tensor<1> {
        CrossEntropy.loss(output, batch)
    }

    fn terms(&self, _batch: &SequenceBatch<ClassIndex>) -> Option<u64> {
        assert!(self.0 != Own::Terms, "of your own");
        None
    }
}

impl Metric<Tensor<2>, SequenceBatch<ClassIndex>> for Careful {
    type Values = MultiClassValues;

    fn update(&mut self, output: &Tensor<2>, batch: &SequenceBatch<ClassIndex>) {
        assert!(self.0 != Own::Count, "of your own");
        self.1.update(output, batch);
    }

    fn compute(&self) -> MultiClassValues {
        assert!(self.0 != Own::Compute, "of your own");
        Metric::<Tensor<2>, SequenceBatch<ClassIndex>>::compute(&self.1)
    }
}

#[test]
fn a_panic_of_any_function_of_ones_own_is_an_error_that_names_it() {
    for (own, expected, steps) in [
        (Own::ModelCheck, "the model panicked on validation batch 0", None),
        (Own::Terms, "the loss panicked on training batch 0", None),
        (Own::Count, "the metric panicked on validation batch 0", Some(3)),
        (Own::Compute, "the metric's sum after the last batch panicked on validation batch 2", Some(3)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let model = Checking { inner: classifier(2), panics: own == Own::ModelCheck };
        let careful = Careful(own, MultiClassMetric::new(2));
        let mut trainer = Trainer::new(model, careful.clone(), careful, config(1, 0))
            .unwrap()
            .checkpoints(store(folder.path()), RunIdentity::default());
        let error = trainer.fit(&good(), &good()).unwrap_err();
        assert!(matches!(error, TrainError::Panicked { .. }), "{own:?}: {error}");
        assert!(error.to_string().starts_with(expected), "{own:?}: {error}");
        let saved = store(folder.path()).load_latest().map(|loaded| loaded.checkpoint.meta.state.position.step).ok();
        assert_eq!(saved, steps, "{own:?}");
    }
}
