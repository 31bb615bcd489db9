//! Decides which fields are left out of a file: fields that later versions added, if they have their default value, so that files
//! do not change.

/// Whether a field has the default of its type.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Whether a number is 1.
pub(crate) fn is_one<T: From<u8> + PartialEq>(value: &T) -> bool {
    *value == T::from(1)
}
