use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Result, TrainError};

/// What makes a run this run and no other: a run that is resumed is compared with it, field by field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunIdentity {
    /// The configuration of the whole run, as the application wrote it.
    pub config: Value,
    /// What is not in the configuration: fingerprints of the data and the tokenizer, labels, the program's version.
    pub facts: BTreeMap<String, String>,
}

/// One field in which two runs differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `trainer.optimizer.learning_rate`, or the name of a fact.
    pub field: String,
    /// Before; null where there was none.
    pub old: Value,
    /// Now; null where there is none.
    pub new: Value,
}

/// Fields of a trainer's configuration that may change without permission: their paths if it is the section `trainer` of an
/// application's configuration, and if it is the whole configuration. They do not change any step, except for `outliers`: it
/// decides which batches are skipped, and has to be changed to get past an outlier.
const HARMLESS: [&str; 8] = [
    "trainer.epochs",
    "trainer.checkpoint",
    "trainer.outliers",
    "trainer.histograms",
    "epochs",
    "checkpoint",
    "outliers",
    "histograms",
];

impl Change {
    /// Whether `name` means this field: it is the field's whole path, or consecutive parts of it.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        format!(".{}.", self.field).contains(&format!(".{name}."))
    }

    /// Whether a resumed run may differ in this field without permission: the number of epochs, when checkpoints are saved, what is
    /// done about outliers, and whether histograms are logged.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        HARMLESS.iter().any(|path| self.is_within(path))
    }

    /// Whether this field is `path` or below it.
    #[must_use]
    pub fn is_within(&self, path: &str) -> bool {
        self.field.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Value| match value {
            Value::Null => "not set".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        write!(f, "{}: {} → {}", self.field, text(&self.old), text(&self.new))
    }
}

impl RunIdentity {
    /// A run with this configuration: any value that serialises, usually a struct that holds all settings of the program.
    ///
    /// # Errors
    /// When the configuration cannot be written as JSON: a map in it has keys that are not strings.
    pub fn new(config: &impl Serialize) -> Result<Self> {
        let config = serde_json::to_value(config).map_err(|error| TrainError::Identity(error.to_string()))?;
        Ok(Self { config, facts: BTreeMap::new() })
    }

    /// The same with a fact that the configuration does not hold: the fingerprint of the samples or the tokenizer, the labels.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, fact: impl ToString) -> Self {
        self.facts.insert(name.into(), fact.to_string());
        self
    }

    /// Every field in which `now` differs, in the order of their names, those of the configuration first.
    #[must_use]
    pub fn changes(&self, now: &Self) -> Vec<Change> {
        let mut found = Vec::new();
        compare("", &with_todays_names(&self.config), &with_todays_names(&now.config), &mut found);
        let names: BTreeSet<&String> = self.facts.keys().chain(now.facts.keys()).collect();
        for name in names {
            let side =
                |facts: &BTreeMap<String, String>| facts.get(name).map_or(Value::Null, |fact| fact.clone().into());
            compare(name, &side(&self.facts), &side(&now.facts), &mut found);
        }
        found
    }
}

/// Fields of a trainer's configuration that had another name in earlier versions of this program: (former name, name).
const RENAMED: [(&str, &str); 1] = [("guard", "outliers")];

/// A configuration with the field names of this version, both in its section `trainer` and at its top level, in case it is a
/// trainer's configuration itself.
fn with_todays_names(config: &Value) -> Value {
    let mut config = config.clone();
    let rename = |section: Option<&mut Value>| {
        let Some(Value::Object(fields)) = section else { return };
        for (former, name) in RENAMED {
            if let Some(value) = fields.remove(former) {
                fields.insert(name.to_owned(), value);
            }
        }
    };
    rename(config.get_mut("trainer"));
    rename(Some(&mut config));
    config
}

