//! Parses a format code into its parts.

use super::part::{Condition, Part, Section};

/// The maximum length of a code; the rest is ignored.
const MAX_CODE: usize = 1024;

pub(super) fn sections(code: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut chars = code.chars().take(MAX_CODE).peekable();
    while let Some(char) = chars.next() {
        let section = sections.last_mut().expect("there is always one");
        match char {
            ';' => sections.push(Section::default()),
            '"' => push_text(section, &chars.by_ref().take_while(|c| *c != '"').collect::<String>()),
            '\\' | '!' => chars.next().into_iter().for_each(|c| push_text(section, c.encode_utf8(&mut [0; 4]))),
            // A space as wide as the next character, or a fill with that character.
            '_' | '*' => drop(chars.next()),
            '[' => bracket(section, &chars.by_ref().take_while(|c| *c != ']').collect::<String>()),
            '0' => section.parts.push(Part::Digit { always: true }),
            '#' | '?' => section.parts.push(Part::Digit { always: false }),
            '.' => section.parts.push(Part::Point),
            ',' => section.parts.push(Part::Comma),
            '%' => section.parts.push(Part::Percent),
            '@' => section.parts.push(Part::General),
            'E' | 'e' if chars.next_if(|c| matches!(c, '+' | '-')).is_some() => {
                let digits = std::iter::from_fn(|| chars.next_if(|c| matches!(c, '0' | '#' | '?'))).count();
                section.parts.push(Part::Exponent(digits));
            }
            'G' | 'g' => general(section, &mut chars),
            'A' | 'a' => half_day(section, &mut chars),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' => {
                let letter = if char == 'e' { 'y' } else { char.to_ascii_lowercase() };
                let more = std::iter::from_fn(|| chars.next_if(|c| c.eq_ignore_ascii_case(&char))).count();
                section.parts.push(Part::Date(letter, if char == 'e' { 4 } else { 1 + more }));
            }
            other => push_text(section, other.encode_utf8(&mut [0; 4])),
        }
    }
    sections.iter_mut().for_each(|section| settle(&mut section.parts));
    sections.retain(|section| !section.parts.is_empty() || section.condition.is_some());
    sections
}

fn push_text(section: &mut Section, text: &str) {
    match section.parts.last_mut() {
        Some(Part::Literal(literal)) => literal.push_str(text),
        _ => section.parts.push(Part::Literal(text.to_owned())),
    }
}

/// The content of brackets: a currency, a condition or an elapsed time; colours and calendars are ignored.
fn bracket(section: &mut Section, content: &str) {
    if let Some(currency) = content.strip_prefix('$') {
        let symbol = currency.split('-').next().unwrap_or_default();
        if !symbol.is_empty() {
            push_text(section, symbol);
        }
        return;
    }
    let letter = content.chars().next().unwrap_or_default().to_ascii_lowercase();
    if matches!(letter, 'h' | 'm' | 's') && content.chars().all(|c| c.eq_ignore_ascii_case(&letter)) {
        section.parts.push(Part::Elapsed(if letter == 'm' { 'n' } else { letter }));
        return;
    }
    let signs = content.len() - content.trim_start_matches(['<', '>', '=']).len();
    if let (true, Ok(limit)) = (signs > 0, content[signs..].trim().parse()) {
        let (less, greater) = (content[..signs].contains('<'), content[..signs].contains('>'));
        // `<>` is unequal.
        let equal = content[..signs].contains('=');
        section.condition = Some(Condition { less, equal, greater, limit });
    }
}

/// `General`, whose first letter has been read; any other `G` stands for an era, which is left out.
fn general(section: &mut Section, chars: &mut std::iter::Peekable<impl Iterator<Item = char>>) {
    let mut rest = "eneral".chars();
    let mut is_next = |char: &char| rest.next().is_some_and(|expected| expected.eq_ignore_ascii_case(char));
    let mut read = 0;
    while read < 6 && chars.next_if(&mut is_next).is_some() {
        read += 1;
    }
    if read == 6 {
        section.parts.push(Part::General);
    }
}

/// `AM/PM` or `A/P`, whose first letter has been read; `aaa` is a day of the week.
fn half_day(section: &mut Section, chars: &mut std::iter::Peekable<impl Iterator<Item = char>>) {
    let days = std::iter::from_fn(|| chars.next_if(|c| c.eq_ignore_ascii_case(&'a'))).count();
    if days >= 2 {
        section.parts.push(Part::Date('d', days + 1));
        return;
    }
    let rest: String = std::iter::from_fn(|| chars.next_if(|c| "MmPp/".contains(*c))).take(4).collect();
    match rest.to_ascii_uppercase().as_str() {
        "M/PM" | "/P" => section.parts.push(Part::HalfDay),
        _ => push_text(section, &format!("a{rest}")),
    }
}

/// Tells minutes from months, and fractions of a second from decimals.
fn settle(parts: &mut [Part]) {
    let letters: Vec<(usize, char)> = (0..parts.len())
        .filter_map(|index| match parts[index] {
            Part::Date(letter, _) | Part::Elapsed(letter) => Some((index, letter)),
            _ => None,
        })
        .collect();
    for (place, &(index, letter)) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| letters[before].1);
        let after = letters.get(place + 1).map(|after| after.1);
        if let Part::Date(own, 1..=2) = &mut parts[index]
            && letter == 'm'
            && (before == Some('h') || after == Some('s'))
        {
            *own = 'n';
        }
    }
    if letters.is_empty() {
        return;
    }
    for index in 0..parts.len() {
        if parts[index] == Part::Point {
            let digits = parts[index + 1..].iter().take_while(|part| matches!(part, Part::Digit { .. })).count();
            if digits > 0 {
                parts[index] = Part::Fraction(digits);
                parts[index + 1..=index + digits].fill(Part::Literal(String::new()));
            } else {
                parts[index] = Part::Literal(".".into());
            }
        }
        if parts[index] == Part::Comma {
            parts[index] = Part::Literal(",".into());
        }
    }
}
