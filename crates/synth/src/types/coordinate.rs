//! Geographic coordinates.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{each, one};
use crate::parts::quantities::decimals;
use crate::recognise::coordinates::is_evident_coordinate;
use crate::recognise::numbers::is_plain_decimal;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "coordinates",
    zh: "坐标",
    description: "Geographic coordinates: pairs; latitudes or longitudes alone, which are also `float`; degrees \
        and minutes. Numbers with four or more decimals that lie close together, as places do, are coordinates \
        whatever the column is called.",
    // Where a person is, precisely.
    sensitivity: Sensitivity::SENSITIVE,
    concept: Some("https://schema.org/GeoCoordinates"),
    column_names: include_str!("../../data/names/coordinate.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    recogniser: Some(are_coordinates),
    form: Form::new("are coordinates or numbers from -180 to 180", "是坐标，或 -180 到 180 之间的数", is_coordinate),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    by_name(5, &[T::Coordinate, T::Float], |draw, n| {
        let places = 3 + draw.below(6);
        let write = decimals(draw, places);
        points(draw, n, |lat, _| write(lat))
    }),
    by_name(5, &[T::Coordinate, T::Float], |draw, n| {
        let places = 3 + draw.below(6);
        let write = decimals(draw, places);
        points(draw, n, |_, lon| write(lon))
    }),
    by_name(2, &[T::Coordinate, T::Float], |draw, n| {
        // All digits of an f64.
        let latitudes = draw.chance(0.5);
        points(draw, n, |lat, lon| (if latitudes { lat } else { lon }).to_string())
    }),
    by_name(1, &[T::Coordinate, T::Float], |draw, n| {
        let latitudes = draw.chance(0.5);
        points(draw, n, |lat, lon| format!("{:.6}", if latitudes { lat } else { lon }).replace('.', ","))
    }),
    clear(5, &[T::Coordinate], |draw, n| {
        let (places, join, first) = (4 + draw.below(3), one(draw, &[",", ",", ", ", " ", ";", "，"]), draw.chance(0.5));
        points(draw, n, |lat, lon| {
            if first {
                format!("{lat:.places$}{join}{lon:.places$}")
            } else {
                format!("{lon:.places$}{join}{lat:.places$}")
            }
        })
    }),
    clear(2, &[T::Coordinate], |draw, n| {
        let (open, close) = *draw.pick(&[("(", ")"), ("POINT (", ")"), ("[", "]")]);
        let join = if open.starts_with('P') { " " } else { ", " };
        points(draw, n, |lat, lon| format!("{open}{lat:.5}{join}{lon:.5}{close}"))
    }),
    clear(4, &[T::Coordinate], |draw, n| {
        let (style, signs, before) = (draw.below(4), *draw.pick(&SIGNS), draw.chance(0.2));
        points(draw, n, |lat, lon| {
            let (north, east) = (sexagesimal(lat, ['N', 'S'], signs), sexagesimal(lon, ['E', 'W'], signs));
            let turned = |angle: String| match angle.char_indices().next_back() {
                Some((at, letter)) if before => format!("{letter}{}", &angle[..at]),
                _ => angle,
            };
            match style {
                0 | 1 => format!("{} {}", turned(north), turned(east)),
                2 => turned(north),
                _ => turned(east),
            }
        })
    }),
    // Degrees and minutes, as used by sailors and pilots.
    clear(1, &[T::Coordinate], |draw, n| {
        let both = draw.chance(0.6);
        points(draw, n, |lat, lon| {
            let angle = |angle: f64, letters: [char; 2]| {
                let (whole, letter) = (angle.abs().trunc(), letters[usize::from(angle < 0.0)]);
                format!("{whole}° {:.3}' {letter}", (angle.abs() - whole) * 60.0)
            };
            let north = angle(lat, ['N', 'S']);
            if both { format!("{north}, {}", angle(lon, ['E', 'W'])) } else { north }
        })
    }),
    clear(1, &[T::Coordinate], |draw, n| {
        let (east, north) = (draw.chance(0.5), draw.chance(0.5));
        points(draw, n, |lat, lon| match (east, north) {
            (true, true) => format!("E{lon:.4},N{lat:.4}"),
            (true, false) => format!("东经{lon:.3}°"),
            (false, true) => format!("北纬{lat:.3}°"),
            _ => format!("{lat:.4}° N"),
        })
    }),
    clear(1, &[T::Coordinate], |draw, n| {
        let quoted = draw.chance(0.5);
        points(draw, n, |lat, lon| {
            if quoted { format!("{{\"lat\":{lat:.5},\"lng\":{lon:.5}}}") } else { format!("lat:{lat:.4},lon:{lon:.4}") }
        })
    }),
];

