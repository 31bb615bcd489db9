//! Which fields a file is written without: those of later versions that have their default, so that files stay what they were.

/// Whether a field has the default of its type.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Whether a number is 1.
pub(crate) fn is_one<T: From<u8> + PartialEq>(value: &T) -> bool {
    *value == T::from(1)
}
