//! What `config.json` says of learned types.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::features::BlockWeights;

/// What `config.json` says of learned types; their weights are in `learned.safetensors`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedConfig {
    /// The labels of the network in `model.safetensors`, in the order of its logits.
    pub network_labels: Vec<String>,
    /// How much each kind of feature counts.
    pub features: BlockWeights,
    /// How scores become probabilities; without it the likeliest label is given, since each column has exactly one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// Each learned type.
    pub types: Vec<LearnedType>,
    /// Whether columns are read in the context of the others of their table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub context: bool,
}

/// The share of a type's examples to which the network gives each of some built-in types.
pub type GivenShares = BTreeMap<String, f64>;

/// A type that was learned from examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedType {
    /// The label.
    pub name: String,
    /// The names of the examples.
    pub columns: Vec<String>,
    /// Built-in types that the network gives to examples of it, and to which share of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "shares_or_names")]
    pub given: GivenShares,
    /// Labels that examples of it have beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
}

/// Shares, or the mere names that earlier versions wrote.
fn shares_or_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<GivenShares, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Shares(GivenShares),
        Names(Vec<String>),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::Shares(shares) => shares,
        Given::Names(names) => names.into_iter().map(|name| (name, 1.0)).collect(),
    })
}

/// How scores become probabilities: logistic regressions that all learned types share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Of columns whose name tells something: a constant, and the weights of the score, of the likeness of its values' shapes to
    /// those of an example, and of that of its name.
    pub named: [f64; 4],
    /// Of the others: the same without the last.
    pub nameless: [f64; 3],
    /// The probability from which on a learned type is given.
    pub threshold: f64,
    /// How much is taken from its probability on a column to which the network gives a type that it gives to no example; less where
    /// it gives that type to some of them.
    pub margin: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_earlier_versions_wrote_count_as_given_to_all_examples() {
        for (given, share) in [(r#"["url"]"#, 1.0), (r#"{"url": 0.2}"#, 0.2)] {
            let of: LearnedType =
                serde_json::from_str(&format!(r#"{{"name": "doi", "columns": [], "given": {given}}}"#))
                    .expect("a type");
            assert_eq!(of.given, GivenShares::from([("url".to_owned(), share)]));
        }
    }
}
