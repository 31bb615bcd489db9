//! Whether a run is still the same run: its identity, and the changes that are allowed.

use drivetrain::run::{ChangeRules, RunFolder};
use drivetrain::train::{Change, RunIdentity};

use crate::config::RunConfig;
use crate::error::ChangeError;
use crate::labels::Labels;
use crate::prepare::Prepared;

/// The changes that are allowed in a run of this application.
pub const RULES: ChangeRules = ChangeRules {
    harmless: &["data.workers", "data.prefetch", "log", "predict.values", "predict.draws"],
    consequences: &[("samples", "samples_content"), ("tokenizer", "tokenizer_content")],
    optional: &[
        "init",
        "single_label",
        "model.d_model",
        "model.n_heads",
        "model.n_layers",
        "model.d_feed_forward",
        "model.activation",
        "model.precision",
        "trainer.histograms",
        "trainer.accumulate",
        "trainer.max_tokens_per_micro_batch",
        "trainer.average",
        "trainer.average.kind",
        "trainer.average.decay",
        "trainer.average.from_epoch",
        "trainer.average.every",
        "trainer.average.validate",
        "trainer.optimizer.kind",
        "trainer.optimizer.beta1",
        "trainer.optimizer.beta2",
        "trainer.optimizer.epsilon",
        "trainer.optimizer.momentum",
        "trainer.optimizer.dampening",
        "trainer.optimizer.nesterov",
        "trainer.optimizer.decayed",
        "trainer.optimizer.layer_decay",
        "trainer.optimizer.groups",
        "trainer.monitor",
        "trainer.mode",
        "trainer.learning_rate.kind",
        "trainer.learning_rate.warmup_steps",
        "trainer.learning_rate.floor",
        "trainer.learning_rate.period",
        "trainer.learning_rate.period_factor",
        "trainer.learning_rate.pct_start",
        "trainer.learning_rate.anneal",
        "trainer.learning_rate.div_factor",
        "trainer.learning_rate.final_div_factor",
        "trainer.learning_rate.three_phase",
        "trainer.learning_rate.step_size",
        "trainer.learning_rate.milestones",
        "trainer.learning_rate.monitor",
        "trainer.learning_rate.mode",
        "trainer.learning_rate.factor",
        "trainer.learning_rate.patience",
        "trainer.learning_rate.threshold",
        "trainer.learning_rate.threshold_mode",
        "trainer.learning_rate.cooldown",
        "trainer.learning_rate.min_learning_rate",
        "trainer.learning_rate.epsilon",
        "samples_content",
        "tokenizer_content",
    ],
    // For the preset of a model: the same renaming as in `presets::RENAMED`.
    renamed: &[("model.preset", "seed", "essay")],
};

/// The identity of a run, as far as it is known before its data is prepared.
#[must_use]
pub fn identity(config: &RunConfig, labels: &Labels) -> RunIdentity {
    let codes: Vec<&str> = labels.names().collect();
    // The configuration consists of names, numbers and lists of these, so serialising it cannot fail.
    RunIdentity::new(config)
        .unwrap_or_default()
        .with("labels", codes.join(" "))
        .with("input_version", crate::input::VERSION)
        .with("program_version", env!("CARGO_PKG_VERSION"))
}

/// The complete identity of a run, including its data.
#[must_use]
pub fn identity_with_data(config: &RunConfig, prepared: &Prepared) -> RunIdentity {
    with_data(identity(config, &prepared.labels), prepared)
}

fn with_data(identity: RunIdentity, prepared: &Prepared) -> RunIdentity {
    let (samples, tokenizer) = (prepared.index.fingerprint(), prepared.tokenizer.fingerprint());
    identity.with("samples_content", samples).with("tokenizer_content", tokenizer)
}

/// Compares the data with the data that the run was saved with, and returns the changes that are listed in `allowed`.
///
/// # Errors
/// Names each difference that was not allowed.
pub fn check_data(
    run: &RunFolder,
    saved: &RunIdentity,
    now: &Prepared,
    allowed: &[String],
) -> Result<Vec<Change>, ChangeError> {
    let now = with_data(RunIdentity { config: saved.config.clone(), ..RunIdentity::default() }, now);
    RULES.check_known(run.path(), saved, &now, allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets::RENAMED;

    fn refusal(name: &str) -> Option<String> {
        let config = RunConfig::preset("default").expect("the default configuration");
        RULES.check_names(&[name.to_owned()], &identity(&config, &Labels::built_in()), None).err().map(|error| {
            let error = crate::Error::from(error);
            format!("{error}; {}", error.hint().unwrap_or_default())
        })
    }

    #[test]
    fn fields_facts_and_parts_of_paths_are_known() {
        for name in
            ["learning_rate", "trainer", "trainer.early_stop.patience", "data.split", "d_model", "samples_content"]
        {
            assert_eq!(refusal(name), None, "{name}");
        }
        for fact in identity(&RunConfig::preset("micro").expect("micro"), &Labels::built_in()).facts.keys() {
            assert_eq!(refusal(fact), None, "{fact}");
        }
    }

    #[test]
    fn every_preset_that_got_another_name_is_known() {
        let renamed: Vec<_> = RENAMED.iter().map(|(old, new)| ("model.preset", *old, *new)).collect();
        assert_eq!(RULES.renamed, renamed);
    }

    #[test]
    fn other_names_are_refused_with_the_closest_or_with_all() {
        let told = |name: &str| refusal(name).unwrap_or_else(|| panic!("{name} is accepted"));
        let meant = "did you mean `trainer.optimizer.learning_rate`?";
        assert!(told("learning-rate").ends_with(meant), "{}", told("learning-rate"));
        assert!(told("batchsize").ends_with("; did you mean `data.batch_size`?"), "{}", told("batchsize"));
        assert!(told("trainer.epoch").ends_with("did you mean `trainer.epochs`?"), "{}", told("trainer.epoch"));
        for name in ["nonsense", "", "*", "早停"] {
            assert!(
                told(name).contains("no such field") && told(name).contains("trainer.optimizer.learning_rate"),
                "{name}"
            );
        }
    }
}
