//! Columns that are none of the 32 types, traps among them: a `state` that is a place, a `time` that is a meal.

use std::sync::LazyLock;

use drivetrain::random::Draws;

use super::words::{categories, content, digits, each, one};

/// What a kind of column is called, and what stands in it.
struct Kind {
    names: Vec<&'static str>,
    values: Vec<&'static str>,
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let kind = |line: &'static str| {
        let mut parts = line.split(" | ");
        let mut names: Vec<&str> = parts.next()?.split(',').collect();
        names.extend(parts.next()?.split(','));
        Some(Kind { names, values: parts.next()?.split(',').collect() })
    };
    content(include_str!("../../data/none.txt")).filter_map(kind).collect()
});

/// Names of a kind of column, and how its cells are made.
type Formula = (&'static [&'static str], fn(&mut Draws, usize) -> Vec<String>);

fn hex(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(*draw.pick(b"0123456789abcdef"))).collect()
}

fn letters(draw: &mut Draws, n: usize) -> String {
    (0..n).map(|_| char::from(b'A' + draw.below(26) as u8)).collect()
}

/// To add a kind whose values follow a formula, add a line; a kind with fixed values is a line of `data/none.txt`.
const FORMULAS: &[Formula] = &[
    (&["uuid", "guid", "唯一标识", "request_id", "id", "trace id", "session"], |draw, n| {
        each(draw, n, |draw| {
            format!("{}-{}-4{}-a{}-{}", hex(draw, 8), hex(draw, 4), hex(draw, 3), hex(draw, 3), hex(draw, 12))
        })
    }),
    (&["md5", "hash", "sha1", "checksum", "commit", "token", "摘要", "密钥"], |draw, n| {
        let size = *draw.pick(&[32, 40, 64, 8]);
        each(draw, n, |draw| hex(draw, size))
    }),
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
    (&["caller_id", "opened_by", "assigned_to", "resolved by", "处理组", "group"], |draw, n| {
        let word = one(draw, &["Caller", "Opened by", "Resolver", "Group", "Updated by", "Team"]);
        each(draw, n, |draw| format!("{word} {}", draw.between(1, 2500)))
    }),
    (&["category", "subcategory", "u_symptom", "code", "closed_code", "类别"], |draw, n| {
        let word = one(draw, &["Category", "Subcategory", "Symptom", "code", "Type"]);
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
            let make = one(
                draw,
                &[
                    "chevrolet",
                    "toyota",
                    "ford",
                    "honda",
                    "大众",
                    "宝马",
                    "奥迪",
                    "比亚迪",
                    "buick",
                    "plymouth",
                    "datsun",
                ],
            );
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
    (&["描述", "comment", "评论", "review", "内容摘要", "comments", "review text"], |draw, n| {
        each(draw, n, |draw| {
            let parts = [
                "质量不错",
                "发货很快",
                "包装有点破",
                "客服态度好",
                "下次还会来",
                "性价比高",
                "味道一般",
                "与描述不符",
                "物流太慢了",
                "孩子很喜欢",
            ];
            let english = [
                "great product",
                "fast delivery",
                "would not buy again",
                "the box was damaged",
                "works as described",
                "my kids love it",
                "too expensive",
                "very helpful staff",
            ];
            if draw.chance(0.5) {
                format!("{}，{}，{}。", draw.pick(&parts), draw.pick(&parts), draw.pick(&parts))
            } else {
                format!("{}, {}.", draw.pick(&english), draw.pick(&english))
            }
        })
    }),
];

/// A column of none of the types: its name and its values.
pub(super) fn column(draw: &mut Draws, n: usize) -> (String, Vec<String>) {
    let formulas = FORMULAS.len();
    let kind = draw.below(KINDS.len() + 2 * formulas);
    let (names, values) = match KINDS.get(kind) {
        Some(kind) => (&kind.names[..], categories(draw, n, &kind.values, kind.values.len())),
        None => {
            let (names, make) = FORMULAS[(kind - KINDS.len()) % formulas];
            (names, make(draw, n))
        }
    };
    let name = *draw.pick(names);
    let name = match draw.below(6) {
        0 => name.to_uppercase(),
        1 => name.replace(' ', ""),
        2 => name.replace([' ', '-'], "_"),
        _ => name.to_owned(),
    };
    (name, values)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use drivetrain::random::Random;

    use super::*;

    #[test]
    fn kinds_are_many_and_every_one_can_come() {
        assert!(KINDS.len() >= 50);
        let mut seen = BTreeSet::new();
        for seed in 0..4000 {
            let (name, values) = column(&mut Random::new(seed, "test").draws(), 10);
            assert_eq!(values.len(), 10);
            seen.insert(name);
        }
        for (names, _) in FORMULAS {
            assert!(names.iter().any(|name| seen.contains(*name)), "{names:?}");
        }
        for kind in KINDS.iter() {
            assert!(kind.names.iter().any(|name| seen.contains(*name)), "{:?}", kind.names);
        }
    }
}
