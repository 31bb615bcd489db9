//! The label set of a model: the built-in types, custom types, or both.

use std::sync::{Arc, LazyLock};

use strsim::levenshtein;
use tabular_sense_synth::sample::is_label;
use tabular_sense_synth::types::{SemanticType, TypeSet};
use thiserror::Error;

/// The labels of a model, in the order of its logits. A label named like the code of a built-in type stands for that type.
///
/// ```
/// use tabular_sense::labels::Labels;
/// use tabular_sense::synth::types::SemanticType;
///
/// let labels = Labels::new(["int".to_owned(), "发票号码".to_owned()], false).unwrap();
/// assert_eq!(labels.type_of(0), Some(SemanticType::Int));
/// assert_eq!((labels.index("发票号码"), labels.type_of(1)), (Some(1), None));
/// assert!(!labels.is_built_in() && Labels::built_in().is_built_in());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    names: Vec<String>,
    types: Vec<Option<SemanticType>>,
    /// Where each built-in type is among the labels.
    places: [Option<usize>; SemanticType::ALL.len()],
    is_single: bool,
}

/// Why names do not form a label set.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LabelsProblem {
    /// There are no names.
    #[error("there are no labels")]
    None,
    /// A name is blank, too long, or contains characters that are part of the sample file's syntax.
    #[error("`{0}` cannot be a label")]
    Name(String),
    /// A name occurs twice.
    #[error("the label `{0}` comes twice")]
    Twice(String),
}

/// A label that a model does not have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown label `{found}`{}", suggestion(.closest.as_deref(), .labels))]
pub struct UnknownLabel {
    /// The label as it was written.
    pub found: String,
    /// The label that may have been meant.
    pub closest: Option<String>,
    /// The first labels of the model.
    pub labels: Vec<String>,
}

fn suggestion(closest: Option<&str>, labels: &[String]) -> String {
    match closest {
        Some(closest) => format!("; did you mean `{closest}`?"),
        None => format!("; the labels are {}", labels.join(" ")),
    }
}

static BUILT_IN: LazyLock<Labels> = LazyLock::new(|| {
    let names = SemanticType::ALL.iter().map(|label| label.code().to_owned()).collect();
    Labels::from_names(names, false)
});

impl Labels {
    /// The built-in types; a column may have several of them.
    #[must_use]
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// A label set. If `is_single` is true, each column has exactly one of its labels.
    ///
    /// # Errors
    /// When there are no names, a name is not a valid label, or a name occurs twice.
    pub fn new(names: impl IntoIterator<Item = String>, is_single: bool) -> Result<Self, LabelsProblem> {
        let names: Vec<String> = names.into_iter().collect();
        if names.is_empty() {
            return Err(LabelsProblem::None);
        }
        for (at, name) in names.iter().enumerate() {
            if !is_label(name) {
                return Err(LabelsProblem::Name(name.clone()));
            }
            if names[..at].contains(name) {
                return Err(LabelsProblem::Twice(name.clone()));
            }
        }
        Ok(Self::from_names(names, is_single))
    }

