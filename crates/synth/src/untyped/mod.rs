//! Untyped columns, some of which look like a type: a `state` that is a place, a `time` that is a meal.

mod common;
mod kinds;
mod lookalikes;
mod texts;

use drivetrain_random::Draws;

use crate::column_names::{spelt, telling};
use crate::parts::cells::{categories, digits, each, frequent, letters, one, recase, word};
use crate::parts::spelling::capitalised;
use crate::semantic_type::SemanticType;
use common::Formula;
use kinds::{KINDS, KNOWN_UNTYPED};
pub use kinds::{Kind, known_kinds, untyped_kinds};

fn hex(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(*draw.pick(b"0123456789abcdef"))).collect()
}

/// To add a kind whose values follow a formula, add a line; a kind with fixed values is a block of `data/untyped.txt`.
const FORMULAS: &[Formula] = &[
    (&["uuid", "guid", "唯一标识", "request_id", "id", "trace id", "session"], |draw, n| {
        let (upper, open, close) = (draw.chance(0.4), one(draw, &["", "", "{"]), one(draw, &["", "", "}"]));
        each(draw, n, |draw| {
            let parts = [hex(draw, 8), hex(draw, 4), hex(draw, 4), hex(draw, 4), hex(draw, 12)];
            let uuid = format!("{open}{}{close}", parts.join("-"));
            if upper { uuid.to_uppercase() } else { uuid }
        })
    }),
    (
        &["md5", "hash", "sha1", "checksum", "commit", "token", "摘要", "密钥", "unique id", "uid", "key", "object id"],
        |draw, n| {
            let (size, upper) = (*draw.pick(&[32, 40, 64, 8, 16, 24]), draw.chance(0.4));
            each(draw, n, |draw| {
                let hash = hex(draw, size);
                if upper { hash.to_uppercase() } else { hash }
            })
        },
    ),
    (
        &["sku", "product code", "商品编码", "物料编码", "型号", "model", "item code", "产品型号"],
        |draw, n| {
            let (start, join) = (letters(draw, 2), one(draw, &["-", "", "_"]));
            each(draw, n, |draw| format!("{start}{join}{}", digits(draw, 4) + &letters(draw, 1)))
        },
    ),
    (
        &[
            "number",
            "ticket number",
            "工单号",
            "单号",
            "合同编号",
            "incident",
            "case id",
            "流水号",
            "order_no",
            "批次号",
            "订单编号",
        ],
        |draw, n| {
            let (start, size) = (letters(draw, 3), 5 + draw.below(6));
            each(draw, n, |draw| format!("{start}{}", digits(draw, size)))
        },
    ),
    (&["ticket", "cabin", "seat", "座位", "舱位", "room"], |draw, n| {
        each(draw, n, |draw| match draw.below(3) {
            0 => format!("{}/{} {}", letters(draw, 1), draw.below(9), digits(draw, 5)),
            1 => format!("{}{}", letters(draw, 1), draw.between(1, 120)),
            _ => format!("{} {}", letters(draw, 2), digits(draw, 5)),
        })
    }),
    (&["version", "版本", "版本号", "app_version", "release"], |draw, n| {
        let start = one(draw, &["", "v", "V"]);
        each(draw, n, |draw| format!("{start}{}.{}.{}", draw.below(12), draw.below(20), draw.below(30)))
    }),
    (&["mac", "mac_address", "MAC地址", "物理地址", "hwaddr"], |draw, n| {
        let join = one(draw, &[":", "-"]);
        each(draw, n, |draw| (0..6).map(|_| hex(draw, 2)).collect::<Vec<_>>().join(join))
    }),
    (&["统一社会信用代码", "credit code", "信用代码", "税号", "uscc"], |draw, n| {
        each(draw, n, |draw| format!("91{}MA{}{}", digits(draw, 6), letters(draw, 2), digits(draw, 6)))
    }),
    (&["handled by", "assignee", "created by", "closed by", "处理组", "group"], |draw, n| {
        let word = match draw.below(4) {
            0 => one(draw, &["Agent", "Desk", "Queue", "Crew", "Shift", "Team"]).to_owned(),
            1 => format!(
                "{} by",
                one(draw, &["Approved", "Checked", "Sent", "Signed", "Reviewed", "Handled", "Entered", "Raised"])
            ),
            2 => capitalised(word(draw, "nick_words")),
            _ => word(draw, "company_words").to_owned(),
        };
        each(draw, n, |draw| format!("{word} {}", draw.between(1, 2500)))
    }),
    (&["category", "sub type", "kind", "code", "closing code", "类别"], |draw, n| {
        let word = one(draw, &["Class", "Kind", "Segment", "case", "Type"]);
        each(draw, n, |draw| format!("{word} {}", draw.between(1, 200)))
    }),
    (&["ts_code", "股票代码", "symbol", "ticker", "证券代码"], |draw, n| {
        each(draw, n, |draw| {
            let end = one(draw, &["SZ", "SH"]);
            format!("{}.{end}", digits(draw, 6))
        })
    }),
    (&["楼层", "floor", "所在楼层", "storey"], |draw, n| {
        let style = draw.chance(0.5);
        each(draw, n, |draw| {
            if style {
                format!("{}/{}层", draw.between(1, 20), draw.between(20, 33))
            } else {
                format!("第{}层", draw.between(1, 30))
            }
        })
    }),
    (&["户型", "房型", "layout", "house type"], |draw, n| {
        each(draw, n, |draw| {
            format!("{}室{}厅{}", draw.between(1, 5), draw.between(0, 2), one(draw, &["", "1卫", "2卫"]))
        })
    }),
    (&["面积", "建筑面积", "area", "size", "house area"], |draw, n| {
        let unit = one(draw, &["㎡", "平米", "平", "m²", " sqft"]);
        each(draw, n, |draw| format!("{:.1}{unit}", 40.0 + 120.0 * draw.unit()))
    }),
    (&["时长", "duration", "用时", "elapsed", "维护时间", "time"], |draw, n| {
        let unit = one(draw, &["天", "小时", "分钟", " min", " days", "h", "天前", "s", "个月"]);
        each(draw, n, |draw| format!("{}{unit}", draw.between(1, 90)))
    }),
    (&["isbn", "书号", "barcode", "条形码", "ean"], |draw, n| {
        each(draw, n, |draw| format!("978-7-{}-{}-{}", digits(draw, 3), digits(draw, 5), draw.below(10)))
    }),
    (&["编码", "流水", "外部单号", "系统编码", "外部编号", "tracking"], |draw, n| {
        each(draw, n, |draw| {
            let start = one(draw, &["SF", "YT", "JD", "ZTO", "EMS", "1Z"]);
            format!("{start}{}", digits(draw, 12))
        })
    }),
    (&["name", "car name", "车型", "vehicle", "车系"], |draw, n| {
        each(draw, n, |draw| {
            let make = word(draw, "car_makes");
            format!(
                "{make} {}",
                one(
                    draw,
                    &["corolla", "malibu", "pinto", "civic", "320", "X5", "A6L", "朗逸", "汉", "skylark", "f250"]
                )
            )
        })
    }),
    (&["stock no", "part", "规格型号", "spec", "规格"], |draw, n| {
        each(draw, n, |draw| format!("{}x{}x{}", draw.between(1, 300), draw.between(1, 300), draw.between(1, 60)))
    }),
    (
        &["描述", "comment", "评论", "review", "内容摘要", "comments", "review text", "反馈", "留言", "notes"],
        |draw, n| {
            let chinese = draw.chance(0.6);
            let longest = *draw.pick(&[2, 4, 8]);
            each(draw, n, |draw| {
                let parts = 1 + draw.below(longest);
                let said: Vec<String> =
                    (0..parts).map(|_| if chinese { remark_zh(draw) } else { remark_en(draw) }).collect();
                let (join, end) = if chinese {
                    ("，", one(draw, &["。", "！", "", "？", "～"]))
                } else {
                    (", ", one(draw, &[".", "!", ""]))
                };
                format!("{}{end}", said.join(join))
            })
        },
    ),
    (&["基金名称", "fund", "基金简称", "name", "产品名称", "理财产品", "fund name"], |draw, n| {
        each(draw, n, |draw| {
            let house = word(draw, "fund_houses");
            let theme = word(draw, "fund_themes");
            format!(
                "{house}{theme}{}",
                one(draw, &["混合", "混合A", "股票", "ETF联接C", "指数", "债券A", "主题", "灵活配置混合"])
            )
        })
    }),
    (&["airport", "airport name", "name", "origin airport", "destination"], |draw, n| {
        let cells = each(draw, n, |draw| {
            let place = if draw.chance(0.5) { frequent(draw, "us_cities") } else { frequent(draw, "census_last") };
            let end = one(
                draw,
                &[
                    "",
                    " Municipal",
                    " Regional",
                    " International",
                    " County",
                    " Airpark",
                    " Field",
                    "-Hill",
                    " Memorial",
                    " State",
                ],
            );
            format!("{place}{end}")
        });
        recase(draw, cells)
    }),
    (
        &["path", "uri", "request path", "page", "endpoint", "route", "路径", "folder", "directory", "请求路径"],
        |draw, n| {
            let start = one(draw, &["/", "/", "/api/v1/", "C:\\", "/home/", "~/", "./"]);
            let (join, end) =
                if start.starts_with('C') { ("\\", "") } else { ("/", one(draw, &["", "", "/", ".html", ".php"])) };
            each(draw, n, |draw| {
                let parts: Vec<&str> = (0..1 + draw.below(4)).map(|_| word(draw, "nick_words")).collect();
                format!("{start}{}{end}", parts.join(join))
            })
        },
    ),
    // Meaningless input.
    (&["notes", "text", "input", "备注", "value", "test", "answer", "field", "其他"], |draw, n| {
        let style = draw.below(6);
        each(draw, n, |draw| {
            let letter = char::from(b'a' + draw.below(26) as u8);
            match style {
                0 => letter.to_string(),
                1 => (0..3 + draw.below(9)).map(|_| char::from(b'a' + draw.below(26) as u8)).collect(),
                2 => letter.to_string().repeat(2 + draw.below(30)),
                3 => one(draw, &["😀", "👍", "😀😀", "❤", "🎉", "…", "!!!", "😂", "✓✓", "→"]).to_owned(),
                4 => one(draw, &["长", "测试", "哈哈哈", "啊啊", "嗯", "111", "asdf", "qwerty", "xxx", "略"])
                    .repeat(1 + draw.below(4)),
                _ => letter.to_uppercase().to_string(),
            }
        })
    }),
    (&["location", "site", "station", "unit", "zone", "place", "branch", "store", "房间", "工位"], |draw, n| {
        let word =
            one(draw, &["Location", "Site", "Station", "Unit", "Zone", "Store", "Room", "Branch", "Area", "Line"]);
        let join = one(draw, &[" ", "-", "_", " #"]);
        each(draw, n, |draw| format!("{word}{join}{}", draw.between(1, 300)))
    }),
];

