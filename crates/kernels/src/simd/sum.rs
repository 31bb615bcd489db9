//! Sums in a fixed number of lanes.

/// Sums run in this many lanes, whatever the instruction set.
pub(super) const LANES: usize = 16;

/// Sum of `f(i)` over `0..n`, in 16 lanes.
#[inline(always)]
pub(super) fn sum_of(n: usize, f: impl Fn(usize) -> f32) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let whole = n / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += f(start + lane);
        }
    }
    for i in whole..n {
        lanes[i - whole] += f(i);
    }
    folded(lanes)
}

/// The sum of 16 lanes: the upper half is added to the lower until one is left.
#[inline(always)]
fn folded(mut lanes: [f32; LANES]) -> f32 {
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
    }
    lanes[0]
}

/// The sums of `f(row, value)` over the values of some rows of one length, each summed as [`sum_of`] does. Several sums at
/// once do not wait for each other.
#[inline(always)]
pub(super) fn sums_of_rows<const ROWS: usize>(rows: [&[f32]; ROWS], f: impl Fn(usize, f32) -> f32) -> [f32; ROWS] {
    let mut lanes = [[0.0_f32; LANES]; ROWS];
    let rows = rows.map(|row| row.as_chunks::<LANES>());
    for i in 0..rows[0].0.len() {
        for (r, lanes) in lanes.iter_mut().enumerate() {
            let values = &rows[r].0[i];
            for lane in 0..LANES {
                lanes[lane] += f(r, values[lane]);
            }
        }
    }
    if rows[0].1.is_empty() {
        return lanes.map(folded);
    }
    // In a copy, so that the lanes above can stay in registers.
    let mut whole = lanes;
    for (r, lanes) in whole.iter_mut().enumerate() {
        for (lane, value) in lanes.iter_mut().zip(rows[r].1) {
            *lane += f(r, *value);
        }
    }
    whole.map(folded)
}

/// The products of some rows with a vector, each summed as [`sum_of`] does.
#[inline(always)]
pub(super) fn dots_of_rows<const ROWS: usize>(rows: [&[f32]; ROWS], vector: &[f32]) -> [f32; ROWS] {
    let mut lanes = [[0.0_f32; LANES]; ROWS];
    let (vector, vector_rest) = vector.as_chunks::<LANES>();
    let rows = rows.map(|row| row.as_chunks::<LANES>());
    for (i, vector) in vector.iter().enumerate() {
        for ((row, _), lanes) in rows.iter().zip(&mut lanes) {
            let row = &row[i];
            for lane in 0..LANES {
                lanes[lane] += row[lane] * vector[lane];
            }
        }
    }
    if vector_rest.is_empty() {
        return lanes.map(folded);
    }
    let mut whole = lanes;
    for ((_, row), lanes) in rows.iter().zip(&mut whole) {
        for ((lane, value), factor) in lanes.iter_mut().zip(*row).zip(vector_rest) {
            *lane += value * factor;
        }
    }
    whole.map(folded)
}
