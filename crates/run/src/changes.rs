//! Is it still the same run? Compares its configuration, data, tokenizer and labels with those in its checkpoint.

use std::path::Path;

use drivetrain_train::{Change, RunIdentity, flatten};
use serde_json::Value;
use strsim::levenshtein;

use crate::error::ChangeError;

/// Which changes a run accepts without permission, besides those that are [harmless](Change::is_harmless) in any trainer's
/// configuration. By default, there are no others.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChangeRules {
    /// Paths that, with everything below them, may change without being named.
    pub harmless: &'static [&'static str],
    /// (section, fact): if a change of the section is allowed, so is the resulting change of the fact.
    pub consequences: &'static [(&'static str, &'static str)],
    /// Fields and facts that only some runs have: they can be named even if neither side has them.
    pub optional: &'static [&'static str],
    /// (field, former value, value): only the name of the value has changed.
    pub renamed: &'static [(&'static str, &'static str, &'static str)],
}

/// What the trainer itself compares, whether or not the configuration contains it.
const OF_THE_TRAINER: [&str; 2] = ["trainer.seed", "trainer.own_schedule"];

impl ChangeRules {
    /// Checks that each of `names` means a field that the run has or `saved` had.
    ///
    /// # Errors
    /// Names the first one that does not, and the closest known field, or else all known fields.
    pub fn check_names(
        &self,
        names: &[String],
        now: &RunIdentity,
        saved: Option<&RunIdentity>,
    ) -> Result<(), ChangeError> {
        let known = self.known_fields(now, saved);
        let is_known = |name: &str| {
            let means =
                |field: &String| Change { field: field.clone(), old: Value::Null, new: Value::Null }.is_named(name);
            !name.is_empty() && known.iter().any(means)
        };
        let Some(unknown) = names.iter().find(|name| !is_known(name)) else { return Ok(()) };
        Err(ChangeError::UnknownField { name: unknown.clone(), closest: closest(unknown, &known), known })
    }

    /// Every field in which two runs can differ, by its path.
    fn known_fields(&self, now: &RunIdentity, saved: Option<&RunIdentity>) -> Vec<String> {
        let mut fields = Vec::new();
        flatten("", &now.config, &mut fields);
        let mut known: Vec<String> = fields.into_iter().map(|(path, _)| path).collect();
        known.extend(now.facts.keys().cloned());
        known.extend(OF_THE_TRAINER.map(str::to_owned));
        known.extend(self.optional.iter().map(|&field| field.to_owned()));
        // Another version of the program may have had other fields; the removal of each of them can be allowed.
        let nothing = RunIdentity::default();
        known.extend(saved.into_iter().flat_map(|saved| saved.changes(&nothing)).map(|change| change.field));
        known.sort_unstable();
        known.dedup();
        known
    }

    /// Compares the run in `path` with what was saved, and returns the changes that are harmless or in `allowed`.
    ///
    /// # Errors
    /// Names each field that must not change without permission.
    pub fn check(
        &self,
        path: &Path,
        saved: &RunIdentity,
        now: &RunIdentity,
        allowed: &[String],
    ) -> Result<Vec<Change>, ChangeError> {
        let changes = saved.changes(now).into_iter().filter(|change| !self.is_only_renamed(change));
        let (fine, refused): (Vec<Change>, Vec<Change>) = changes.partition(|change| self.is_allowed(change, allowed));
        if refused.is_empty() {
            return Ok(fine);
        }
        Err(ChangeError::Refused { path: path.to_path_buf(), changes: refused })
    }

    /// Like [`ChangeRules::check`], but ignores facts that `now` does not contain yet. This is for a comparison before the data is
    /// prepared.
    ///
    /// # Errors
    /// Those of [`ChangeRules::check`].
    pub fn check_known(
        &self,
        path: &Path,
        saved: &RunIdentity,
        now: &RunIdentity,
        allowed: &[String],
    ) -> Result<Vec<Change>, ChangeError> {
        let mut known = saved.clone();
        known.facts.retain(|name, _| now.facts.contains_key(name));
        self.check(path, &known, now, allowed)
    }

