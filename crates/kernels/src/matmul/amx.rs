//! Products of bf16 numbers, summed in f32, on the matrix unit of newer Intel processors (AMX; Intel's Architecture Instruction
//! Set Extensions Programming Reference, chapter 3).
//!
//! The unit multiplies tiles: `[16 × 32] · [32 × 16]`, added to `[16 × 16]` in f32. Both factors are first copied into tiles,
//! rounded to the nearest bf16; subnormal numbers count as 0. Rust has no stable intrinsics for tiles, hence the assembly.

use std::arch::asm;
use std::arch::x86_64::{
    __cpuid, __cpuid_count, __m512bh, __m512i, __mmask16, _mm512_cvtne2ps_pbh, _mm512_loadu_si512,
    _mm512_maskz_loadu_ps, _mm512_permutexvar_epi16, _mm512_setzero_si512, _mm512_shuffle_i32x4, _mm512_storeu_si512,
    _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};
use std::cell::RefCell;
use std::mem::transmute;
use std::ops::Range;
use std::sync::OnceLock;

use super::matrix::{Matrix, Onto};

/// Rows of a tile, and columns of a tile of f32.
const SIDE: usize = 16;
/// Terms that one instruction sums: a tile's row of bf16.
const DEPTH: usize = 32;
/// Rows and columns of the result that are computed together: two tiles by two.
const BLOCK: usize = 2 * SIDE;
/// Terms that are summed before the result is stored, so that what is read again and again stays in the caches.
const TERMS: usize = 512;
/// Columns of the right factor that are copied at a time, for the same reason.
const COLUMNS: usize = 512;

/// 16 rows of 16 pairs of bf16, or of 16 f32.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Tile([u32; SIDE * SIDE]);

impl Tile {
    const ZERO: Self = Self([0; SIDE * SIDE]);

    /// Writes a row.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn set(&mut self, row: usize, vector: __m512i) {
        let place = &mut self.0[row * SIDE..(row + 1) * SIDE];
        // SAFETY: a row of a tile is as long as the vector.
        unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), vector) };
    }
}

/// Whether this machine has the unit, and lets programs use it.
pub(crate) fn are_there() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        const LEAF: u32 = 7;
        const BF16: u32 = 1 << 22;
        const TILES: u32 = 1 << 24;
        let has_leaf = __cpuid(0).eax >= LEAF;
        has_leaf
            && __cpuid_count(LEAF, 0).edx & (BF16 | TILES) == BF16 | TILES
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512bf16")
            && are_allowed()
    })
}

