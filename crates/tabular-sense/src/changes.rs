//! Is it still the same run? Its configuration, data, tokenizer, labels and program, against what its checkpoint says.

use std::collections::BTreeMap;

use drivetrain::tr;
use drivetrain::train::{Change, RunIdentity};

use crate::config::RunConfig;
use crate::error::UserError;
use crate::prepare::Prepared;
use crate::run::RunFolder;
use crate::types::SemanticType;
use crate::voice::{lang, voice};

/// What may change without being named: it makes no step of the run another one.
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
        HARMLESS.iter().any(|name| change.is_named(name)) || allowed.iter().any(|name| is_named(name))
    };
    let (fine, refused): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(is_allowed);
    if refused.is_empty() {
        fine.iter().for_each(|change| {
            voice().say(&tr!(lang(), "changed since the run was saved: {change}", "自上次保存以来已更改：{change}"))
        });
        return Ok(());
    }
    let lines: Vec<String> = refused.iter().map(|change| format!("  {change}")).collect();
    let flags: Vec<String> = refused.iter().map(|change| format!("--allow-change {}", change.field)).collect();
    let message = format!("the run in {} was saved with something else:\n{}", run.path().display(), lines.join("\n"));
    Err(UserError::new(message).hint(format!(
        "bring it back as it was, choose another folder with --run, or go on all the same with {}",
        flags.join(" ")
    )))
}
