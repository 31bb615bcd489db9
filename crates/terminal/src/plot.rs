//! Curves in a terminal: a letter for each.

const WIDTH: usize = 64;
const HEIGHT: usize = 14;

/// Several curves of (x, y) in one picture; each is drawn with its letter, and `*` where two meet. None where there is
/// nothing to draw.
#[must_use]
pub fn plot(series: &[(char, Vec<(f64, f64)>)]) -> Option<String> {
    let points = || series.iter().flat_map(|(_, points)| points).filter(|(x, y)| x.is_finite() && y.is_finite());
    let span = |of: fn(&(f64, f64)) -> f64| {
        points().map(of).fold(None, |span: Option<(f64, f64)>, v| {
            Some(span.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
        })
    };
    let ((left, right), (low, high)) = (span(|point| point.0)?, span(|point| point.1)?);
    let place = |value: f64, low: f64, high: f64, cells: usize| match high > low {
        true => ((value - low) / (high - low) * (cells - 1) as f64).round() as usize,
        false => 0,
    };
    let mut cells = vec![[' '; WIDTH]; HEIGHT];
    for (letter, points) in series {
        let known: Vec<(f64, f64)> = points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
        let x_of = |column: usize| left + (right - left) * column as f64 / (WIDTH - 1) as f64;
        for (column, y) in (0..WIDTH).filter_map(|column| Some((column, at(&known, x_of(column))?))) {
            let cell = &mut cells[HEIGHT - 1 - place(y, low, high, HEIGHT)][column];
            *cell = if *cell == ' ' { *letter } else { '*' };
        }
        // A curve of one point, or its ends between two columns.
        for &(x, y) in [known.first(), known.last()].into_iter().flatten() {
            let cell = &mut cells[HEIGHT - 1 - place(y, low, high, HEIGHT)][place(x, left, right, WIDTH)];
            if *cell == ' ' {
                *cell = *letter;
            }
        }
    }
    let mut picture = String::new();
    for (row, line) in cells.iter().enumerate() {
        let label = match row {
            0 => format!("{high:.4}"),
            _ if row + 1 == HEIGHT => format!("{low:.4}"),
            _ => String::new(),
        };
        let line: String = line.iter().collect();
        picture += &format!("{label:>9} │{}\n", line.trim_end());
    }
    let right_label = format!("{right:.0}");
    let gap = WIDTH.saturating_sub(format!("{left:.0}").len());
    picture += &format!("{:>9} └{}\n", "", "─".repeat(WIDTH));
    picture += &format!("{:>9}  {left:.0}{right_label:>gap$}\n", "");
    Some(picture)
}

/// The height of a curve at `x`, interpolated linearly between its points; none outside them.
fn at(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let pair = points.windows(2).find(|pair| pair[0].0 <= x && x <= pair[1].0)?;
    let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
    Some(if x1 > x0 { y0 + (y1 - y0) * (x - x0) / (x1 - x0) } else { y1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_and_a_falling_curve_cross() {
        let rising = ('A', vec![(0.0, 0.0), (100.0, 1.0)]);
        let falling = ('B', vec![(0.0, 1.0), (100.0, 0.0)]);
        let picture = plot(&[rising, falling]).unwrap();
        let lines: Vec<&str> = picture.lines().collect();
        assert_eq!(lines.len(), HEIGHT + 2);
        assert!(lines[0].starts_with("   1.0000 │B") && lines[0].ends_with('A'), "{picture}");
        assert!(lines[HEIGHT - 1].starts_with("   0.0000 │A") && lines[HEIGHT - 1].ends_with('B'), "{picture}");
        assert!(lines[HEIGHT + 1].ends_with("100"), "{picture}");
    }

    #[test]
    fn nothing_is_not_drawn_and_one_point_is() {
        assert_eq!(plot(&[('A', Vec::new())]), None);
        assert_eq!(plot(&[('A', vec![(f64::NAN, 1.0)])]), None);
        assert!(plot(&[('A', vec![(5.0, 0.5)])]).unwrap().contains('A'));
    }
}
