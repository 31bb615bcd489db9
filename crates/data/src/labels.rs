//! The labels of the three tasks: multi-label, multi-class, token classification. A loss names the one it needs in its type.

/// Multi-label: any number of N classes can apply at once.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiHot {
    /// 1.0 for the classes that apply, 0.0 for the others, `[batch, n_classes]`.
    pub values_bc: Vec<f32>,
    /// N.
    pub n_classes: usize,
}

/// Multi-class: exactly one of N classes applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassIndex {
    /// The class, in `0..n_classes`, `[batch]`.
    pub class_b: Vec<i32>,
    /// N.
    pub n_classes: usize,
}

/// Token classification: each token has one of N classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenClasses {
    /// The class of each position, in `0..n_classes`, or [`TokenClasses::IGNORE`] for
    /// padding and tokens without a label, `[batch, len]`.
    pub class_bt: Vec<i32>,
    /// N.
    pub n_classes: usize,
}

/// Marks a token that has no label, among the targets of a [`TokenizedSample`](crate::TokenizedSample): the loss and the metrics
/// ignore it, like PyTorch's `ignore_index`. [`TokenLabelCollate`](crate::TokenLabelCollate) turns it into
/// [`TokenClasses::IGNORE`], which has the same bits.
pub const IGNORE_CLASS: u32 = TokenClasses::IGNORE.cast_unsigned();

impl TokenClasses {
    /// Marks a position that has no class: the value that PyTorch's cross entropy ignores by default.
    pub const IGNORE: i32 = -100;
}
