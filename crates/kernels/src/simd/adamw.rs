//! The update of AdamW, element by element.

/// One step of AdamW (Loshchilov & Hutter 2019), the same for all parameters.
#[derive(Clone, Copy, Debug)]
pub struct AdamWStep {
    /// What clipping multiplies every gradient by.
    pub gradient_scale: f32,
    /// Decay of the mean gradient.
    pub beta1: f32,
    /// `1 − beta1`.
    pub new1: f32,
    /// Decay of the mean squared gradient.
    pub beta2: f32,
    /// `1 − beta2`.
    pub new2: f32,
    /// `√(1 − beta2ᵗ)`
    pub root_correction2: f32,
    /// Added to the denominator.
    pub epsilon: f32,
    /// What weights are multiplied by: `1 − learning rate · weight decay`.
    pub decay: f32,
    /// `learning rate / (1 − beta1ᵗ)`
    pub rate: f32,
}

for_every_cpu! {
    /// One step of [`crate::adamw()`].
    pub(crate) fn adamw(
        step: &AdamWStep, weight: &mut [f32], gradient: &[f32], exp_avg: &mut [f32], exp_avg_sq: &mut [f32],
    ) {
        let AdamWStep { gradient_scale, beta1, new1, beta2, new2, root_correction2, epsilon, decay, rate } = *step;
        for (((w, g), m), v) in weight.iter_mut().zip(gradient).zip(exp_avg).zip(exp_avg_sq) {
            let g = g * gradient_scale;
            *m = *m * beta1 + g * new1;
            *v = *v * beta2 + g * g * new2;
            *w = *w * decay - *m / (v.sqrt() / root_correction2 + epsilon) * rate;
        }
    }
}
