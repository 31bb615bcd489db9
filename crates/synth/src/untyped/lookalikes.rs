//! Columns that look like one of the types, and that their name tells to be something else: durations as clocks, ages of
//! houses, codes like plates. They never come without such a name.

use drivetrain_random::Draws;

use crate::types::SemanticType as T;
use crate::words::{categories, digits, each, letters, one, word};

/// Names of a kind of column, its types, and how its cells are made.
pub(super) type Named = (&'static [&'static str], &'static [T], fn(&mut Draws, usize) -> Vec<String>);

/// To add a kind, add a line.
pub(super) const KINDS: &[Named] = &[
    (
        &[
            "duration",
            "时长",
            "通话时长",
            "elapsed",
            "run time",
            "用时",
            "call length",
            "耗时",
            "停留时间",
            "track length",
            "avg session duration",
            "session duration",
            "time on page",
            "average handle time",
            "wait time",
            "响应时长",
            "平均时长",
            "工作时长",
            "在线时长",
            "finish time net",
            "playing time",
        ],
        &[],
        |draw, n| {
            let style = draw.below(4);
            let longest = *draw.pick(&[0, 0, 3]);
            each(draw, n, |draw| {
                let (h, m, s) = (draw.between(0, longest), draw.between(0, 59), draw.between(0, 59));
                match style {
                    0 | 1 => format!("{h:02}:{m:02}:{s:02}"),
                    2 => format!("{m}:{s:02}"),
                    _ => format!("{h}:{m:02}:{s:02}"),
                }
            })
        },
    ),
    (
        &[
            "工龄",
            "房龄",
            "车龄",
            "教龄",
            "楼龄",
            "司龄",
            "years of service",
            "house age",
            "car age",
            "tenure",
            "vehicle age",
            "tree age",
        ],
        &[T::Int],
        |draw, n| {
            let oldest = *draw.pick(&[5, 12, 30, 45]);
            each(draw, n, |draw| draw.between(0, oldest).to_string())
        },
    ),
    (
        &[
            "status",
            "status code",
            "http status",
            "response code",
            "code",
            "状态码",
            "返回码",
            "sc status",
            "return code",
        ],
        &[T::Int],
        |draw, n| {
            let codes = ["200", "304", "404", "302", "500", "301", "403", "401", "206", "502", "503", "204", "400"];
            categories(draw, n, &codes, 6)
        },
    ),
    (
        &[
            "医院类型",
            "医院等级",
            "hospital type",
            "facility type",
            "医疗机构类别",
            "机构类型",
            "type of facility",
            "level of care",
        ],
        &[],
        |draw, n| {
            let kinds: &[&str] = if draw.chance(0.5) {
                &[
                    "综合医院",
                    "专科医院",
                    "中医医院",
                    "妇幼保健院",
                    "社区卫生服务中心",
                    "诊所",
                    "门诊部",
                    "三级甲等",
                    "二级甲等",
                    "二级乙等",
                    "公立医院",
                    "民营医院",
                    "乡镇卫生院",
                ]
            } else {
                &[
                    "General Hospital",
                    "Psychiatric Hospital",
                    "Children's Hospital",
                    "Teaching Hospital",
                    "Rehabilitation",
                    "Community Clinic",
                    "Urgent Care",
                    "Long-Term Care",
                    "Specialty Clinic",
                    "District Hospital",
                    "Dental",
                ]
            };
            categories(draw, n, kinds, 5)
        },
    ),
    (
        &[
            "sku",
            "SKU",
            "item no",
            "Item No.",
            "product id",
            "part number",
            "article number",
            "货号",
            "料号",
            "型号",
            "model no",
        ],
        &[],
        |draw, n| {
            let (shared, join, length) = (draw.chance(0.5), one(draw, &["-", "-", "", " "]), 3 + draw.below(3));
            let size = 2 + draw.below(2);
            let start = letters(draw, size);
            each(draw, n, |draw| {
                let start = if shared { start.clone() } else { letters(draw, size) };
                format!("{start}{join}{}", digits(draw, length))
            })
        },
    ),
    (
        &[
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
        &[],
        |draw, n| {
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
                0 => &[
                    "有限责任公司",
                    "股份有限公司",
                    "个人独资企业",
                    "合伙企业",
                    "国有企业",
                    "外商投资企业",
                    "个体工商户",
                ],
                1 => &["超市", "便利店", "百货", "专卖店", "购物中心", "餐饮", "服装店"],
                2 => &["Supermarket", "Convenience", "Department Store", "Restaurant", "Pharmacy", "Gas Station"],
                _ => &[
                    "Neighborhood Park",
                    "Playground",
                    "Museum",
                    "Cinema",
                    "Stadium",
                    "LLC",
                    "Corporation",
                    "Nonprofit",
                ],
            };
            categories(draw, n, kinds, 5)
        },
    ),
    (
        &[
            "pet name",
            "宠物名",
            "dog name",
            "animal name",
            "ship name",
            "船名",
            "storm name",
            "team",
            "队名",
            "brand",
            "品牌",
        ],
        &[],
        |draw, n| {
            each(draw, n, |draw| match draw.below(4) {
                0 => word(draw, "census_first").to_owned(),
                1 => word(draw, "company_words").to_owned(),
                2 => crate::status::capitalised(word(draw, "nick_words")),
                _ => word(draw, "zihao").to_owned(),
            })
        },
    ),
    // Numbers up to a hundred that are no ages: a ward, a district, a seat, a score.
    (
        &[
            "ward",
            "WARD",
            "district",
            "council district",
            "precinct",
            "beat",
            "zone",
            "room",
            "seat",
            "score",
            "得分",
            "序号",
            "楼层数",
            "期数",
            "库存",
            "quantity",
            "qty",
            "week",
            "rank",
            "bib",
            "level",
            "线路",
            "班级",
        ],
        &[T::Int],
        |draw, n| {
            let most = *draw.pick(&[12, 30, 50, 77, 100]);
            each(draw, n, |draw| draw.between(1, most).to_string())
        },
    ),
    // Numbers of records as long as a phone's.
    (
        &[
            "summons number",
            "case number",
            "record id",
            "account number",
            "member no",
            "会员卡号",
            "体检号",
            "学号",
            "病历号",
            "就诊号",
            "流水号",
            "工号",
            "xh",
            "user id",
            "customer id",
            "order number",
            "receipt no",
            "订单编号",
            "考号",
            "meter number",
        ],
        &[T::Int],
        |draw, n| {
            let (width, shared) = (8 + draw.below(4), draw.below(6));
            let start = format!("{}{}", draw.between(2, 9), digits(draw, shared));
            let mut cells =
                each(draw, n, |draw| format!("{start}{}", digits(draw, width - start.len().min(width - 1))));
            if draw.chance(0.5) {
                cells.sort();
            }
            cells
        },
    ),
    (&["zip", "zip code", "Zip", "postcode", "postal code", "邮编", "邮政编码", "plz"], &[T::Int], |draw, n| {
        let (size, home) = (5 + draw.below(2), digits(draw, 1));
        each(draw, n, |draw| format!("{home}{}", digits(draw, size - 1)))
    }),
];