/// Linux enables tiles only for processes that request them (Documentation/arch/x86/xstate.rst).
#[cfg(target_os = "linux")]
fn are_allowed() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
    const TILE_DATA: u64 = 18;
    let result: i64;
    // SAFETY: the call takes two numbers and touches no memory of this process.
    unsafe {
        asm!("syscall", inlateout("rax") ARCH_PRCTL => result, in("rdi") ARCH_REQ_XCOMP_PERM, in("rsi") TILE_DATA,
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result == 0
}

#[cfg(not(target_os = "linux"))]
fn are_allowed() -> bool {
    false
}

/// Whether a product of `m` by `n` with `k` terms is worth copying its factors.
pub(crate) const fn are_worth_it(m: usize, n: usize, k: usize) -> bool {
    m >= SIDE && n >= SIDE && k >= SIDE && m * n * k >= 1 << 15
}

thread_local! {
    /// Tiles of the right factor and of some rows of the left one; their memory is reused.
    static COPIES: RefCell<[Vec<Tile>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

/// `c = a · b`, or `c += a · b`; rows of `c` are `row_stride` apart.
///
/// # Safety
/// The unit [is there](are_there), and there are terms to sum. Every element of the product may be written, and nobody else uses
/// `c` meanwhile.
pub(crate) unsafe fn product(c: *mut f32, row_stride: usize, a: Matrix<'_>, b: Matrix<'_>, into: Onto<'_>) {
    let ([m, k], n) = (a.size(), b.size()[1]);
    COPIES.with_borrow_mut(|[right, left]| {
        // SAFETY: the unit is there.
        unsafe { configure() };
        for terms in parts(k, TERMS) {
            let into = if terms.start == 0 { into } else { Onto::Sum };
            let steps = terms.len().div_ceil(DEPTH);
            left.resize(2 * steps, Tile::ZERO);
            for columns in parts(n, COLUMNS) {
                let b_part = b.rows(terms.clone()).columns(columns.clone());
                right.resize(columns.len().div_ceil(BLOCK) * 2 * steps, Tile::ZERO);
                // SAFETY: AVX-512 is there with the unit.
                unsafe { copy(b_part.t(), Across::Terms, steps, right) };
                for rows in parts(m, BLOCK) {
                    // SAFETY: AVX-512 is there with the unit.
                    unsafe { copy(a.rows(rows.clone()).columns(terms.clone()), Across::Rows, steps, left) };
                    for (block, tiles) in parts(columns.len(), BLOCK).zip(right.chunks_exact(2 * steps)) {
                        let size = [rows.len(), block.len()];
                        let start = columns.start + block.start;
                        let (at, into) = (rows.start * row_stride + start, into.columns(start..start + block.len()));
                        // SAFETY: the block lies inside `c`, which the caller vouches for; both factors have `steps` pairs
                        // of tiles.
                        unsafe { multiply(c.add(at), row_stride, size, left, tiles, into) };
                    }
                }
            }
        }
        // SAFETY: this only releases the tiles.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    });
}

/// `0..n` in parts of `size`.
fn parts(n: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..n).step_by(size).map(move |start| start..n.min(start + size))
}

/// Configures all eight tiles to have 16 rows of 64 bytes, for this thread, until it releases the tiles.
///
/// # Safety
/// The unit is there.
unsafe fn configure() {
    #[repr(C, align(64))]
    struct Config {
        palette: u8,
        start_row: u8,
        reserved: [u8; 14],
        row_bytes: [u16; 16],
        rows: [u8; 16],
    }
    static ALL: Config = {
        let (mut row_bytes, mut rows, mut tile) = ([0; 16], [0; 16], 0);
        while tile < 8 {
            (row_bytes[tile], rows[tile]) = (64, SIDE as u8);
            tile += 1;
        }
        Config { palette: 1, start_row: 0, reserved: [0; 14], row_bytes, rows }
    };
    // SAFETY: the instruction reads 64 bytes, which a `Config` has.
    unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const ALL, options(nostack, readonly)) };
}

/// A block of at most 32 × 32 of the result.
///
/// # Safety
/// The unit is there and configured. `c` may be written for `size`. `left` and `right` are equally long, in pairs, and not
/// empty.
unsafe fn multiply(c: *mut f32, row_stride: usize, size: [usize; 2], left: &[Tile], right: &[Tile], into: Onto<'_>) {
    if size == [BLOCK; 2] {
        // SAFETY: the whole block lies inside `c`.
        return unsafe { multiply_block(c, row_stride, left, right, into) };
    }
    // The sums begin as in a whole block, so a row has the same bits wherever it is.
    let mut block = [0.0; BLOCK * BLOCK];
    let rows = || {
        // SAFETY: the caller vouches for these columns of these rows.
        (0..size[0]).map(|i| unsafe { std::slice::from_raw_parts_mut(c.add(i * row_stride), size[1]) })
    };
    for (row, place) in block.chunks_exact_mut(BLOCK).zip(rows()) {
        match into {
            Onto::Place => {}
            Onto::Bias(bias) => row[..size[1]].copy_from_slice(bias),
            Onto::Sum => row[..size[1]].copy_from_slice(place),
        }
    }
    // SAFETY: `block` has room for all of it.
    unsafe { multiply_block(block.as_mut_ptr(), BLOCK, left, right, Onto::Sum) };
    for (row, place) in block.chunks_exact(BLOCK).zip(rows()) {
        place.copy_from_slice(&row[..size[1]]);
    }
}

/// A block of 32 × 32: four tiles of sums, to which every step adds the products of two tiles with two.
///
/// # Safety
/// As for [`multiply`], for a whole block; a bias must be as long as its rows.
unsafe fn multiply_block(c: *mut f32, row_stride: usize, left: &[Tile], right: &[Tile], into: Onto<'_>) {
    debug_assert!(left.len() == right.len() && left.len().is_multiple_of(2) && !left.is_empty());
    /// How the sums begin, then the products, then storing the sums.
    macro_rules! multiply_from {
        ([$($begin:literal),*] $($operand:tt)*) => {
            asm!(
                $($begin,)*
                "2:",
                "tileloadd tmm4, [{left} + {row}*1]",
                "tileloadd tmm6, [{right} + {row}*1]",
                "tileloadd tmm7, [{right} + {row}*1 + 1024]",
                "tileloadd tmm5, [{left} + {row}*1 + 1024]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tdpbf16ps tmm1, tmm4, tmm7",
                "tdpbf16ps tmm2, tmm5, tmm6",
                "tdpbf16ps tmm3, tmm5, tmm7",
                "add {left}, 2048",
                "add {right}, 2048",
                "dec {steps}",
                "jnz 2b",
                "tilestored [{c} + {stride}*1], tmm0",
                "tilestored [{c} + {stride}*1 + 64], tmm1",
                "tilestored [{below} + {stride}*1], tmm2",
                "tilestored [{below} + {stride}*1 + 64], tmm3",
                left = inout(reg) left.as_ptr() => _,
                right = inout(reg) right.as_ptr() => _,
                steps = inout(reg) left.len() / 2 => _,
                row = in(reg) 64_usize,
                c = in(reg) c,
                below = in(reg) c.wrapping_add(SIDE * row_stride),
                stride = in(reg) row_stride * size_of::<f32>(),
                $($operand)*
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack)
            )
        };
    }
    // SAFETY: tiles are read from inside both slices, the bias and the block of `c` alone, and stored to the latter.
    unsafe {
        match into {
            Onto::Place => multiply_from!(["tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3"]),
            // With a stride of 0, all rows of a tile are the same row.
            Onto::Bias(bias) => multiply_from!(
                ["tileloadd tmm0, [{bias} + {none}*1]", "tileloadd tmm1, [{bias} + {none}*1 + 64]",
                 "tileloadd tmm2, [{bias} + {none}*1]", "tileloadd tmm3, [{bias} + {none}*1 + 64]"]
                bias = in(reg) bias.as_ptr(), none = in(reg) 0_usize,
            ),
            Onto::Sum => multiply_from!([
                "tileloadd tmm0, [{c} + {stride}*1]",
                "tileloadd tmm1, [{c} + {stride}*1 + 64]",
                "tileloadd tmm2, [{below} + {stride}*1]",
                "tileloadd tmm3, [{below} + {stride}*1 + 64]"
            ]),
        }
    }
}

/// What a row of a tile holds: 32 terms of one row of the left factor, or a pair of terms for 16 columns of the right one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Across {
    Rows,
    Terms,
}

