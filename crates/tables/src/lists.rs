//! Word lists under `data/`: one entry per line, comments after `#`.

/// The entries of a list.
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# "))
}