    fn is_allowed(&self, change: &Change, allowed: &[String]) -> bool {
        let section = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let follows = |name: &str| self.consequences.contains(&(&section(name), &change.field));
        change.is_harmless()
            || self.harmless.iter().any(|path| change.is_within(path))
            || allowed.iter().any(|name| change.is_named(name) || follows(name))
    }

    fn is_only_renamed(&self, change: &Change) -> bool {
        let is_it = |(field, former, now): &(&str, &str, &str)| {
            change.field == *field && change.old == **former && change.new == **now
        };
        self.renamed.iter().any(is_it)
    }
}

/// The field that `name` was probably meant to be, if there is one: its path or its last part is spelled similarly, or its last
/// part contains that of `name`.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RULES: ChangeRules = ChangeRules {
        harmless: &["log"],
        consequences: &[("samples", "samples_content")],
        optional: &["model.activation"],
        renamed: &[("model.preset", "seed", "essay")],
    };

    fn identity(config: Value, content: &str) -> RunIdentity {
        RunIdentity { config, facts: [("samples_content".to_owned(), content.to_owned())].into() }
    }

    fn check(old: Value, new: Value, allowed: &[&str]) -> Result<Vec<String>, String> {
        let allowed: Vec<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        let found = RULES.check(Path::new("run"), &identity(old, "a"), &identity(new, "b"), &allowed);
        let fields = |changes: Vec<Change>| changes.into_iter().map(|change| change.field).collect();
        found.map(fields).map_err(|error| error.to_string())
    }

    #[test]
    fn every_field_that_must_not_change_is_listed() {
        let (old, new) = (json!({"a": {"b": 1, "c": 2}, "log": 1}), json!({"a": {"b": 9, "c": 8}, "log": 2}));
        let refused = check(old.clone(), new.clone(), &["b"]).unwrap_err();
        assert!(refused.ends_with("settings or data:\n  a.c: 2 → 8\n  samples_content: a → b"), "{refused}");
        assert_eq!(check(old, new, &["a", "samples"]).unwrap(), ["a.b", "a.c", "log", "samples_content"]);
    }

    #[test]
    fn a_value_with_another_name_is_no_change() {
        let preset = |name: &str| json!({"model": {"preset": name}});
        assert_eq!(check(preset("seed"), preset("essay"), &["samples_content"]).unwrap(), ["samples_content"]);
        assert!(check(preset("small"), preset("essay"), &["samples_content"]).is_err());
    }

    #[test]
    fn facts_that_are_not_known_yet_are_passed_over_in_the_first_comparison_only() {
        let (saved, now) = (identity(json!({}), "a"), RunIdentity { config: json!({}), ..RunIdentity::default() });
        assert_eq!(RULES.check_known(Path::new("run"), &saved, &now, &[]).unwrap(), []);
        assert!(RULES.check(Path::new("run"), &saved, &now, &[]).is_err());
    }

    #[test]
    fn names_of_fields_facts_and_former_fields_are_known_and_others_told_the_closest() {
        let now = identity(json!({"data": {"batch_size": 8}, "trainer": {"optimizer": {"learning_rate": 0.1}}}), "a");
        let saved = identity(json!({"data": {"bucket_width": 8}}), "a");
        let told = |name: &str| match RULES.check_names(&[name.to_owned()], &now, Some(&saved)) {
            Ok(()) => None,
            Err(error) => Some(error.hint()),
        };
        for name in ["learning_rate", "trainer", "data.batch_size", "samples_content", "activation", "bucket_width"] {
            assert_eq!(told(name), None, "{name}");
        }
        let meant = |field: &str| Some(format!("did you mean `{field}`?"));
        assert_eq!(told("learning-rate"), meant("trainer.optimizer.learning_rate"));
        assert_eq!(told("batchsize"), meant("data.batch_size"));
        for name in ["nonsense", "", "*", "早停"] {
            assert!(told(name).is_some_and(|hint| hint.contains("data.batch_size, ")), "{name}");
        }
    }
}