/// A part of a remark in Chinese.
fn remark_zh(draw: &mut Draws) -> String {
    let subject = word(draw, "remark_subjects_zh");
    let verdict = word(draw, "remark_verdicts_zh");
    match draw.below(4) {
        0 => verdict.to_owned(),
        1 => format!(
            "{}{subject}{verdict}",
            one(draw, &["感觉", "其实", "都说", "没想到", "总的来说", "希望", "虽然", "但是"])
        ),
        2 => format!("{subject}和{}都{verdict}", word(draw, "nick_zh")),
        _ => format!("{subject}{verdict}"),
    }
}

/// A part of a remark in English.
fn remark_en(draw: &mut Draws) -> String {
    let subject = word(draw, "remark_subjects_en");
    let verdict = word(draw, "remark_verdicts_en");
    if draw.chance(0.2) {
        return format!("{} {}", word(draw, "nick_words"), verdict);
    }
    format!("{subject} {verdict}")
}

/// A column whose name shows that it is not what it looks like, with the types that it has nevertheless.
pub(crate) fn named(draw: &mut Draws, n: usize) -> (String, Vec<String>, &'static [SemanticType]) {
    let kind = draw.pick(lookalikes::KINDS);
    let values = (kind.values)(draw, n);
    (called(draw, kind.names), values, kind.labels)
}

