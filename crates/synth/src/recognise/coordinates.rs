//! Notations of geographic coordinates.

/// Whether a value can only be a coordinate: a pair of degrees, or degrees with degree signs or a direction.
pub fn is_evident_coordinate(value: &str) -> bool {
    let lower = value.to_lowercase();
    let has_digits = lower.contains(|c: char| c.is_ascii_digit());
    let has_sign =
        lower.contains(['°', '′', '″', 'º', '˚', '度', '北', '东', '西', '南']) || lower.starts_with("point");
    let has_direction = lower.starts_with(['n', 's', 'e', 'w']) || lower.ends_with(['n', 's', 'e', 'w']);
    let numbers: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_digit() && !".-+".contains(c))
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()))
        .collect();
    let is_pair = numbers.len() == 2 && numbers.iter().all(|part| is_degree(part) && part.contains('.'));
    has_digits && (has_sign || is_pair || (has_direction && lower.len() <= 24 && is_degree_like(&lower)))
}

fn is_degree(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

fn is_degree_like(text: &str) -> bool {
    let rest = text.trim_matches(|c: char| "nsew ".contains(c));
    rest.bytes().all(|byte| byte.is_ascii_digit() || b" .'\"-:,".contains(&byte)) && rest.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_of_a_place_are_told_from_other_numbers() {
        assert!(
            ["31.2,121.5", "POINT (-73.98 40.75)", "33°53.49'S 151°16.66'E", "N 31.25"]
                .into_iter()
                .all(is_evident_coordinate)
        );
        assert!(!["0.237", "31.25", "1,2", "12", "East 5", "5 items"].into_iter().any(is_evident_coordinate));
    }
}
