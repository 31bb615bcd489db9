//! Places: addresses, housing, firms, hospitals.

use drivetrain_random::Draws;

use super::people::surname;
use super::words::{REGIONS, digits, each, each_word, frequent, one, recase, word};
use super::{Variant, clear};
use crate::types::SemanticType as T;

/// A district's full name from the province down; the four municipalities are province and city at once.
fn region(draw: &mut Draws) -> String {
    let region = draw.pick(&REGIONS);
    if region.province == region.city {
        format!("{}{}", region.city, region.district)
    } else {
        format!("{}{}{}", region.province, region.city, region.district)
    }
}

/// A city's name without its `市`.
pub(super) fn city(draw: &mut Draws) -> &'static str {
    draw.pick(&REGIONS).city.trim_end_matches('市')
}

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

fn estate(draw: &mut Draws) -> String {
    format!("{}{}", word(draw, "estates"), word(draw, "estate_ends"))
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

pub(super) const ADDRESS: &[Variant] = &[
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
    // A street without a number.
    clear(1, &[T::Address], |draw, n| {
        let cells = each_word(draw, n, "streets");
        recase(draw, cells)
    }),
    clear(2, &[T::Address], |draw, n| each(draw, n, taiwanese)),
];

/// An address as it is written in Taiwan: districts, sections, lanes and alleys.
fn taiwanese(draw: &mut Draws) -> String {
    let town = word(draw, "tw_towns");
    let road = word(draw, "tw_roads");
    let section = if draw.chance(0.4) { one(draw, &["一段", "二段", "三段", "1段", "2段"]) } else { "" };
    let lane = if draw.chance(0.25) { format!("{}巷", draw.between(2, 300)) } else { String::new() };
    let floor = if draw.chance(0.3) { format!("{}樓", draw.between(1, 15)) } else { String::new() };
    format!("{town}{road}{section}{lane}{}號{floor}", draw.between(1, 400))
}

pub(super) const RESIDENTIAL: &[Variant] = &[
    clear(8, &[T::Residential], |draw, n| each(draw, n, estate)),
    clear(4, &[T::Residential], |draw, n| {
        each(draw, n, |draw| {
            let part = one(
                draw,
                &[
                    "一期", "二期", "三期", "A区", "B区", "一区", "二区", "南区", "北区", "东区", "(一期)", "西区",
                    "三区",
                ],
            );
            format!("{}{part}", estate(draw))
        })
    }),
    clear(2, &[T::Residential], |draw, n| {
        let city = city(draw);
        each(draw, n, |draw| format!("{city}{}", estate(draw)))
    }),
    clear(6, &[T::Residential], |draw, n| each_word(draw, n, "estate_whole_zh")),
    clear(1, &[T::Residential], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{}号院",
                word(draw, "roads_zh").trim_end_matches('路').to_owned() + &draw.between(1, 90).to_string()
            )
        })
    }),
    clear(6, &[T::Residential], |draw, n| {
        let cells = each(draw, n, |draw| {
            let start = if draw.chance(0.15) { "The " } else { "" };
            format!("{start}{} {}", word(draw, "estate_en"), word(draw, "estate_en_ends"))
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Residential], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{} {} {}",
                word(draw, "estate_en"),
                word(draw, "estate_en_ends"),
                one(draw, &["Phase 1", "Phase II", "Building A", "North", "West"])
            )
        })
    }),
];

pub(super) const COMPANY: &[Variant] = &[
    clear(8, &[T::Company], |draw, n| {
        each(draw, n, |draw| {
            let (city, name, industry, end) =
                (city(draw), word(draw, "zihao"), word(draw, "industries_zh"), word(draw, "company_ends"));
            match draw.below(4) {
                0 => format!("{name}{industry}（{city}）{end}"),
                1 => format!("{city}市{name}{industry}{end}"),
                _ => format!("{city}{name}{industry}{end}"),
            }
        })
    }),
    clear(2, &[T::Company], |draw, n| each_word(draw, n, "brands_zh")),
    clear(2, &[T::Company], |draw, n| {
        let branch = draw.chance(0.5);
        each(draw, n, |draw| {
            let bank = word(draw, "banks");
            if branch {
                format!("{bank}{}支行", word(draw, "roads_zh").trim_end_matches('路'))
            } else {
                format!("{bank}{}分行", city(draw))
            }
        })
    }),
    clear(1, &[T::Company], |draw, n| {
        let stars = one(draw, &["***", "**", "某"]);
        each(draw, n, |draw| format!("{stars}{}{}", word(draw, "industries_zh"), word(draw, "company_ends")))
    }),
    clear(2, &[T::Company], |draw, n| {
        each(draw, n, |draw| format!("{}{}", word(draw, "zihao"), word(draw, "industries_zh")))
    }),
    clear(7, &[T::Company], |draw, n| {
        let cells = each(draw, n, |draw| match draw.below(4) {
            0 => format!("{} {}", word(draw, "last"), word(draw, "company_ends_en")),
            1 => format!("{} {}", word(draw, "company_words"), word(draw, "company_kinds")),
            2 => format!("{}, {} and {}", word(draw, "last"), word(draw, "last"), word(draw, "last")),
            _ => format!(
                "{} {} {}",
                word(draw, "company_words"),
                word(draw, "company_kinds"),
                word(draw, "company_ends_en")
            ),
        });
        recase(draw, cells)
    }),
    clear(8, &[T::Company], |draw, n| {
        let cells = each(draw, n, business);
        recase(draw, cells)
    }),
    clear(4, &[T::Company], |draw, n| {
        let cells = each_word(draw, n, "firms");
        if draw.chance(0.3) { recase(draw, cells) } else { cells }
    }),
    clear(4, &[T::Company], |draw, n| {
        let cells = each_word(draw, n, "companies_en");
        recase(draw, cells)
    }),
    clear(1, &[T::Company], |draw, n| {
        let cells = each(draw, n, |draw| {
            let town = word(draw, "towns");
            format!(
                "{}{town}{}",
                one(draw, &["Bank of ", "First ", "", ""]),
                one(draw, &[" Bank", " State Bank", " Savings Bank", " Trust Company"])
            )
        });
        recase(draw, cells)
    }),
];

