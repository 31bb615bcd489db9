//! Administrative divisions of China, cities, housing estates.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::parts::cells::word;
use crate::parts::word_lists::lines_of;

/// A county-level division of China.
pub(crate) struct Region {
    pub(crate) code: &'static str,
    pub(crate) province: &'static str,
    pub(crate) city: &'static str,
    pub(crate) district: &'static str,
}

/// All divisions of `data/regions.txt`.
pub(crate) static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let region = |line: &'static str| {
        let mut parts = line.split(' ');
        Some(Region { code: parts.next()?, province: parts.next()?, city: parts.next()?, district: parts.next()? })
    };
    lines_of(include_str!("../../data/regions.txt")).filter_map(region).collect()
});

/// The full name of a district, beginning with the province. The four municipalities are both province and city.
pub(crate) fn region(draw: &mut Draws) -> String {
    let region = draw.pick(&REGIONS);
    if region.province == region.city {
        format!("{}{}", region.city, region.district)
    } else {
        format!("{}{}{}", region.province, region.city, region.district)
    }
}

/// A city's name without its `市`.
pub(crate) fn city(draw: &mut Draws) -> &'static str {
    draw.pick(&REGIONS).city.trim_end_matches('市')
}

pub(crate) fn estate(draw: &mut Draws) -> String {
    format!("{}{}", word(draw, "estates"), word(draw, "estate_ends"))
}
