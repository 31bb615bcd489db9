//! Byte-pair merging: each byte of a piece becomes a token, and neighbouring tokens are merged until no neighbours form
//! a known pair. The pair that was learned earliest is merged first, at its leftmost place.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The longest piece in which the best pair is searched for again after each merge. This takes quadratic time, but is
/// faster than any bookkeeping as long as everything fits in a few cache lines.
const SHORT: usize = 64;
/// The rank of a pair that does not merge.
const NO_RANK: u32 = u32::MAX;

/// The tokens of single bytes and the pairs that merge.
pub(crate) struct Merges {
    byte_ids: [u32; 256],
    /// The rank of each pair: its place in the order in which they were learned.
    ranks: PairRanks,
    /// For each rank, the token that the pair becomes.
    merged: Vec<u32>,
}

impl Merges {
    /// From the tokens of the 256 bytes, and each pair with the token that it becomes, in the order in which the pairs
    /// were learned. A pair may occur only once.
    pub(crate) fn new(byte_ids: [u32; 256], pairs: &[([u32; 2], u32)]) -> Self {
        Self { byte_ids, ranks: PairRanks::new(pairs), merged: pairs.iter().map(|&(_, merged)| merged).collect() }
    }

    /// The token of a byte.
    #[inline]
    pub(crate) const fn of_byte(&self, byte: u8) -> u32 {
        self.byte_ids[byte as usize]
    }

    /// Appends the tokens of a piece to `ids`.
    #[inline]
    pub(crate) fn append(&self, piece: &[u8], ids: &mut Vec<u32>) {
        if piece.len() <= SHORT { self.append_short(piece, ids) } else { self.append_long(piece, ids) }
    }

    fn append_short(&self, piece: &[u8], ids: &mut Vec<u32>) {
        let mut tokens = [0; SHORT];
        // The rank of each token with the one after it.
        let mut ranks = [NO_RANK; SHORT];
        let mut len = piece.len();
        for (token, &byte) in tokens.iter_mut().zip(piece) {
            *token = self.byte_ids[byte as usize];
        }
        for i in 1..len {
            ranks[i - 1] = self.ranks.of(tokens[i - 1], tokens[i]);
        }
        loop {
            let pairs = &ranks[..len.saturating_sub(1)];
            let best = pairs.iter().fold(NO_RANK, |best, &rank| best.min(rank));
            if best == NO_RANK {
                break;
            }
            let Some(at) = pairs.iter().position(|&rank| rank == best) else { break };
            tokens[at] = self.merged[best as usize];
            tokens.copy_within(at + 2..len, at + 1);
            ranks.copy_within(at + 1..len, at);
            len -= 1;
            if at > 0 {
                ranks[at - 1] = self.ranks.of(tokens[at - 1], tokens[at]);
            }
            ranks[at] = if at + 1 < len { self.ranks.of(tokens[at], tokens[at + 1]) } else { NO_RANK };
        }
        ids.extend_from_slice(&tokens[..len]);
    }

    /// The same for pieces of any length, in nearly linear time: with a priority queue of the pairs, and the tokens in
    /// a linked list.
    fn append_long(&self, piece: &[u8], ids: &mut Vec<u32>) {
        let len = piece.len();
        let mut tokens: Vec<u32> = piece.iter().map(|&byte| self.byte_ids[byte as usize]).collect();
        // Each token stands where its first byte does. `next` is `len` after the last one.
        let mut next: Vec<usize> = (1..=len).collect();
        let mut previous: Vec<usize> = (0..len).map(|at| at.wrapping_sub(1)).collect();
        let mut gone = vec![false; len];
        let pair = |tokens: &[u32], left: usize, right: usize| match (tokens.get(left), tokens.get(right)) {
            (Some(&left), Some(&right)) => self.ranks.of(left, right),
            _ => NO_RANK,
        };
        let pairs = (0..len).map(|at| Reverse((pair(&tokens, at, at + 1), at)));
        let mut queue: BinaryHeap<_> = pairs.filter(|&Reverse((rank, _))| rank != NO_RANK).collect();
        while let Some(Reverse((rank, at))) = queue.pop() {
            let right = next[at];
            // A merge beside it may have taken one of the two away.
            if gone[at] || pair(&tokens, at, right) != rank {
                continue;
            }
            tokens[at] = self.merged[rank as usize];
            gone[right] = true;
            next[at] = next[right];
            if let Some(previous) = previous.get_mut(next[at]) {
                *previous = at;
            }
            for (left, right) in [(previous[at], at), (at, next[at])] {
                let rank = pair(&tokens, left, right);
                if rank != NO_RANK {
                    queue.push(Reverse((rank, left)));
                }
            }
        }
        ids.extend(tokens.iter().zip(gone).filter(|&(_, gone)| !gone).map(|(&token, _)| token));
    }
}

