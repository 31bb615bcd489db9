/// What a resumed run takes over from its checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResumeStrategy {
    /// Everything: the run resumes as if it had not stopped.
    #[default]
    Everything,
    /// Everything but the optimizer's state, the learning-rate schedule and the average of the weights.
    WithoutOptimization,
    /// Everything but the dropout schedule and the early-stop count.
    WithoutRegularization,
    /// Everything but what either of the two strategies above leaves out.
    WeightsOnly,
}

impl ResumeStrategy {
    /// Whether the optimizer, the learning-rate schedule and the average of the weights continue.
    pub(crate) const fn restores_optimization(self) -> bool {
        matches!(self, Self::Everything | Self::WithoutRegularization)
    }

    /// Whether the dropout schedule and early stopping continue.
    pub(crate) const fn restores_regularization(self) -> bool {
        matches!(self, Self::Everything | Self::WithoutOptimization)
    }
}

/// How to resume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResumePlan {
    /// What to take over.
    pub strategy: ResumeStrategy,
    /// Start at epoch 0 with no best score and no history, instead of where the checkpoint stood.
    pub reset_state: bool,
}
