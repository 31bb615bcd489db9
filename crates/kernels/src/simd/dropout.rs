//! Dropout as a function of the coordinates of an element.

/// 32 bits for element `j` of a row: two rounds of multiply and xor-shift with the constants that Wellons found to mix
/// best ("hash prospector", 2018, TheIronBorn's pair), keyed by the row's 64 bits.
#[inline(always)]
const fn draw(key: u64, j: u32) -> u32 {
    let mut x = j.wrapping_mul(0x9E37_79B9) ^ key as u32;
    x = (x ^ (x >> 16)).wrapping_mul(0x21F0_AAAD);
    x = (x ^ (x >> 15) ^ (key >> 32) as u32).wrapping_mul(0x735A_2D97);
    x ^ (x >> 15)
}

for_every_cpu! {
    /// Multiplies by `scale`, or by 0 where the row's draw is below `threshold`.
    pub(crate) fn drop(row: &mut [f32], key: u64, threshold: u32, scale: f32) {
        for (j, value) in row.iter_mut().enumerate() {
            *value = if draw(key, j as u32) >= threshold { *value * scale } else { 0.0 };
        }
    }
}

for_every_cpu! {
    /// Flips the sign where the row's draw for `column − first` is below `threshold`.
    pub(crate) fn mark(row: &mut [f32], columns: &[u32], first: u32, key: u64, threshold: u32) {
        for (value, column) in row.iter_mut().zip(columns) {
            *value = if draw(key, column - first) >= threshold { *value } else { -*value };
        }
    }
}

for_every_cpu! {
    /// What dropout makes of probabilities that [`mark`] has marked: `scale · p`, or 0 where the sign is flipped.
    pub(crate) fn kept(marked: &[f32], scale: f32, out: &mut [f32]) {
        for (out, p) in out.iter_mut().zip(marked) {
            *out = if *p > 0.0 { *p * scale } else { 0.0 };
        }
    }
}

for_every_cpu! {
    /// The gradient through [`kept`], in place: multiplied by `scale`, or by 0 where the sign is flipped.
    pub(crate) fn kept_backward(gradient: &mut [f32], marked: &[f32], scale: f32) {
        for (gradient, p) in gradient.iter_mut().zip(marked) {
            *gradient = if p.is_sign_negative() { 0.0 } else { *gradient * scale };
        }
    }
}
