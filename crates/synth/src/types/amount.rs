//! Amounts of money.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Variant, by_name, clear};
use crate::parts::cells::{digits, each, one};
use crate::parts::quantities::{decimals, grouped};
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "amount of money",
    zh: "金额",
    description: "Money: values with a currency or a unit (`¥1,280.00`, `3.5万元`, `15k-25k`); also bare numbers if \
        the column's name says so, which are then `int` or `float` too. Not currencies alone (`USD`).",
    concept: Some("https://schema.org/MonetaryAmount"),
    column_names: include_str!("../../data/names/amount.txt"),
    name_marks: &["$", "€", "£", "¥", "￥", "₹", "元)", "元）", "USD", "EUR", "GBP", "CNY", "RMB"],
    variants: VARIANTS,
    form: Form::new("look like amounts of money", "像金额", is_amount).evident(is_evident_amount),
    ..Definition::BASE
};

const VARIANTS: &[Variant] =
    &[
        // Ranges, as in surveys and advertisements.
        clear(2, &[T::Amount], |draw, n| {
            let (sign, scale) = (one(draw, &["$", "$", "£", "€", "¥", "₹"]), *draw.pick(&[1, 10, 1000]));
            let style = draw.below(4);
            each(draw, n, |draw| {
                let low = draw.between(1, 15) * 10 * scale;
                let (from, to) = (grouped(low), grouped(2 * low - i64::from(draw.chance(0.5))));
                match (style, draw.below(8)) {
                    (_, 0) => format!("{} {sign}{from}", one(draw, &["Less than", "Under", "<", "Below"])),
                    (_, 1) => format!("{sign}{from}{}", one(draw, &["+", " or more", " and over"])),
                    (0, _) => format!("{sign}{from} - {sign}{to}"),
                    (1, _) => format!("{sign}{from} to {sign}{to}"),
                    (2, _) => format!("{sign}{from}-{to}"),
                    _ => format!("{sign}{from} – {to}"),
                }
            })
        }),
        by_name(2, &[T::Amount], |draw, n| {
            let (style, step) = (draw.below(4), *draw.pick(&[5, 10, 50, 500, 1000]));
            each(draw, n, |draw| {
                let low = draw.between(1, 20) * step;
                let high = low + draw.between(1, 6) * step;
                match (style, draw.below(8)) {
                    (0, _) => format!("{}{low}K", one(draw, &["<=", ">", "<"])),
                    (1..=3, 0) => one(draw, &["面议", "不限", "暂无报价", "Negotiable"]).to_owned(),
                    (1, 1) => format!("{high}以上"),
                    (1 | 2, _) => format!("{low}-{high}"),
                    _ => format!("{low}~{high}"),
                }
            })
        }),
        clear(2, &[T::Amount], |draw, n| {
            let style = draw.below(8);
            sums(draw, n, |draw, sum| match style {
                0 => format!("{}¥{sum:.2}", one(draw, &["-", "+", "-", ""])),
                1 => format!("₹{}", grouped(sum as i64)),
                2 => format!("Rs. {sum:.0}"),
                3 => format!("R$ {}", format!("{sum:.2}").replace('.', ",")),
                4 => format!("${:.1} {}", sum % 90.0 + 0.5, one(draw, &["million", "billion", "million", "thousand"])),
                5 => format!("{}{:.0}{}", one(draw, &["£", "€"]), sum % 90.0 + 1.0, one(draw, &["m", "K", "k", "M"])),
                6 => format!("{sum:.0}元起"),
                _ => format!("人民币{sum:.2}元"),
            })
        }),
        // Income and expenses.
        by_name(2, &[T::Amount, T::Float], |draw, n| {
            let income = if draw.chance(0.5) { "+" } else { "" };
            sums(draw, n, |draw, sum| format!("{}{sum:.2}", if draw.chance(0.6) { "-" } else { income }))
        }),
        by_name(8, &[T::Amount, T::Float], |draw, n| {
            let losses = draw.chance(0.15);
            let places = *draw.pick(&[2, 2, 2, 1, 4]);
            // Tips and refunds are often zero.
            let nothing = if draw.chance(0.15) { 0.3 } else { 0.0 };
            let write = decimals(draw, places);
            sums(draw, n, |draw, sum| {
                let sum = if draw.chance(nothing) { 0.0 } else { sum };
                format!("{}{}", if losses && draw.chance(0.3) { "-" } else { "" }, write(sum))
            })
        }),
        by_name(4, &[T::Amount, T::Int], |draw, n| {
            let round = *draw.pick(&[1.0, 1.0, 100.0, 1000.0]);
            sums(draw, n, |_, sum| format!("{:.0}", (sum / round).ceil() * round))
        }),
        clear(6, &[T::Amount], |draw, n| {
            let sign = one(draw, &["¥", "￥", "$", "€", "£", "US$", "¥ ", "$ ", "RMB ", "CNY ", "USD "]);
            let (places, commas) = (usize::from(draw.chance(0.6)) * 2, draw.chance(0.6));
            sums(draw, n, |draw, sum| match (commas, places) {
                (true, 0) => format!("{sign}{}", grouped(sum as i64)),
                (true, _) => format!("{sign}{}.{}", grouped(sum as i64), digits(draw, 2)),
                (false, _) => format!("{sign}{sum:.places$}"),
            })
        }),
        clear(5, &[T::Amount], |draw, n| {
            let unit = one(
                draw,
                &[
                    "元",
                    "万元",
                    "万",
                    "亿元",
                    "美元",
                    "元/月",
                    "元/㎡",
                    "元/平",
                    "元/平米",
                    "元/天",
                    "块",
                    " USD",
                    " EUR",
                    " yuan",
                    " 元",
                    "港元",
                    "元整",
                ],
            );
            let (places, commas) = (draw.below(3), draw.chance(0.3));
            sums(draw, n, |_, sum| {
                if commas { format!("{}{unit}", grouped(sum as i64)) } else { format!("{sum:.places$}{unit}") }
            })
        }),
        clear(2, &[T::Amount, T::Float], |draw, n| {
            sums(draw, n, |draw, sum| format!("{}.{}", grouped(sum as i64), digits(draw, 2)))
        }),
        clear(3, &[T::Amount], |draw, n| {
            let style = draw.below(6);
            each(draw, n, |draw| {
                let low = draw.between(3, 40);
                let high = low + draw.between(2, 20);
                match style {
                    0 | 1 => {
                        if draw.chance(0.1) {
                            format!("{low}k以上")
                        } else {
                            format!("{low}k-{high}k")
                        }
                    }
                    2 => format!("{low}K-{high}K"),
                    3 => format!("{low}000-{high}000元/月"),
                    4 => format!("${low},000 - ${high},000"),
                    _ => format!("{}-{}万/年", low, high),
                }
            })
        }),
        clear(1, &[T::Amount], |draw, n| {
            let unit = one(draw, &["K", "M", "k", "m", "B"]);
            each(draw, n, |draw| format!("${:.1}{unit}", draw.unit() * 90.0 + 0.5))
        }),
        clear(1, &[T::Amount], |draw, n| {
            let label = one(draw, &["单价", "均价", "总价", "约", "月薪"]);
            sums(draw, n, |_, sum| format!("{label}{sum:.0}{}", "元"))
        }),
        clear(1, &[T::Amount], |draw, n| sums(draw, n, |_, sum| format!("({})", grouped(sum as i64 + 1)))),
        clear(1, &[T::Amount], |draw, n| {
            let sign = one(draw, &["€", " €", " EUR", " zł", " Kč", " CHF"]);
            sums(draw, n, |draw, sum| format!("{},{}{sign}", grouped(sum as i64).replace(',', "."), digits(draw, 2)))
        }),
    ];

/// Sums of one column, roughly of the same order of magnitude.
fn sums(draw: &mut Draws, n: usize, mut say: impl FnMut(&mut Draws, f64) -> String) -> Vec<String> {
    let middle = *draw.pick(&[3.0, 8.0, 30.0, 200.0, 3_000.0, 12_000.0, 90_000.0, 900_000.0, 8_000_000.0]);
    each(draw, n, |draw| {
        let sum = middle * (0.8 * draw.normal()).exp();
        say(draw, sum)
    })
}

/// A sum: a number, or one with a currency or a unit of money.
fn is_amount(value: &str) -> bool {
    (value.contains(|c: char| c.is_ascii_digit()) && !value.contains([':', '@']))
        || Lexicon::of("money").is_in(&value.to_lowercase())
}

/// A sum with its currency or unit.
fn is_evident_amount(value: &str) -> bool {
    Lexicon::of("money").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["¥1,280.00", "3.5万元", "1280"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["10:30", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