fn compare(path: &str, old: &Value, new: &Value, found: &mut Vec<Change>) {
    let empty = Value::Object(serde_json::Map::new());
    match (old, new) {
        // A section that exists on one side only is listed field by field, so that each field has a name by which its change can be
        // allowed.
        (Value::Null, Value::Object(_)) => compare(path, &empty, new, found),
        (Value::Object(_), Value::Null) => compare(path, old, &empty, found),
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let side = |of: &serde_json::Map<_, _>| of.get(name).cloned().unwrap_or_default();
                compare(&path, &side(old), &side(new), found);
            }
        }
        (old, new) if old != new => {
            let field = if path.is_empty() { "config" } else { path }.to_owned();
            found.push(Change { field, old: old.clone(), new: new.clone() });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity(config: Value, data: &str) -> RunIdentity {
        RunIdentity { config, facts: BTreeMap::from([("data_content".into(), data.into())]) }
    }

    #[test]
    fn changes_are_listed_field_by_field() {
        let old = identity(json!({"trainer": {"epochs": 3, "optimizer": {"learning_rate": 0.1}}}), "aa");
        let new = identity(json!({"trainer": {"epochs": 4, "optimizer": {"learning_rate": 0.1}}, "log": 1}), "bb");
        let lines: Vec<String> = old.changes(&new).iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["log: not set → 1", "trainer.epochs: 3 → 4", "data_content: aa → bb"]);
        assert_eq!(old.changes(&old), []);
    }

    #[test]
    fn a_configuration_on_one_side_only_is_listed_field_by_field() {
        let (none, one) = (identity(Value::Null, "aa"), identity(json!({"data": {"batch_size": 8}, "log": 1}), "aa"));
        let fields = |changes: Vec<Change>| changes.into_iter().map(|change| change.field).collect::<Vec<_>>();
        assert_eq!(fields(none.changes(&one)), ["data.batch_size", "log"]);
        assert_eq!(fields(one.changes(&none)), ["data.batch_size", "log"]);
        assert_eq!(none.changes(&one)[0].to_string(), "data.batch_size: not set → 8");
        assert_eq!(fields(identity(json!("text"), "aa").changes(&one)), ["config"]);
    }

    #[test]
    fn a_field_under_its_former_name_is_no_change() {
        let old = identity(json!({"trainer": {"guard": {"spike_z": 0.0}}}), "aa");
        let new = identity(json!({"trainer": {"outliers": {"spike_z": 0.0}}}), "aa");
        assert_eq!((old.changes(&new), new.changes(&old)), (vec![], vec![]));
        let alone = |name: &str| identity(json!({name: {"spike_z": 6.0}}), "aa");
        assert_eq!(alone("guard").changes(&alone("outliers")), []);
        let other = identity(json!({"trainer": {"outliers": {"spike_z": 6.0}}}), "aa");
        assert_eq!(old.changes(&other)[0].to_string(), "trainer.outliers.spike_z: 0.0 → 6.0");
    }

    #[test]
    fn a_path_holds_itself_and_what_is_below_it_only() {
        let change = Change { field: "trainer.outliers.spike_z".into(), old: Value::Null, new: Value::Null };
        for path in ["trainer", "trainer.outliers", "trainer.outliers.spike_z"] {
            assert!(change.is_within(path), "{path}");
        }
        for path in ["outliers", "spike_z", "train", "trainer.outliers.spike", "trainer.outliers.spike_z.x"] {
            assert!(!change.is_within(path), "{path}");
        }
    }

    #[test]
    fn fields_that_change_no_step_are_harmless_in_a_section_and_alone() {
        let is_harmless =
            |field: &str| Change { field: field.into(), old: Value::Null, new: Value::Null }.is_harmless();
        for field in ["trainer.epochs", "epochs", "trainer.outliers.spike_z", "outliers.spike_z", "checkpoint.steps"] {
            assert!(is_harmless(field), "{field}");
        }
        for field in ["trainer.seed", "seed", "data.epochs", "trainer", "trainer.optimizer.epochs", "epochs_more"] {
            assert!(!is_harmless(field), "{field}");
        }
    }

    #[test]
    fn a_field_is_named_by_whole_parts_of_its_path() {
        let change = Change { field: "trainer.optimizer.learning_rate".into(), old: Value::Null, new: Value::Null };
        for name in ["learning_rate", "optimizer", "trainer.optimizer", "trainer.optimizer.learning_rate"] {
            assert!(change.is_named(name), "{name}");
        }
        for name in ["rate", "trainer.learning_rate", "", "train"] {
            assert!(!change.is_named(name), "{name}");
        }
    }
}
