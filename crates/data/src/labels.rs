//! The three shapes labels take. A model's loss names the one it wants in its type.

/// Several of N classes hold at once.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiHot {
    /// 1.0 for the classes that hold, 0.0 for the others, `[batch, n_classes]`.
    pub values_bc: Vec<f32>,
    /// N.
    pub n_classes: usize,
}

/// One of N classes holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassIndex {
    /// The class, in `0..n_classes`, `[batch]`.
    pub class_b: Vec<i32>,
    /// N.
    pub n_classes: usize,
}

/// Each token has one of N classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClasses {
    /// The class of each position, in `0..n_classes`, or [`TokenClasses::IGNORE`] for padding, `[batch, len]`.
    pub class_bt: Vec<i32>,
    /// N.
    pub n_classes: usize,
}

impl TokenClasses {
    /// The class of a position that has none. The value PyTorch's cross entropy ignores by default.
    pub const IGNORE: i32 = -100;
}
