//! Shops and malls.

use crate::definition::{Definition, Form, Lookalike, Variant, clear};
use crate::parts::cells::{categories, each, each_word, frequent, one, recase, word};
use crate::parts::place_names::city;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "shop",
    zh: "购物场所",
    description: "Shopping malls, supermarkets, department stores and shops. Not goods, brands or orders.",
    concept: Some("https://schema.org/Store"),
    column_names: include_str!("../../data/names/shopping.txt"),
    variants: VARIANTS,
    form: Form::new("contain a word used in names of shops", "含购物场所名称用词", holds_shopping_word),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(4, &[T::Shopping], |draw, n| {
        let cells = each_word(draw, n, "shops_en");
        if draw.chance(0.4) { recase(draw, cells) } else { cells }
    }),
    // Branches of one chain; several shops in a cell; the shop of a company.
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

/// Whether a value contains a word used in names of shops.
fn holds_shopping_word(value: &str) -> bool {
    Lexicon::of("shopping_word").is_in(&value.to_lowercase())
}

/// Kinds of shops, parks and firms.
pub(crate) const KINDS_OF_PLACES: Lookalike = Lookalike {
    names: &[
        "department type",
        "shop type",
        "店铺类型",
        "业态",
        "venue type",
        "场所类型",
        "公司类型",
        "企业类型",
        "company type",
        "park type",
        "park class",
        "公园类型",
        "facility class",
    ],
    labels: &[],
    values: |draw, n| {
        let kinds: &[&str] = match draw.below(5) {
            4 => &[
                "Mini Park",
                "Pocket Park",
                "Regional Park",
                "Linear Park",
                "Community Park",
                "Sports Complex",
                "Greenway",
                "Natural Area",
                "Special Use",
                "Golf Course",
                "综合公园",
                "社区公园",
                "专类公园",
                "游园",
            ],
            0 => {
                &["有限责任公司", "股份有限公司", "个人独资企业", "合伙企业", "国有企业", "外商投资企业", "个体工商户"]
            }
            1 => &["超市", "便利店", "百货", "专卖店", "购物中心", "餐饮", "服装店"],
            2 => &["Supermarket", "Convenience", "Department Store", "Restaurant", "Pharmacy", "Gas Station"],
            _ => &["Neighborhood Park", "Playground", "Museum", "Cinema", "Stadium", "LLC", "Corporation", "Nonprofit"],
        };
        categories(draw, n, kinds, 5)
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["万达广场", "Northgate Mall"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12345", "红色"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
