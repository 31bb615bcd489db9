//! Addresses.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{digits, each, each_word, one, recase, word};
use crate::parts::person_names::surname;
use crate::parts::place_names::{REGIONS, estate, region};
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "address",
    zh: "地址",
    description: "Where something is, down to a street, a village or a post-office box: `上海市徐汇区漕溪北路88号`, \
        `台北市中正區福州街14號`, `4520 N Clark St`, `PO Box 12`. Not cities or districts alone, nor links or memory \
        addresses.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/address"),
    column_names: include_str!("../../data/names/address.txt"),
    variants: VARIANTS,
    form: Form::new("look like addresses", "像地址", is_address),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(5, &[T::Address], |draw, n| each(draw, n, |draw| format!("{}{}{}", region(draw), road(draw), door(draw)))),
    clear(3, &[T::Address], |draw, n| {
        let home = draw.pick(&REGIONS).city;
        each(draw, n, |draw| format!("{home}{}{}{}", draw.pick(&REGIONS).district, road(draw), door(draw)))
    }),
    clear(2, &[T::Address], |draw, n| {
        each(draw, n, |draw| format!("{}{}{}", draw.pick(&REGIONS).district, road(draw), door(draw)))
    }),
    clear(2, &[T::Address], |draw, n| each(draw, n, |draw| format!("{}{}{}", region(draw), estate(draw), door(draw)))),
    clear(1, &[T::Address], |draw, n| {
        each(draw, n, |draw| {
            let town = one(draw, &["城关镇", "中心镇", "东风乡", "新桥镇", "河口乡"]);
            format!(
                "{}{town}{}村{}号",
                region(draw),
                one(draw, &["李家", "王庄", "张家", "新华", "和平", "东方"]),
                draw.between(1, 200)
            )
        })
    }),
    clear(1, &[T::Address], |draw, n| {
        each(draw, n, |draw| {
            let district = draw.pick(&REGIONS).district;
            format!(
                "{}{} {}",
                district.trim_end_matches(['区', '县']),
                one(draw, &["", "城关", "南路", "开发区"]),
                road(draw)
            )
        })
    }),
    clear(6, &[T::Address], |draw, n| {
        let cells = each(draw, n, street);
        recase(draw, cells)
    }),
    clear(4, &[T::Address], |draw, n| {
        let cells = each(draw, n, |draw| {
            format!("{}, {}, {} {}", street(draw), word(draw, "towns"), word(draw, "us_states"), digits(draw, 5))
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Address], |draw, n| {
        let cells = each(draw, n, |draw| {
            format!("{} {} {} {}", street(draw), word(draw, "towns"), word(draw, "us_states"), digits(draw, 5))
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Address], |draw, n| {
        let (start, whole) = (one(draw, &["P.O. Box", "PO Box", "PO BOX", "P O Box", "POB"]), draw.chance(0.5));
        each(draw, n, |draw| {
            let number = draw.between(1, 9_999);
            if whole { format!("{start} {number}, {}", word(draw, "towns")) } else { format!("{start} {number}") }
        })
    }),
    // Elsewhere the number comes first or last.
    clear(3, &[T::Address], |draw, n| {
        let (style, whole) = (draw.below(6), draw.chance(0.3));
        each(draw, n, |draw| {
            let (name, number) = (surname(draw), draw.between(1, 180));
            let street = match style {
                0 => format!("{name}str. {number}"),
                1 => format!("{name}straße {number}{}", one(draw, &["", "", "a", "b"])),
                2 => format!("{}{name}weg {number}", one(draw, &["", "", "Am ", "Alter "])),
                3 => {
                    format!("{number} {} {name}", one(draw, &["rue", "rue de", "avenue", "place", "boulevard", "Rue"]))
                }
                4 => format!("{} {name}, {number}", one(draw, &["Calle", "Avenida", "Via", "Plaza", "C/", "Rua"])),
                _ => format!("{number} {name} {}", one(draw, &["Road", "Close", "Lane", "High Street", "Crescent"])),
            };
            let town = word(draw, "world_cities");
            if whole { format!("{street}, {} {town}", digits(draw, 5)) } else { street }
        })
    }),
    // Addresses within a building, on a campus, or in places without streets.
    clear(2, &[T::Address], |draw, n| {
        let style = draw.below(6);
        let building = one(draw, &["Building", "House", "Hall", "Tower", "Office Building", "Center", "Annex", "Bldg"]);
        let room = one(draw, &["Room", "Rm", "Suite", "Office", "Unit", "Ste."]);
        let cells = each(draw, n, |draw| {
            let (name, number) = (surname(draw), draw.between(1, 980));
            match style {
                0 => format!("{number} {name} {building}"),
                1 => format!("{name} {building}, {room} {number}"),
                2 => format!("{room} {number}, {name} {building}, {}", street(draw)),
                3 => format!("Level {}, {name} {building}, {}", draw.between(1, 40), word(draw, "towns")),
                4 => format!("Lot {number} {name} {}", one(draw, &["Road", "Estate", "Block", "Subdivision"])),
                _ => format!("{name} {building}, Km {}, {}", draw.between(1, 90), word(draw, "towns")),
            }
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Address], |draw, n| {
        let building = one(draw, &["大厦", "广场", "大楼", "中心", "写字楼", "教学楼", "科技园", "创业园"]);
        each(draw, n, |draw| {
            let (floor, room) = (draw.between(1, 30), draw.between(1, 20));
            let name =
                one(draw, &["国际", "金融", "新城", "东方", "华润", "科创", "银座", "联合", "世纪", "南山", "江北"]);
            match draw.below(3) {
                0 => format!("{}{name}{building}{floor}楼{room:02}室", draw.pick(&REGIONS).district),
                1 => format!("{name}{building}{}座{floor}{room:02}", one(draw, &["A", "B", "C", "东", "西"])),
                _ => format!("{}{name}{building}{floor}层", road(draw)),
            }
        })
    }),
    // A street without a number.
    clear(1, &[T::Address], |draw, n| {
        let cells = each_word(draw, n, "streets");
        recase(draw, cells)
    }),
    clear(2, &[T::Address], |draw, n| each(draw, n, taiwanese)),
];

fn road(draw: &mut Draws) -> String {
    let road = word(draw, "roads_zh");
    let number = draw.between(1, 1500);
    match draw.below(8) {
        0 => format!("{road}{number}弄{}号", draw.between(1, 90)),
        1 => format!("{road}{number}号院{}号楼", draw.between(1, 30)),
        2 => format!("{road}与{}交叉口", word(draw, "roads_zh")),
        _ => format!("{road}{number}号"),
    }
}

fn door(draw: &mut Draws) -> String {
    let (building, unit, room) = (draw.between(1, 40), draw.between(1, 6), draw.between(101, 3204));
    match draw.below(7) {
        0 => format!("{building}栋{unit}单元{room}室"),
        1 => format!("{building}号楼{room}"),
        2 => format!("{building}幢{room}室"),
        3 => format!("{}座{}层", char::from(b'A' + draw.below(6) as u8), draw.between(1, 30)),
        4 => format!("({}旁)", one(draw, &["地铁站", "人民公园", "第一中学", "农业银行", "加油站"])),
        _ => String::new(),
    }
}

fn street(draw: &mut Draws) -> String {
    let number = draw.between(1, 19_999);
    match draw.below(9) {
        0 => format!("{number} {} Apt {}", word(draw, "streets"), draw.between(1, 99)),
        1 => format!("{number} {} #{}", word(draw, "streets"), draw.between(1, 999)),
        2 => format!("{} & {}", word(draw, "streets"), word(draw, "streets")),
        3 => format!("{number}00 Block of {}", word(draw, "streets")),
        4 => format!("{number} {} {}", one(draw, &["N", "S", "E", "W", "North", "SW"]), word(draw, "streets")),
        _ => format!("{number} {}", word(draw, "streets")),
    }
}

/// An address as it is written in Taiwan: districts, sections, lanes and alleys.
fn taiwanese(draw: &mut Draws) -> String {
    let town = word(draw, "tw_towns");
    let road = word(draw, "tw_roads");
    let section = if draw.chance(0.4) { one(draw, &["一段", "二段", "三段", "1段", "2段"]) } else { "" };
    let lane = if draw.chance(0.25) { format!("{}巷", draw.between(2, 300)) } else { String::new() };
    let floor = if draw.chance(0.3) { format!("{}樓", draw.between(1, 15)) } else { String::new() };
    format!("{town}{road}{section}{lane}{}號{floor}", draw.between(1, 400))
}

/// Whether a value contains both digits and letters, or a word for a street or a part of a town.
fn is_address(value: &str) -> bool {
    let has = |kind: fn(&char) -> bool| value.chars().any(|c| kind(&c));
    (has(char::is_ascii_digit) && has(|c| c.is_alphabetic()))
        || Lexicon::of("address_word").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["Kastanjelaan 12", "上海市徐汇区漕溪北路88号"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Paris", "12"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