/// Copies a factor, whose columns are the terms, into tiles: for each 32 rows, a pair of tiles for each of the `steps` of 32
/// terms. Missing terms are 0. Missing rows may hold anything, because their results are not used.
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
fn copy(x: Matrix<'_>, across: Across, steps: usize, tiles: &mut [Tile]) {
    let rows = x.size()[0];
    let tile = |sixteen: usize, step: usize| (sixteen / 2 * steps + step) * 2 + sixteen % 2;
    // Memory is read in the order in which it is stored.
    match (x.has_rows_in_one_piece(), across) {
        (true, Across::Rows) => {
            for row in 0..rows {
                for step in 0..steps {
                    tiles[tile(row / SIDE, step)].set(row % SIDE, terms_of_row(x, row, step));
                }
            }
        }
        (false, Across::Terms) => {
            for pair in 0..steps * SIDE {
                for sixteen in 0..rows.div_ceil(SIDE) {
                    tiles[tile(sixteen, pair / SIDE)].set(pair % SIDE, pair_of_terms(x, sixteen, pair));
                }
            }
        }
        (is_by_row, _) => {
            for sixteen in 0..rows.div_ceil(SIDE) {
                for step in 0..steps {
                    let mut vectors = [_mm512_setzero_si512(); SIDE];
                    for (i, vector) in vectors.iter_mut().enumerate() {
                        *vector = match is_by_row {
                            true if sixteen * SIDE + i < rows => terms_of_row(x, sixteen * SIDE + i, step),
                            true => *vector,
                            false => pair_of_terms(x, sixteen, step * SIDE + i),
                        };
                    }
                    let tile = &mut tiles[tile(sixteen, step)];
                    for (i, vector) in transpose(vectors).into_iter().enumerate() {
                        tile.set(i, vector);
                    }
                }
            }
        }
    }
}