/// What else has a licence, a licence plate or a stall.
fn business(draw: &mut Draws) -> String {
    let name = surname(draw);
    match draw.below(12) {
        0 => word(draw, "stores_en").to_owned(),
        1 => format!("{} #{}", word(draw, "stores_en"), draw.between(1, 4000)),
        2 => format!("{} {}", word(draw, "hospital_names"), word(draw, "hospital_en")),
        3 => format!("Town of {}", frequent(draw, "us_cities")),
        4 => format!(
            "{name} {}",
            one(draw, &["Taxi", "Towing", "Trucking", "Nursery", "Farm", "Orchards", "Bakery", "Dairy"])
        ),
        5 => format!(
            "{name}'s {}",
            one(draw, &["Grill", "Pizza", "Diner", "Deli", "Bar", "Salon", "Auto Repair", "Cafe"])
        ),
        6 => format!(
            "{} {} Church",
            one(draw, &["First", "Grace", "New Hope", "St. Mary's", "Trinity"]),
            one(draw, &["Baptist", "Methodist", "Lutheran", "Community", "Bible"])
        ),
        7 => format!("{} Farmers Market", frequent(draw, "us_cities")),
        8 => format!("Rotary Club of {}", frequent(draw, "us_cities")),
        9 => format!(
            "{} {}",
            word(draw, "company_words"),
            one(draw, &["Limousine", "Market", "Foods", "Café", "Liquors", "Nails"])
        ),
        10 => format!("{} School District", frequent(draw, "us_counties")),
        _ => format!("{} {}", word(draw, "company_words"), word(draw, "company_kinds")),
    }
}

pub(super) const HOSPITAL: &[Variant] = &[
    clear(4, &[T::Hospital], |draw, n| {
        let cells = each_word(draw, n, "care_en");
        if draw.chance(0.5) { recase(draw, cells) } else { cells }
    }),
    clear(1, &[T::Hospital], |draw, n| each_word(draw, n, "hospital_tw")),
    clear(7, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            let city = city(draw);
            match draw.below(4) {
                0 => format!("{city}市{}", word(draw, "hospital_zh")),
                1 => format!("{city}大学附属{}", word(draw, "hospital_zh")),
                2 => format!("{}{}", draw.pick(&REGIONS).district, word(draw, "hospital_zh")),
                _ => format!("{city}{}", word(draw, "hospital_zh")),
            }
        })
    }),
    clear(2, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{}{}",
                one(draw, &["康宁", "仁爱", "同济", "协和", "博爱", "济民", "华西", "安贞", "天心", "大仁"]),
                word(draw, "hospital_zh")
            )
        })
    }),
    clear(3, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| format!("{}{}", word(draw, "zihao"), word(draw, "clinic_zh")))
    }),
    clear(1, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            let side = one(draw, &["东院区", "(北区)", "南院", "（本部）", "分院"]);
            format!("{}{}{side}", city(draw), word(draw, "hospital_zh"))
        })
    }),
    clear(1, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            let kind = one(draw, &["医院", "診所", "牙醫診所", "中醫診所", "聯合醫院", "衛生所"]);
            format!(
                "{}{kind}",
                one(draw, &["台北市立", "國泰", "馬偕紀念", "長庚", "仁愛", "中興", "大安", "美兆", "京元"])
            )
        })
    }),
    clear(7, &[T::Hospital], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "hospital_names"), word(draw, "hospital_en")));
        recase(draw, cells)
    }),
    clear(2, &[T::Hospital], |draw, n| {
        let cells = each(draw, n, |draw| {
            format!(
                "{} {}",
                word(draw, "towns"),
                one(
                    draw,
                    &["Clinic", "Dental Clinic", "Family Health Center", "Urgent Care", "Eye Clinic", "Medical Clinic"]
                )
            )
        });
        recase(draw, cells)
    }),
];
