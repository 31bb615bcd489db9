//! Is it still the same run? Its configuration, data, tokenizer, labels and program, against what its checkpoint says.

use std::collections::BTreeMap;

use drivetrain::train::{Change, RunIdentity};
use serde_json::Value;
use strsim::levenshtein;

use crate::config::RunConfig;
use crate::error::ChangeError;
use crate::prepare::Prepared;
use crate::presets::RENAMED;
use crate::report::fields_of;
use crate::run::RunFolder;
use tabular_sense_synth::types::SemanticType;

/// What may change without being named. It changes no step of the run, but for `trainer.outliers`: that decides which batches are
/// skipped, and has to be changed to get past one.
const HARMLESS: [&str; 9] = [
    "trainer.epochs",
    "trainer.checkpoint",
    "trainer.outliers",
    "trainer.histograms",
    "data.workers",
    "data.prefetch",
    "log",
    "predict.values",
    "predict.draws",
];

/// What follows from another field: who allows that one has allowed this.
const CONSEQUENCES: [(&str, &str); 2] = [("samples", "samples_content"), ("tokenizer", "tokenizer_content")];

/// Fields that a configuration has only where they are set.
const OPTIONAL: [&str; 49] = [
    "init",
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
];

/// Facts of a run beside its configuration.
const FACTS: [&str; 5] = ["labels", "input_version", "program_version", "samples_content", "tokenizer_content"];

/// Whether each of `names` means a field that a run has, or that `saved` had.
///
/// # Errors
/// Names the first that does not, and the closest or all that there are.
pub fn check_names(names: &[String], config: &RunConfig, saved: Option<&RunIdentity>) -> Result<(), ChangeError> {
    let mut known = known_fields(config);
    // Another version of the program may have had other fields: each can be allowed to go.
    known.extend(saved.into_iter().flat_map(|saved| saved.changes(&RunIdentity::default())).map(|change| change.field));
    known.sort_unstable();
    known.dedup();
    let is_known = |name: &str| {
        let means = |field: &String| Change { field: field.clone(), old: Value::Null, new: Value::Null }.is_named(name);
        !name.is_empty() && known.iter().any(means)
    };
    let Some(unknown) = names.iter().find(|name| !is_known(name)) else { return Ok(()) };
    Err(ChangeError::UnknownField { name: unknown.clone(), closest: closest(unknown, &known), known })
}

/// Every field in which two runs can differ, by its path.
fn known_fields(config: &RunConfig) -> Vec<String> {
    let mut fields: Vec<String> = fields_of(config).into_iter().map(|(path, _)| path).collect();
    fields.extend(OPTIONAL.into_iter().chain(FACTS).map(str::to_owned));
    fields
}

/// The field that `name` was meant to be, if one is close: its path or last part is written almost so, or holds it.
fn closest(name: &str, known: &[String]) -> Option<String> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let (wanted, last) = (plain(name), |field: &str| field.rsplit('.').next().unwrap_or_default().to_owned());
    let wanted_last = last(&wanted);
    let away = |field: &String| levenshtein(&wanted, field).min(levenshtein(&wanted_last, &last(field)));
    // Two names of two letters are never far from each other.
    let is_close = |field: &&String| away(field) <= 2 && 2 * away(field) < wanted_last.chars().count();
    let order = |field: &&String| (away(field), levenshtein(&wanted, field));
    let nearest = known.iter().filter(is_close).min_by_key(order);
    let holding = || known.iter().find(|field| wanted_last.len() >= 4 && last(field).contains(&wanted_last));
    nearest.or_else(holding).cloned()
}