/// 32 terms of a row, which follow each other.
#[target_feature(enable = "avx512f,avx512bf16")]
#[inline]
fn terms_of_row(x: Matrix<'_>, row: usize, step: usize) -> __m512i {
    let left = x.size()[1] - step * DEPTH;
    let at = x.pointer(row, step * DEPTH);
    // SAFETY: nothing beyond the row's terms is read: the masks leave it out.
    let [low, high] = unsafe {
        [
            _mm512_maskz_loadu_ps(first(left), at),
            _mm512_maskz_loadu_ps(first(left.saturating_sub(SIDE)), at.wrapping_add(SIDE)),
        ]
    };
    // SAFETY: both types are 64 bytes of integers.
    unsafe { transmute::<__m512bh, __m512i>(_mm512_cvtne2ps_pbh(high, low)) }
}

/// Two terms of each of 16 rows, where the numbers of a term follow each other.
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
#[inline]
fn pair_of_terms(x: Matrix<'_>, sixteen: usize, pair: usize) -> __m512i {
    const WOVEN: [u16; 2 * SIDE] = {
        let (mut woven, mut i) = ([0; 2 * SIDE], 0);
        while i < SIDE {
            (woven[2 * i], woven[2 * i + 1]) = (i as u16, (i + SIDE) as u16);
            i += 1;
        }
        woven
    };
    let [rows, terms] = x.size();
    let mask = |term: usize| if term < terms { first(rows - sixteen * SIDE) } else { 0 };
    // SAFETY: `WOVEN` is 64 bytes long; nothing beyond the rows is read, and nothing of a term that is not there.
    let (woven, a, b) = unsafe {
        let load = |term| _mm512_maskz_loadu_ps(mask(term), x.pointer(sixteen * SIDE, term));
        (_mm512_loadu_si512(WOVEN.as_ptr().cast()), load(2 * pair), load(2 * pair + 1))
    };
    // SAFETY: both types are 64 bytes of integers.
    _mm512_permutexvar_epi16(woven, unsafe { transmute::<__m512bh, __m512i>(_mm512_cvtne2ps_pbh(b, a)) })
}

/// The mask of the first `n` of 16.
const fn first(n: usize) -> __mmask16 {
    if n >= SIDE { !0 } else { (1 << n) - 1 }
}

/// The transpose of 16 × 16 numbers of 32 bits: within quarters of the vectors, then the quarters.
#[target_feature(enable = "avx512f")]
fn transpose(rows: [__m512i; SIDE]) -> [__m512i; SIDE] {
    let mut pairs = rows;
    for i in 0..SIDE / 2 {
        let [a, b] = [rows[2 * i], rows[2 * i + 1]];
        (pairs[2 * i], pairs[2 * i + 1]) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    }
    let mut fours = pairs;
    for i in 0..SIDE / 4 {
        for half in 0..2 {
            let [a, b] = [pairs[4 * i + half], pairs[4 * i + 2 + half]];
            (fours[4 * i + 2 * half], fours[4 * i + 2 * half + 1]) =
                (_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
        }
    }
    // Now quarter q of `fours[4 i + j]` is column 4 q + j of rows 4 i to 4 i + 3.
    let mut columns = fours;
    for j in 0..4 {
        let [a, b, c, d] = [fours[j], fours[4 + j], fours[8 + j], fours[12 + j]];
        let [ab_even, ab_odd] = [_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xDD>(a, b)];
        let [cd_even, cd_odd] = [_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xDD>(c, d)];
        columns[j] = _mm512_shuffle_i32x4::<0x88>(ab_even, cd_even);
        columns[4 + j] = _mm512_shuffle_i32x4::<0x88>(ab_odd, cd_odd);
        columns[8 + j] = _mm512_shuffle_i32x4::<0xDD>(ab_even, cd_even);
        columns[12 + j] = _mm512_shuffle_i32x4::<0xDD>(ab_odd, cd_odd);
    }
    columns
}
