//! The semantic types of columns, and sets of them.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::registry::for_each_type;

macro_rules! define {
    ($($code:ident: $variant:ident,)*) => {
        /// A semantic type of a column. A column may have several.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "`SemanticType::description` says what each is")]
        pub enum SemanticType {
            $($variant,)*
        }

        const CODES: &[&str] = &[$(stringify!($code)),*];

        impl SemanticType {
            /// Every type, in the order of the model's logits.
            pub const ALL: [Self; CODES.len()] = [$(Self::$variant),*];
        }
    };
}

for_each_type!(define);

impl SemanticType {
    /// The type's place in [`SemanticType::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name that samples and predictions use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        CODES[self.index()]
    }
}

impl fmt::Display for SemanticType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for SemanticType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A set of types.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeSet([bool; SemanticType::ALL.len()]);

impl TypeSet {
    /// No type at all, as for about one real column in six.
    pub const EMPTY: Self = Self([false; SemanticType::ALL.len()]);

    /// The set of these types.
    #[must_use]
    pub fn of(types: &[SemanticType]) -> Self {
        types.iter().copied().collect()
    }

    /// Adds a type.
    pub const fn insert(&mut self, label: SemanticType) {
        self.0[label.index()] = true;
    }

    /// Removes a type.
    pub const fn remove(&mut self, label: SemanticType) {
        self.0[label.index()] = false;
    }

    /// Whether a type is in the set.
    #[must_use]
    pub const fn contains(self, label: SemanticType) -> bool {
        self.0[label.index()]
    }

    /// The union of the two sets.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        SemanticType::ALL.into_iter().filter(|label| self.contains(*label) || other.contains(*label)).collect()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// The types, in the order of [`SemanticType::ALL`].
    pub fn iter(self) -> impl Iterator<Item = SemanticType> {
        SemanticType::ALL.into_iter().filter(move |label| self.contains(*label))
    }
}

impl Default for TypeSet {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl FromIterator<SemanticType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = SemanticType>>(types: I) -> Self {
        let mut set = Self::EMPTY;
        types.into_iter().for_each(|label| set.insert(label));
        set
    }
}

impl fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for TypeSet {
    /// `age,int`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().map(SemanticType::code).collect::<Vec<_>>().join(","))
    }
}

impl Serialize for TypeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SemanticType as T;

    #[test]
    fn indices_are_places_in_the_list() {
        for (index, label) in T::ALL.into_iter().enumerate() {
            assert_eq!(label.index(), index);
        }
        assert_eq!((T::Name.index(), T::IdCard.code(), T::IdCard.to_string().as_str()), (0, "id_card", "id_card"));
    }

    #[test]
    fn a_set_holds_what_was_inserted() {
        let mut set = TypeSet::of(&[T::Int, T::Age]);
        assert_eq!(
            (set.to_string(), set.len(), format!("{set:?}")),
            ("age,int".to_owned(), 2, "{Age, Int}".to_owned())
        );
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["age","int"]"#);
        set.remove(T::Age);
        assert!(!set.contains(T::Age) && set.contains(T::Int));
        assert_eq!(set.union(TypeSet::of(&[T::Shopping])).to_string(), "int,shopping");
        set.remove(T::Int);
        assert!(set.is_empty() && set == TypeSet::default());
        assert_eq!(T::ALL.into_iter().collect::<TypeSet>().len(), T::ALL.len());
    }
}
