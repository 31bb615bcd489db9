use drivetrain_random::Random;

/// Inverted dropout (Srivastava et al. 2014) without stored masks: whether an element is dropped is a function of where
/// it stands, so the backward pass asks again.
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    p: f64,
    random: Random,
}

impl Dropout {
    /// Drops with probability `p` in `[0, 1)`, rounded to a multiple of 2⁻¹⁶.
    #[must_use]
    pub const fn new(p: f64, random: Random) -> Self {
        Self { p, random }
    }

    /// Narrows to one layer or site.
    #[must_use]
    pub const fn at(self, coordinate: u64) -> Self {
        Self { random: self.random.at(coordinate), ..self }
    }

    /// What the elements of row `row` are multiplied by: 0 with probability `p`, else `1 / (1 − p)`. One draw of 64 bits
    /// decides four elements, and every row begins with a new one.
    pub fn factors(self, row: u64, out: &mut [f32]) {
        let threshold = (self.p * 65_536.0).round() as u16;
        let scale = (1.0 / (1.0 - self.p)) as f32;
        let first = row * out.len().div_ceil(4) as u64;
        for (position, four) in (first..).zip(out.chunks_mut(4)) {
            let bits = self.random.bits(position);
            for (lane, factor) in four.iter_mut().enumerate() {
                let draw = (bits >> (16 * lane)) as u16;
                *factor = if draw >= threshold { scale } else { 0.0 };
            }
        }
    }

    /// Multiplies rows of width `d` by their factors; `row_ids` says which rows they are.
    pub(crate) fn apply(self, rows_rd: &mut [f32], d: usize, row_ids: &[u32], factors_d: &mut [f32]) {
        for (row, id) in rows_rd.chunks_exact_mut(d).zip(row_ids) {
            self.factors(u64::from(*id), factors_d);
            crate::simd::multiply(row, factors_d);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_its_share_and_keeps_the_mean() {
        let mut factors = vec![0.0; 200_000];
        Dropout::new(0.2, Random::new(1, "dropout")).factors(0, &mut factors);
        let dropped = factors.iter().filter(|&&factor| factor == 0.0).count() as f64 / 200_000.0;
        let mean = factors.iter().map(|&factor| f64::from(factor)).sum::<f64>() / 200_000.0;
        // Five standard deviations of the share: 5 · sqrt(0.2 · 0.8 / 200,000) = 0.0045.
        assert!((dropped - 0.2).abs() < 0.0045 && (mean - 1.0).abs() < 0.006, "{dropped} {mean}");
    }

    #[test]
    fn rows_and_sites_draw_differently_and_the_same_again() {
        let row = |coordinate, row| {
            let mut factors = vec![0.0; 61];
            Dropout::new(0.5, Random::new(1, "dropout")).at(coordinate).factors(row, &mut factors);
            factors
        };
        assert_eq!(row(0, 3), row(0, 3));
        assert_ne!(row(0, 3), row(0, 4));
        assert_ne!(row(0, 3), row(1, 3));
    }
}
