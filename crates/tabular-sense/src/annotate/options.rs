//! What is asked for.

/// What is asked for; the default asks for the types that the model is sure of, without reasons.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnnotateOptions {
    /// Give all types with at least this probability, above 0 and below 1; without it, the model's own thresholds decide.
    pub threshold: Option<f64>,
    /// Give so many types at most, and without `threshold` even improbable ones.
    pub top_k: Option<usize>,
    /// Average over so many draws of a column's values; without it, as many as the model was exported with.
    pub draws: Option<usize>,
    /// Give the reasons, and the types that were withheld.
    pub is_explained: bool,
}