/// A column without a type: its name and its values.
pub(crate) fn column(draw: &mut Draws, n: usize) -> (String, Vec<String>) {
    // Three in ten are columns that nearly every table has (places, codes, the calendar), two in ten are other computed
    // columns, and the rest come from lists.
    let (name, values) = match draw.below(10) {
        0..=2 => formula(draw, n, common::KINDS),
        3 | 4 => formula(draw, n, FORMULAS),
        _ => listed(draw, n),
    };
    // The name of a type over values that are clearly something else: `phone` over a hash.
    if draw.chance(0.03) {
        let other = *draw.pick(&SemanticType::ALL);
        if !matches!(other, SemanticType::Name | SemanticType::Company) {
            return (telling(other, draw), values);
        }
    }
    (name, values)
}

fn formula(draw: &mut Draws, n: usize, formulas: &[Formula]) -> (String, Vec<String>) {
    let (names, make) = *draw.pick(formulas);
    let values = make(draw, n);
    (called(draw, names), values)
}

/// A column of a kind in `data/untyped.txt` or, less often, in `data/kinds`. Most columns are in one language.
fn listed(draw: &mut Draws, n: usize) -> (String, Vec<String>) {
    let kind = if draw.chance(0.25) { *draw.pick(&KNOWN_UNTYPED) } else { draw.pick(&KINDS) };
    let (english, chinese): (Vec<&str>, Vec<&str>) = kind.values.iter().partition(|value| value.is_ascii());
    let is_chinese = draw.chance(chinese.len() as f64 / kind.values.len() as f64);
    let values: &[&str] = match () {
        () if draw.chance(0.15) => &kind.values,
        () if is_chinese => &chinese,
        () => &english,
    };
    let values = categories(draw, n, if values.is_empty() { &kind.values } else { values }, 8);
    let values = if draw.chance(0.4) { recase(draw, values) } else { values };
    let names = if is_chinese == draw.chance(0.7) { &kind.chinese } else { &kind.english };
    (called(draw, names), values)
}