    /// The label set of samples: first the built-in types that occur, in their order, then the other labels in order of first
    /// occurrence. If the samples have only built-in types, the set contains all built-in types, unless each column has exactly
    /// one label.
    #[must_use]
    pub fn of_samples<'a>(occurring: impl IntoIterator<Item = &'a str>, is_single: bool) -> Self {
        let mut custom: Vec<String> = Vec::new();
        let mut types = TypeSet::EMPTY;
        for name in occurring {
            match SemanticType::from_code(name) {
                Ok(label) => types.insert(label),
                Err(_) if custom.iter().any(|kncustom| kncustom == name) => {}
                Err(_) => custom.push(name.to_owned()),
            }
        }
        if custom.is_empty() && !is_single {
            return Self::built_in();
        }
        let names = types.iter().map(|label| label.code().to_owned()).chain(custom).collect();
        Self::from_names(names, is_single)
    }

    fn from_names(names: Vec<String>, is_single: bool) -> Self {
        let types: Vec<Option<SemanticType>> = names.iter().map(|name| SemanticType::from_code(name).ok()).collect();
        let mut places = [None; SemanticType::ALL.len()];
        for (at, label) in types.iter().enumerate().filter_map(|(at, label)| Some((at, (*label)?))) {
            places[label.index()] = Some(at);
        }
        Self(Arc::new(Inner { names, types, places, is_single }))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.names.len()
    }

    /// Whether there are no labels, which is never the case for the label set of a model.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.names.is_empty()
    }

    /// Whether a column has exactly one of them.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.0.is_single
    }

    /// Whether the labels are exactly the built-in types, in their order.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        *self == *BUILT_IN
    }

    /// The names, in the order of the logits.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.0.names.iter().map(String::as_str)
    }

    /// The name of a label.
    ///
    /// # Panics
    /// When `index` is out of range.
    #[must_use]
    pub fn name(&self, index: usize) -> &str {
        &self.0.names[index]
    }

    /// The built-in type that a label stands for, if any.
    #[must_use]
    pub fn type_of(&self, index: usize) -> Option<SemanticType> {
        self.0.types.get(index).copied().flatten()
    }

    /// Where a built-in type is among the labels.
    #[must_use]
    pub fn place(&self, label: SemanticType) -> Option<usize> {
        self.0.places[label.index()]
    }

    /// The index of a name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.0.names.iter().position(|known| known == name)
    }

    /// The index of a name.
    ///
    /// # Errors
    /// Names the label that may have been meant.
    pub fn find(&self, name: &str) -> Result<usize, UnknownLabel> {
        self.index(name).ok_or_else(|| UnknownLabel {
            found: name.to_owned(),
            closest: closest(name, self.names()),
            labels: self.names().take(SHOWN).map(str::to_owned).collect(),
        })
    }

    /// The set of those labels that are among `types`.
    #[must_use]
    pub fn set_of(&self, types: TypeSet) -> LabelSet {
        LabelSet(self.0.types.iter().map(|label| label.is_some_and(|label| types.contains(label))).collect())
    }

    /// The set of labels of these indices.
    #[must_use]
    pub fn set(&self, indices: impl IntoIterator<Item = usize>) -> LabelSet {
        let mut set = LabelSet(vec![false; self.len()]);
        indices.into_iter().for_each(|index| set.0[index] = true);
        set
    }
}

/// Labels that a message lists.
const SHOWN: usize = 40;

/// The known name that a misspelt one may stand for.
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    if let Err(unknown) = SemanticType::from_code(name)
        && let Some((_, meant)) = unknown.to_string().split_once("did you mean `")
    {
        return meant.strip_suffix("`?").map(str::to_owned);
    }
    let lower = name.to_lowercase();
    let near = known.map(|label| (levenshtein(&lower, &label.to_lowercase()), label)).min();
    let near =
        near.filter(|(distance, label)| *distance <= 2 && *distance < label.chars().count().min(name.chars().count()));
    near.map(|(_, label)| label.to_owned())
}

/// Some labels of a label set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LabelSet(Vec<bool>);

impl LabelSet {
    /// Whether a label is in the set.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or(false)
    }

    /// Removes a label.
    pub fn remove(&mut self, index: usize) {
        if let Some(label) = self.0.get_mut(index) {
            *label = false;
        }
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// The indices of the labels.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter_map(|(index, is_in)| is_in.then_some(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_built_in_types_have_all_of_them_and_others_those_that_occur() {
        assert!(Labels::of_samples(["age", "int"], false).is_built_in());
        let mixed = Labels::of_samples(["发票号码", "int", "sku", "age", "sku"], false);
        assert_eq!(mixed.names().collect::<Vec<_>>(), ["age", "int", "发票号码", "sku"]);
        assert_eq!(mixed.place(SemanticType::Int), Some(1));
        assert_eq!(mixed.place(SemanticType::Phone), None);
        assert_eq!(Labels::of_samples(["int", "age"], true).len(), 2);
    }

    #[test]
    fn names_that_are_no_label_set_are_refused() {
        let problem = |names: &[&str]| Labels::new(names.iter().map(|name| (*name).to_owned()), false).unwrap_err();
        assert_eq!(problem(&[]), LabelsProblem::None);
        assert_eq!(problem(&["a", "b", "a"]), LabelsProblem::Twice("a".into()));
        assert_eq!(problem(&["a,b"]), LabelsProblem::Name("a,b".into()));
    }

    #[test]
    fn an_unknown_label_names_the_closest() {
        let labels = Labels::new(["sku", "payment_method", "age"].map(str::to_owned), false).unwrap();
        let message = |name: &str| labels.find(name).unwrap_err().to_string();
        assert_eq!(message("payment_metod"), "unknown label `payment_metod`; did you mean `payment_method`?");
        assert_eq!(
            message("colour of the sea"),
            "unknown label `colour of the sea`; the labels are sku payment_method age"
        );
        assert_eq!(message("年龄"), "unknown label `年龄`; did you mean `age`?");
    }
}
