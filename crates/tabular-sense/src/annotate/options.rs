//! Options of [`annotate`](super::annotate).

/// Options of [`annotate`](super::annotate). By default, the model's own thresholds decide and no reasons are given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnnotateOptions {
    /// Return all types with at least this probability, above 0 and below 1. If `None`, the model's own thresholds decide.
    pub threshold: Option<f64>,
    /// Return at most this many types; without `threshold`, even improbable ones.
    pub top_k: Option<usize>,
    /// Average over this many random samples of a column's values. If `None`, as many as the exported model specifies.
    pub draws: Option<usize>,
    /// Give the reasons, and the types that were withheld.
    pub is_explained: bool,
}