/// Points around the centre of a region, with a spread in degrees that is the same for the whole column (WGS 84).
fn points(draw: &mut Draws, n: usize, mut say: impl FnMut(f64, f64) -> String) -> Vec<String> {
    let known = *draw.pick(&[
        (31.2, 121.5, 0.3),
        (39.9, 116.4, 0.3),
        (30.3, 120.2, 0.2),
        (23.1, 113.3, 0.3),
        (34.0, 108.0, 8.0),
        (30.6, 104.1, 0.2),
        (40.7, -74.0, 0.2),
        (37.7, -122.4, 0.2),
        (34.05, -118.25, 0.3),
        (39.0, -98.0, 12.0),
        (41.9, -87.6, 0.2),
        (51.5, -0.1, 0.2),
        (20.0, 20.0, 50.0),
        (-33.9, 151.2, 0.3),
        (-23.5, -46.6, 0.3),
    ]);
    // Tables also contain cities and countries from anywhere in the world.
    let anywhere =
        (draw.unit() * 125.0 - 55.0, draw.unit() * 358.0 - 179.0, *draw.pick(&[0.01, 0.05, 0.3, 0.3, 2.0, 6.0]));
    let (lat, lon, spread) = if draw.chance(0.4) { known } else { anywhere };
    each(draw, n, |draw| {
        let latitude = (lat + spread * draw.normal()).clamp(-89.9, 89.9);
        let longitude = (lon + spread * draw.normal()).clamp(-179.9, 179.9);
        say(latitude, longitude)
    })
}

/// Degrees, minutes and seconds, each followed by its sign.
fn sexagesimal(angle: f64, letters: [char; 2], [degree, minute, second]: [&str; 3]) -> String {
    let seconds = (angle.abs() * 3600.0).round() as i64;
    let letter = letters[usize::from(angle < 0.0)];
    format!("{}{degree}{:02}{minute}{:02}{second}{letter}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The signs that follow degrees, minutes and seconds.
const SIGNS: [[&str; 3]; 6] =
    [["°", "'", "\""], ["°", "′", "″"], ["°", "’", "”"], ["° ", "' ", "\" "], [" ", " ", " "], ["度", "分", "秒"]];

/// Whether numbers are degrees: most with at least four decimals, and all from one part of the globe. Hardly anything else is
/// measured so precisely.
fn are_coordinates(values: &[&str]) -> bool {
    let degrees: Option<Vec<f64>> = values
        .iter()
        .map(|value| {
            let (_, decimals) = value.split_once('.')?;
            let is_fine = is_plain_decimal(value) && (1..=17).contains(&decimals.len());
            value.parse().ok().filter(|degree: &f64| is_fine && (5.0..=180.0).contains(&degree.abs()))
        })
        .collect();
    degrees.is_some_and(|degrees| {
        let fine = values.iter().filter(|value| value.len() - value.find('.').unwrap_or(0) > 4).count();
        let (low, high) = degrees.iter().fold((f64::MAX, f64::MIN), |(low, high), d| (low.min(*d), high.max(*d)));
        degrees.len() >= 2 && 3 * fine >= 2 * degrees.len() && high - low <= 30.0
    })
}

/// Whether a value is in degrees: a pair, a number with degree signs, or a number up to 180.
fn is_coordinate(value: &str) -> bool {
    is_evident_coordinate(value) || value.replace(',', ".").parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["31.2,121.5", "121.5", "POINT (-73.98 40.75)"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["310", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }

    #[test]
    fn angles_carry_over_into_minutes() {
        assert_eq!(sexagesimal(31.999_999, ['N', 'S'], SIGNS[0]), "32°00'00\"N");
        assert_eq!(sexagesimal(-0.5, ['E', 'W'], SIGNS[0]), "0°30'00\"W");
    }
}
