//! The labels of the three tasks: multi-label, multi-class, token classification. A loss names the one it needs in its type.

/// Multi-label: several of N classes hold at once.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiHot {
    /// 1.0 for the classes that hold, 0.0 for the others, `[batch, n_classes]`.
    pub values_bc: Vec<f32>,
    /// N.
    pub n_classes: usize,
}

/// Multi-class: exactly one of N classes holds.
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

/// The class of a token that has no label, among the targets of a [`TokenizedSample`](crate::TokenizedSample): the loss and the
/// metrics pass over it, like PyTorch's `ignore_index`. [`TokenLabelCollate`](crate::TokenLabelCollate) makes it
/// [`TokenClasses::IGNORE`], which has the same bits.
pub const IGNORE_CLASS: u32 = TokenClasses::IGNORE.cast_unsigned();

impl TokenClasses {
    /// The class of a position that has none. The value PyTorch's cross entropy ignores by default.
    pub const IGNORE: i32 = -100;
}
