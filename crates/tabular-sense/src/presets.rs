//! The built-in configurations.

/// Every one of them: name and text.
pub(crate) const PRESETS: [(&str, &str); 8] = [
    ("default", include_str!("../configs/default.toml")),
    ("micro", include_str!("../configs/micro.toml")),
    ("small", include_str!("../configs/small.toml")),
    ("medium", include_str!("../configs/medium.toml")),
    ("large", include_str!("../configs/large.toml")),
    ("essay", include_str!("../configs/essay.toml")),
    ("million", include_str!("../configs/million.toml")),
    ("base", include_str!("../configs/base.toml")),
];

/// Presets whose name has changed: the old and the new name.
pub(crate) const RENAMED: [(&str, &str); 1] = [("seed", "essay")];

/// The names of the presets.
#[must_use]
pub fn names() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}