/// What is known of a run before its data is prepared.
#[must_use]
pub fn identity(config: &RunConfig) -> RunIdentity {
    let codes: Vec<&str> = SemanticType::ALL.iter().map(|label| label.code()).collect();
    let facts = [
        ("labels", codes.join(" ")),
        ("input_version", crate::input::VERSION.to_string()),
        ("program_version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    RunIdentity {
        // A configuration is made of names, numbers and lists of them.
        config: serde_json::to_value(config).unwrap_or_default(),
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
    }
}

/// All that makes a run this run.
#[must_use]
pub fn identity_with_data(config: &RunConfig, prepared: &Prepared) -> RunIdentity {
    let mut identity = identity(config);
    identity.facts.extend(data_facts(prepared));
    identity
}

fn data_facts(prepared: &Prepared) -> BTreeMap<String, String> {
    let samples = ("samples_content".to_owned(), prepared.index.fingerprint().to_string());
    [samples, ("tokenizer_content".to_owned(), prepared.tokenizer.fingerprint().to_string())].into()
}

/// [`check`] of the data alone.
///
/// # Errors
/// Like [`check`].
pub fn check_data(
    run: &RunFolder,
    saved: &RunIdentity,
    now: &Prepared,
    allowed: &[String],
) -> Result<Vec<Change>, ChangeError> {
    let now = RunIdentity { config: saved.config.clone(), facts: data_facts(now) };
    check(run, saved, &now, allowed)
}

/// Compares with what the run was saved as, and gives the changes that are harmless or in `allowed`. Fields that `now` does
/// not know yet are passed over.
///
/// # Errors
/// Names each field that must not change unnoticed.
pub fn check(
    run: &RunFolder,
    saved: &RunIdentity,
    now: &RunIdentity,
    allowed: &[String],
) -> Result<Vec<Change>, ChangeError> {
    let is_known = |change: &Change| !change.new.is_null() || !saved.facts.contains_key(&change.field);
    let changes = saved.changes(now).into_iter().filter(is_known).filter(|change| !is_only_renamed(change));
    let is_allowed = |change: &Change| {
        let section = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let is_named = |name: &str| change.is_named(name) || CONSEQUENCES.contains(&(&section(name), &change.field));
        HARMLESS.iter().any(|path| change.is_within(path)) || allowed.iter().any(|name| is_named(name))
    };
    let (fine, refused): (Vec<Change>, Vec<Change>) = changes.partition(is_allowed);
    if refused.is_empty() {
        return Ok(fine);
    }
    Err(ChangeError::Refused { path: run.path().to_path_buf(), changes: refused })
}

/// Whether a preset has only got another name since.
fn is_only_renamed(change: &Change) -> bool {
    let is_old = |(old, new): &(&str, &str)| change.old == **old && change.new == **new;
    change.field == "model.preset" && RENAMED.iter().any(is_old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str) -> Option<String> {
        let config = RunConfig::preset("default").expect("the default configuration");
        check_names(&[name.to_owned()], &config, None).err().map(|error| {
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
        for fact in identity(&RunConfig::preset("micro").expect("micro")).facts.keys() {
            assert_eq!(refusal(fact), None, "{fact}");
        }
    }

    #[test]
    fn a_preset_that_got_another_name_is_no_change() {
        let now = identity(&RunConfig::preset("essay").expect("the preset"));
        let mut saved = now.clone();
        saved.config["model"]["preset"] = "seed".into();
        assert_eq!(check(&RunFolder::new("run"), &saved, &now, &[]).expect("no change"), []);
        saved.config["model"]["preset"] = "small".into();
        assert!(check(&RunFolder::new("run"), &saved, &now, &[]).is_err());
    }

    #[test]
    fn fields_that_the_saved_run_had_are_known_too() {
        let config = RunConfig::preset("default").expect("the default configuration");
        let mut saved = identity(&config);
        saved.config["data"]["bucket_width"] = 8.into();
        saved.facts.insert("rounding".into(), "old".into());
        for name in ["data.bucket_width", "bucket_width", "rounding"] {
            assert!(refusal(name).is_some(), "{name}");
            assert!(check_names(&[name.to_owned()], &config, Some(&saved)).is_ok(), "{name}");
        }
        assert!(check_names(&["nonsense".to_owned()], &config, Some(&saved)).is_err());
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
