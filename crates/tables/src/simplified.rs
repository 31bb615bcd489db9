//! Traditional Chinese characters and their simplified forms.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lists::entries;

/// The first and last character of the block that nearly all of them are in.
const HAN: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

/// For each character of the block, its simplified form, which for most is the character itself; and the simplified
/// forms of characters in other blocks.
static SIMPLIFIED: LazyLock<(Vec<char>, HashMap<char, char>)> = LazyLock::new(|| {
    let (mut block, mut others): (Vec<char>, _) = (HAN.collect(), HashMap::new());
    for (from, to) in simplified_pairs() {
        match HAN.contains(&from) {
            true => block[from as usize - *HAN.start() as usize] = to,
            false => drop(others.insert(from, to)),
        }
    }
    (block, others)
});

/// Every traditional character and its simplified form: `data/simplified.txt`.
pub(crate) fn simplified_pairs() -> impl Iterator<Item = (char, char)> {
    entries(include_str!("../data/simplified.txt")).filter_map(|pair| {
        let mut chars = pair.chars();
        Some((chars.next()?, chars.next()?))
    })
}

/// The simplified character of a traditional one; any other is returned unchanged.
///
/// ```
/// use tabular_sense_tables::simplify;
/// assert_eq!((simplify('國'), simplify('国'), simplify('a')), ('国', '国', 'a'));
/// ```
#[must_use]
pub fn simplify(char: char) -> char {
    if char.is_ascii() {
        return char;
    }
    let (block, others) = &*SIMPLIFIED;
    match HAN.contains(&char) {
        true => block[char as usize - *HAN.start() as usize],
        false => others.get(&char).copied().unwrap_or(char),
    }
}