/// One of the names, as authors of tables spell it.
fn called(draw: &mut Draws, names: &[&'static str]) -> String {
    let name = *draw.pick(names);
    if !name.is_ascii() {
        return name.to_owned();
    }
    match draw.below(6) {
        0 => name.to_uppercase(),
        1 => name.replace(' ', ""),
        2 => name.replace([' ', '-'], "_"),
        3 => spelt(draw, &name.to_lowercase()),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use drivetrain_random::Random;

    use super::*;
    use crate::definition::Lookalike;

    #[test]
    fn kinds_are_many_and_every_one_can_come() {
        assert!(KINDS.len() >= 50);
        let mut seen = BTreeSet::new();
        for seed in 0..20_000 {
            let (name, values) = column(&mut Random::new(seed, "test").draws(), 10);
            assert_eq!(values.len(), 10);
            seen.insert(name);
        }
        for (names, _) in FORMULAS.iter().chain(common::KINDS) {
            assert!(names.iter().any(|name| seen.contains(*name)), "{names:?}");
        }
        for Lookalike { names, .. } in lookalikes::KINDS {
            let is_seen = |seed| names.contains(&&*named(&mut Random::new(seed, "test").draws(), 10).0);
            assert!((0..2000).any(is_seen), "{names:?}");
        }
        for kind in KINDS.iter().chain(KNOWN_UNTYPED.iter().copied()) {
            let mut names = kind.chinese.iter().chain(&kind.english);
            assert!(names.any(|name| seen.contains(*name)), "{:?}", kind.chinese);
        }
    }
}
