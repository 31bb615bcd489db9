//! Randomness without state.
//!
//! Every draw is a pure function of its coordinates: (seed, purpose, epoch, step, …, position). Nothing is advanced, so
//! nothing has to be saved: a resumed run needs its position, not a generator's state, and work split over any number
//! of threads draws the same numbers.
//!
//! The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
//! generators"): any element of its sequence can be computed directly.
//!
//! ```
//! use drivetrain_random::Random;
//! let shuffle = Random::new(7, "shuffle").at(3); // seed 7, epoch 3
//! let mut order = [0, 1, 2, 3, 4];
//! shuffle.shuffle(&mut order);
//! assert_eq!(shuffle.bits(9), Random::new(7, "shuffle").at(3).bits(9));
//! ```

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of SplitMix64: a bijection of `u64` whose output bits each depend on every input bit.
#[inline]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A family of draws, addressed by position. `Copy`, because it holds a key and no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    key: u64,
}

impl Random {
    /// The draws of one `purpose` ("shuffle", "dropout", "init", …) under `seed`. Two purposes never share draws.
    #[must_use]
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a over the purpose, so that the name itself is the coordinate.
        let name = purpose
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        Self { key: mix(seed) }.at(name)
    }

    /// Narrows to one more coordinate, such as an epoch, a step or a layer.
    #[inline]
    #[must_use]
    pub const fn at(self, coordinate: u64) -> Self {
        let mut z = self.key ^ coordinate.wrapping_mul(GOLDEN_GAMMA).wrapping_add(0x632B_E59B_D9B4_E019);
        z = (z ^ (z >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        z = (z ^ (z >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Self { key: z ^ (z >> 32) }
    }

    /// 64 uniform bits at `position`.
    #[inline]
    #[must_use]
    pub fn bits(self, position: u64) -> u64 {
        mix(self.key.wrapping_add(position.wrapping_add(1).wrapping_mul(GOLDEN_GAMMA)))
    }

    /// Uniform in `[0, 1)`, with 24 random bits.
    #[inline]
    #[must_use]
    pub fn unit_f32(self, position: u64) -> f32 {
        (self.bits(position) >> 40) as f32 * (1.0 / 16_777_216.0)
    }

    /// Uniform in `[0, 1)`, with 53 random bits.
    #[inline]
    #[must_use]
    pub fn unit_f64(self, position: u64) -> f64 {
        (self.bits(position) >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform in `0..n`, by multiplication (Lemire 2019); the bias is below `n / 2^64`. `n = 0` gives 0.
    #[inline]
    #[must_use]
    pub fn below(self, position: u64, n: u64) -> u64 {
        ((u128::from(self.bits(position)) * u128::from(n)) >> 64) as u64
    }

    /// Standard normal (Box & Muller 1958).
    #[must_use]
    pub fn normal_f32(self, position: u64) -> f32 {
        let radius = (-2.0 * (1.0 - self.at(0).unit_f64(position)).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.at(1).unit_f64(position);
        (radius * angle.cos()) as f32
    }

    /// Fisher–Yates: every order is equally likely.
    pub fn shuffle<T>(self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u64, i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }

    /// A cursor over positions 0, 1, 2, …, for code that draws a varying number of times.
    #[must_use]
    pub const fn draws(self) -> Draws {
        Draws { random: self, position: 0 }
    }
}

/// A cursor over the positions of a [`Random`]: for code in which the number of draws depends on earlier draws. It is
/// local to one item (a generated sample, say) and never outlives it.
#[derive(Clone, Debug)]
pub struct Draws {
    random: Random,
    position: u64,
}

impl Draws {
    fn next_position(&mut self) -> u64 {
        self.position += 1;
        self.position - 1
    }

    /// 64 uniform bits.
    pub fn bits(&mut self) -> u64 {
        let position = self.next_position();
        self.random.bits(position)
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        let position = self.next_position();
        self.random.unit_f64(position)
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        let position = self.next_position();
        f64::from(self.random.normal_f32(position))
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let position = self.next_position();
        self.random.below(position, n as u64) as usize
    }

    /// Uniform in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        debug_assert!(low <= high);
        low + self.below((high - low + 1) as usize) as i64
    }

    /// One of `items`, each with the same probability.
    ///
    /// # Panics
    /// When `items` is empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The index of one of `weights`, with a probability proportional to its weight.
    ///
    /// # Panics
    /// When the weights add up to 0.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
        assert!(total > 0, "the weights must not all be 0");
        let position = self.next_position();
        let mut at = self.random.below(position, total);
        for (index, &weight) in weights.iter().enumerate() {
            if at < u64::from(weight) {
                return index;
            }
            at -= u64::from(weight);
        }
        unreachable!("a draw below the total falls on one of the weights")
    }

    /// Fisher–Yates with the next draws.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_every_coordinate() {
        let base = Random::new(7, "shuffle").at(3).bits(11);
        assert_eq!(base, Random::new(7, "shuffle").at(3).bits(11));
        for other in [
            Random::new(8, "shuffle").at(3).bits(11),
            Random::new(7, "dropout").at(3).bits(11),
            Random::new(7, "shuffle").at(4).bits(11),
            Random::new(7, "shuffle").at(3).bits(12),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn draws_fill_their_range_evenly() {
        let random = Random::new(1, "test");
        let mut counts = [0_u32; 10];
        for position in 0..100_000 {
            counts[random.below(position, 10) as usize] += 1;
        }
        // 10,000 expected each; five standard deviations of a binomial are about 475.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 475), "{counts:?}");
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let random = Random::new(2, "test");
        let draws: Vec<f64> = (0..100_000).map(|i| f64::from(random.normal_f32(i))).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.016 && (variance - 1.0).abs() < 0.023, "{mean} {variance}");
    }

    #[test]
    fn a_shuffle_is_a_permutation_and_every_order_of_three_occurs() {
        let mut seen = std::collections::BTreeSet::new();
        for epoch in 0..200 {
            let mut items = [0, 1, 2];
            Random::new(3, "shuffle").at(epoch).shuffle(&mut items);
            seen.insert(items);
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn weights_are_followed() {
        let mut draws = Random::new(4, "test").draws();
        let mut counts = [0_u32; 3];
        for _ in 0..40_000 {
            counts[draws.weighted(&[1, 0, 3])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!(counts[0].abs_diff(10_000) < 450, "{counts:?}");
    }
}