/// A hash map from pairs to ranks, with open addressing: most lookups are for pairs that do not merge, and those end at
/// the first free slot.
struct PairRanks {
    slots: Box<[Slot]>,
    /// How far a hash is shifted to become a slot.
    shift: u32,
}

#[derive(Clone, Copy)]
struct Slot {
    pair: u64,
    /// [`NO_RANK`] in a free slot.
    rank: u32,
}

impl PairRanks {
    fn new(pairs: &[([u32; 2], u32)]) -> Self {
        // At most a quarter full, so that a pair is nearly always found in the first slot.
        let len = (pairs.len() * 4).next_power_of_two().max(2);
        let slots = vec![Slot { pair: 0, rank: NO_RANK }; len].into_boxed_slice();
        let mut table = Self { slots, shift: 64 - len.trailing_zeros() };
        for (rank, &([left, right], _)) in pairs.iter().enumerate() {
            let at = table.find(key(left, right));
            table.slots[at] = Slot { pair: key(left, right), rank: rank as u32 };
        }
        table
    }

    #[inline]
    fn of(&self, left: u32, right: u32) -> u32 {
        self.slots[self.find(key(left, right))].rank
    }

    /// The slot of a pair, or the free one where it would be.
    #[inline]
    fn find(&self, pair: u64) -> usize {
        // Fibonacci hashing: the high bits of the product depend on all bits of the pair.
        let mut at = (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize;
        while self.slots[at].pair != pair && self.slots[at].rank != NO_RANK {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }
}

fn key(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A few bytes that merge in many ways: pairs of pairs, and two pairs that become the same token.
    fn merges() -> Merges {
        let mut byte_ids = [0; 256];
        byte_ids.iter_mut().zip(0..).for_each(|(id, byte)| *id = byte);
        let [a, b, c] = [b'a', b'b', b'c'].map(u32::from);
        let pairs = [
            ([b, c], 256),
            ([a, a], 257),
            ([a, b], 258),
            ([257, 257], 259),
            ([258, c], 260),
            ([a, 256], 260),
            ([260, 260], 261),
            ([259, 259], 262),
            ([257, 260], 263),
        ];
        Merges::new(byte_ids, &pairs)
    }

    /// The definition: the earliest pair, leftmost, over and over.
    fn naive(merges: &Merges, piece: &[u8]) -> Vec<u32> {
        let mut tokens: Vec<u32> = piece.iter().map(|&byte| merges.byte_ids[byte as usize]).collect();
        loop {
            let pairs = tokens.windows(2).enumerate().map(|(at, pair)| (merges.ranks.of(pair[0], pair[1]), at));
            match pairs.min() {
                Some((rank, at)) if rank != NO_RANK => {
                    tokens.splice(at..at + 2, [merges.merged[rank as usize]]);
                }
                _ => return tokens,
            }
        }
    }

    proptest! {
        #[test]
        fn both_ways_merge_as_defined(piece in "[abc]{0,64}|[abcd]{0,20}|a{0,64}") {
            let merges = merges();
            let expected = naive(&merges, piece.as_bytes());
            let (mut short, mut long) = (Vec::new(), Vec::new());
            merges.append_short(piece.as_bytes(), &mut short);
            merges.append_long(piece.as_bytes(), &mut long);
            prop_assert_eq!(&short, &expected);
            prop_assert_eq!(&long, &expected);
        }
    }

    #[test]
    fn a_piece_of_a_megabyte_merges_like_its_parts() {
        let mut ids = Vec::new();
        merges().append(&[b'a'; 1 << 20], &mut ids);
        assert!(ids.len() == 1 << 17 && ids.iter().all(|&id| id == 262));
    }
}
