//! Is it still the same run? Its configuration, data, tokenizer, labels and program, against what its checkpoint says.

use std::collections::BTreeMap;

use drivetrain::terminal::Lang;
use drivetrain::tr;
use drivetrain::train::{Change, RunIdentity};
use serde_json::Value;

use crate::chinese;
use crate::config::RunConfig;
use crate::error::UserError;
use crate::prepare::Prepared;
use crate::report::fields_of;
use crate::run::RunFolder;
use crate::terminal::{lang, terminal};
use strsim::levenshtein;
use tabular_sense_synth::types::SemanticType;

/// What may change without being named. It changes no step of the run, but for `trainer.guard`: that decides which batches are
/// skipped, and has to be changed to get past one.
const HARMLESS: [&str; 9] = [
    "trainer.epochs",
    "trainer.checkpoint",
    "trainer.guard",
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
const OPTIONAL: [&str; 18] = [
    "model.d_model",
    "model.n_heads",
    "model.n_layers",
    "model.d_feed_forward",
    "model.activation",
    "model.precision",
    "trainer.histograms",
    "trainer.learning_rate.kind",
    "trainer.learning_rate.warmup_steps",
    "trainer.learning_rate.floor",
    "trainer.learning_rate.monitor",
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
pub fn check_names(names: &[String], config: &RunConfig, saved: Option<&RunIdentity>) -> Result<(), UserError> {
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
    let hint = match closest(unknown, &known) {
        Some(field) => tr!(lang(), "did you mean `{field}`?", "是否想写 `{field}`？"),
        None => {
            let known = known.join(&tr!(lang(), ", ", "、"));
            tr!(
                lang(),
                "it takes one of these, or a part of its path: {known}",
                "可用以下配置项，或其路径的一部分：{known}"
            )
        }
    };
    let message =
        tr!(lang(), "--allow-change {unknown}: a run has no such field", "--allow-change {unknown}：没有这个配置项");
    Err(UserError::new(message).hint(hint))
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
pub fn check_data(run: &RunFolder, saved: &RunIdentity, now: &Prepared, allowed: &[String]) -> Result<(), UserError> {
    let now = RunIdentity { config: saved.config.clone(), facts: data_facts(now) };
    check(run, saved, &now, allowed)
}

/// Compares with what the run was saved as. Shows what changed; what is neither harmless nor in `allowed` is refused.
/// Fields that `now` does not know yet are passed over.
///
/// # Errors
/// Names each field that must not change unnoticed, and how to allow it.
pub fn check(run: &RunFolder, saved: &RunIdentity, now: &RunIdentity, allowed: &[String]) -> Result<(), UserError> {
    let is_known = |change: &Change| !change.new.is_null() || !saved.facts.contains_key(&change.field);
    let changes: Vec<Change> = saved.changes(now).into_iter().filter(is_known).collect();
    let is_allowed = |change: &Change| {
        let section = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let is_named = |name: &str| change.is_named(name) || CONSEQUENCES.contains(&(&section(name), &change.field));
        HARMLESS.iter().any(|path| change.is_within(path)) || allowed.iter().any(|name| is_named(name))
    };
    let (fine, refused): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(is_allowed);
    if refused.is_empty() {
        fine.iter().map(in_words).for_each(|change| {
            terminal().print(&tr!(
                lang(),
                "changed since the run was saved: {change}",
                "自上次保存以来已更改：{change}"
            ))
        });
        return Ok(());
    }
    let lines: Vec<String> = refused.iter().map(|change| format!("  {}", in_words(change))).collect();
    let flags: Vec<String> = refused.iter().map(|change| format!("--allow-change {}", change.field)).collect();
    let (path, lines, flags) = (run.path().display(), lines.join("\n"), flags.join(" "));
    let message = tr!(
        lang(),
        "the run in {path} was saved with something else:\n{lines}",
        "{path} 中的训练保存时与现在不同：\n{lines}"
    );
    Err(UserError::new(message).hint(tr!(
        lang(),
        "bring it back as it was, choose another folder with --run, or go on all the same with {flags}",
        "请改回原样，或用 --run 换一个文件夹；若仍要继续，请加上 {flags}"
    )))
}

fn in_words(change: &Change) -> String {
    match lang() {
        Lang::En => change.to_string(),
        Lang::Zh => chinese::change(change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str) -> Option<String> {
        let config = RunConfig::embedded("default").expect("the default configuration");
        check_names(&[name.to_owned()], &config, None).err().map(|error| error.to_string())
    }

    #[test]
    fn fields_facts_and_parts_of_paths_are_known() {
        for name in
            ["learning_rate", "trainer", "trainer.early_stop.patience", "data.split", "d_model", "samples_content"]
        {
            assert_eq!(refusal(name), None, "{name}");
        }
        for fact in identity(&RunConfig::embedded("micro").expect("micro")).facts.keys() {
            assert_eq!(refusal(fact), None, "{fact}");
        }
    }

    #[test]
    fn fields_that_the_saved_run_had_are_known_too() {
        let config = RunConfig::embedded("default").expect("the default configuration");
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
        assert!(told("batchsize").ends_with("hint: did you mean `data.batch_size`?"), "{}", told("batchsize"));
        assert!(told("trainer.epoch").ends_with("did you mean `trainer.epochs`?"), "{}", told("trainer.epoch"));
        for name in ["nonsense", "", "*", "早停"] {
            assert!(
                told(name).contains("no such field") && told(name).contains("trainer.optimizer.learning_rate"),
                "{name}"
            );
        }
    }
}
