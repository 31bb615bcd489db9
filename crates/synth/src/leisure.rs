//! Places to go to: sights and shops.

use super::places::city;
use super::words::{each, each_word, frequent, one, recase, word};
use super::{Variant, clear};
use crate::types::SemanticType as T;

pub(super) const RECREATION: &[Variant] = &[
    clear(4, &[T::Recreation], |draw, n| {
        let cells = each_word(draw, n, "leisure");
        if draw.chance(0.3) { recase(draw, cells) } else { cells }
    }),
    clear(3, &[T::Recreation], |draw, n| each_word(draw, n, "recreation_zh")),
    clear(3, &[T::Recreation], |draw, n| {
        let cells = each_word(draw, n, "recreation_en");
        recase(draw, cells)
    }),
    clear(6, &[T::Recreation], |draw, n| {
        each(draw, n, |draw| format!("{}{}", word(draw, "park_names_zh"), word(draw, "parks_zh")))
    }),
    clear(2, &[T::Recreation], |draw, n| each(draw, n, |draw| format!("{}{}", city(draw), word(draw, "parks_zh")))),
    clear(2, &[T::Recreation], |draw, n| each_word(draw, n, "sights_zh")),
    clear(3, &[T::Recreation], |draw, n| {
        each(draw, n, |draw| {
            let brand = word(draw, "cinema_brands_zh");
            match draw.below(3) {
                0 => format!("{brand}({}店)", city(draw)),
                1 => format!("{brand}（{}店）", word(draw, "malls_zh")),
                _ => format!("{}{brand}", city(draw)),
            }
        })
    }),
    clear(8, &[T::Recreation], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "park_names_en"), word(draw, "parks_en")));
        recase(draw, cells)
    }),
    clear(1, &[T::Recreation], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "towns"), word(draw, "parks_en")));
        recase(draw, cells)
    }),
];

pub(super) const SHOPPING: &[Variant] = &[
    clear(4, &[T::Shopping], |draw, n| {
        let cells = each_word(draw, n, "shops_en");
        if draw.chance(0.4) { recase(draw, cells) } else { cells }
    }),
    // One chain's shops by their places; several shops in a cell; a firm's shop.
    clear(4, &[T::Shopping], |draw, n| {
        let (chain, style) = (word(draw, "shops_en"), draw.below(5));
        let (mall, join) = (word(draw, "malls_zh"), one(draw, &[" - ", ", ", " @ ", " (", " "]));
        each(draw, n, |draw| {
            let place = frequent(draw, "us_cities");
            match style {
                0 | 1 => format!("{chain}{join}{place}{}", if join == " (" { ")" } else { "" }),
                2 => (0..1 + draw.below(3))
                    .fold(word(draw, "shops_en").to_owned(), |all, _| format!("{all}, {}", word(draw, "shops_en"))),
                3 => format!(
                    "{}{}（{}店）",
                    word(draw, "zihao"),
                    one(draw, &["超市", "生鲜超市", "便利店", "百货"]),
                    city(draw)
                ),
                _ => format!("{mall}{}店", city(draw)),
            }
        })
    }),
    clear(1, &[T::Shopping], |draw, n| {
        each(draw, n, |draw| {
            let end = one(draw, &["官方旗舰店", "旗舰店", "专营店", "京东自营旗舰店", "专卖店", "海外旗舰店"]);
            format!("{}{end}", word(draw, "zihao"))
        })
    }),
    clear(3, &[T::Shopping], |draw, n| each_word(draw, n, "shopping_zh")),
    clear(6, &[T::Shopping], |draw, n| each(draw, n, |draw| format!("{}{}", city(draw), word(draw, "malls_zh")))),
    clear(3, &[T::Shopping], |draw, n| each_word(draw, n, "malls_zh")),
    clear(3, &[T::Shopping], |draw, n| {
        each(draw, n, |draw| {
            let end = word(draw, "roads_zh").trim_end_matches(['路', '街']);
            format!("{}({end}店)", word(draw, "malls_zh"))
        })
    }),
    clear(7, &[T::Shopping], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "mall_names_en"), word(draw, "malls_en")));
        recase(draw, cells)
    }),
    clear(3, &[T::Shopping], |draw, n| {
        let cells = each_word(draw, n, "stores_en");
        recase(draw, cells)
    }),
    clear(1, &[T::Shopping], |draw, n| {
        each(draw, n, |draw| format!("{} #{}", word(draw, "stores_en"), draw.between(1, 4000)))
    }),
];
