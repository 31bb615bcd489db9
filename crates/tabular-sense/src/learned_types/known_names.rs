//! The names of examples, and whether other names may mean the same.

use tabular_sense_synth::words_of;

use super::concepts;
use super::names::{NameParts, is_vague};

/// The names of examples, to be compared with others.
pub(crate) struct KnownNames {
    names: Vec<NameParts>,
    kinds: Vec<u32>,
    spelt: Vec<String>,
}

/// Names that are more similar than this may mean the same.
const ALIKE: f64 = 0.4;

impl KnownNames {
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.filter(|name| !name.trim().is_empty()).collect();
        let telling = || names.iter().filter(|name| !is_vague(name));
        Self {
            names: telling().map(|name| NameParts::of(name)).collect(),
            kinds: telling().flat_map(|name| concepts::of_name(name)).map(|(id, _)| id).collect(),
            spelt: names.iter().map(|name| words_of(name).join(" ")).collect(),
        }
    }

    /// Whether a name is one of them, is similar to one of them, or stands for a kind that one of them stands for.
    pub(crate) fn may_mean_the_same(&self, name: &str) -> bool {
        if self.spelt.contains(&words_of(name).join(" ")) {
            return true;
        }
        if is_vague(name) {
            return false;
        }
        let parts = NameParts::of(name);
        self.names.iter().any(|known| known.likeness(&parts) > ALIKE)
            || concepts::of_name(name).iter().any(|(id, _)| self.kinds.contains(id))
    }
}
