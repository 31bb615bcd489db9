//! The scales in `data/scales/`, from which columns of levels, stages or answers choose.

use std::collections::HashMap;
use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::parts::word_lists::entries_of;

macro_rules! scales {
    ($($key:ident,)*) => {
        const FILES: &[(&str, &str)] =
            &[$((stringify!($key), include_str!(concat!("../../data/scales/", stringify!($key), ".txt")))),*];
    };
}

scales! {
    age,
    boolean,
    priority,
}

static SCALES: LazyLock<HashMap<&'static str, Vec<Vec<&'static str>>>> = LazyLock::new(|| {
    let scales = |text: &'static str| entries_of(text).map(|scale| scale.split(',').collect()).collect();
    FILES.iter().map(|(key, text)| (*key, scales(text))).collect()
});

/// One of the scales of the file called `key`.
///
/// # Panics
/// When there is no such file; a test generates columns of every kind.
pub(crate) fn scale(draw: &mut Draws, key: &str) -> &'static [&'static str] {
    let scales = SCALES.get(key).unwrap_or_else(|| panic!("data/scales/ has no file called `{key}`"));
    draw.pick::<Vec<&str>>(scales)
}
