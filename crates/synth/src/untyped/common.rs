//! Columns without a type that nearly every table has: places, codes, the calendar, colours, departments.

use drivetrain_random::Draws;
use tabular_sense_tables::MONTHS;

use super::texts;
use crate::parts::cells::{categories, digits, each, early, letters, levels, one, recase, word};
use crate::parts::place_names::REGIONS;
use crate::parts::word_lists::words;

/// The names of one kind of column, and a function that makes its cells.
pub(super) type Formula = (&'static [&'static str], fn(&mut Draws, usize) -> Vec<String>);

/// Elements of a list, either as a column of categories or each independently; in their original case or another.
fn some_of(draw: &mut Draws, n: usize, list: &[&str]) -> Vec<String> {
    let cells = match draw.below(3) {
        0 => each(draw, n, |draw| early(draw, list).to_owned()),
        1 => each(draw, n, |draw| one(draw, list).to_owned()),
        _ => categories(draw, n, list, 5),
    };
    recase(draw, cells)
}

/// Elements of a list of months or weekdays, in full or by their first three letters.
fn full_or_short(draw: &mut Draws, n: usize, names: &[&str]) -> Vec<String> {
    if draw.chance(0.7) {
        return some_of(draw, n, names);
    }
    let short: Vec<&str> = names.iter().map(|name| &name[..3]).collect();
    some_of(draw, n, &short)
}

fn letter(draw: &mut Draws) -> String {
    letters(draw, 1)
}

fn digit(draw: &mut Draws) -> String {
    digits(draw, 1)
}

/// One part of a Chinese region's name, with or without the word for its level.
fn divisions(draw: &mut Draws, n: usize, part: fn(usize) -> &'static str, ends: &[&str]) -> Vec<String> {
    let (bare, home) = (draw.chance(0.4), draw.below(REGIONS.len()));
    // A table of one place, or of the whole country.
    let near = *draw.pick(&[8, 60, REGIONS.len()]);
    each(draw, n, |draw| {
        let name = part((home + draw.below(near)) % REGIONS.len());
        let end = ends.iter().find(|end| bare && name.len() > 2 * end.len() && name.ends_with(**end));
        name.strip_suffix(end.copied().unwrap_or_default()).unwrap_or(name).to_owned()
    })
}

/// To add a kind, add a line.
pub(super) const KINDS: &[Formula] = &[
    (&["city", "town", "City", "city name", "municipality", "ship city", "birth city", "place"], |draw, n| {
        let list = words(one(draw, &["us_cities", "us_cities", "world_cities"]));
        some_of(draw, n, list)
    }),
    (&["county", "County", "county name", "borough", "parish", "district"], |draw, n| {
        let end = one(draw, &["", "", "", " County", " Co."]);
        some_of(draw, n, words("us_counties")).into_iter().map(|county| county + end).collect()
    }),
    (
        &["borough", "town", "village", "neighborhood", "community area", "ward name", "locality", "suburb"],
        |draw, n| {
            let end = one(draw, &["", "", " Park", " Heights", " Township", " Village", " Hills"]);
            some_of(draw, n, words("us_cities")).into_iter().map(|place| place + end).collect()
        },
    ),
    (&["state", "State", "state name", "province", "home state", "billing state", "us state"], |draw, n| {
        some_of(draw, n, words("states_and_provinces"))
    }),
    (&["state", "ST", "state code", "addr state", "mailing state", "reg state", "province"], |draw, n| {
        let list = words("us_states");
        some_of(draw, n, list)
    }),
    (&["country", "country name", "nation", "vendor country", "origin", "home country", "国家"], |draw, n| {
        some_of(draw, n, words("countries"))
    }),
    (&["country", "country code", "iso", "iso code", "nationality", "ctry", "国家代码"], |draw, n| {
        let list = words(one(draw, &["country_codes_2", "country_codes_3"]));
        let home = one(draw, &["US", "USA", "GB", "CA", "CN", "IN", "DE"]);
        let share = if draw.chance(0.4) { 0.95 } else { 0.0 };
        each(draw, n, |draw| if draw.chance(share) { home } else { one(draw, list) }.to_owned())
    }),
    (&["currency", "currency code", "ccy", "币种", "currency unit"], |draw, n| {
        let list = words("currency_codes");
        some_of(draw, n, list)
    }),
    (&["language", "lang", "language code", "locale", "primary language", "语言"], |draw, n| {
        let list = words(one(draw, &["languages", "languages", "language_codes"]));
        some_of(draw, n, list)
    }),
    (&["城市", "所在城市", "city", "地市", "城市名称", "工作城市", "市"], |draw, n| {
        divisions(draw, n, |at| REGIONS[at].city, &["市", "地区"])
    }),
    (&["区县", "行政区", "district", "所属区域", "区", "县区", "所在区", "商圈"], |draw, n| {
        divisions(draw, n, |at| REGIONS[at].district, &["区", "县"])
    }),
    (&["省份", "省", "province", "所在省", "籍贯", "省市"], |draw, n| {
        divisions(draw, n, |at| REGIONS[at].province, &["省", "市"])
    }),
    (&["地区", "省市区", "所在地", "籍贯", "出生地", "区域"], |draw, n| {
        let join = one(draw, &["", "-", " ", "/"]);
        each(draw, n, |draw| {
            let region = draw.pick(&REGIONS);
            format!("{}{join}{}", region.province, region.city)
        })
    }),
    (&["month", "Month", "month name", "event month", "sale month", "birth month", "月份"], |draw, n| {
        full_or_short(draw, n, &MONTHS)
    }),
    (&["weekday", "day", "day of week", "Day", "dow", "day name", "星期"], |draw, n| {
        full_or_short(draw, n, words("weekdays"))
    }),
    (&["color", "colour", "color name", "vehicle color", "primary color", "exterior color", "颜色"], |draw, n| {
        let colours = words("colours");
        let list = *draw.pick(&[colours, colours, &colours[..6], words("colour_codes")]);
        some_of(draw, n, list)
    }),
    (&["颜色", "车身颜色", "color", "号牌颜色", "外观颜色"], |draw, n| {
        some_of(draw, n, words("colours_zh"))
    }),
    (&["zip", "zip code", "postal code", "postcode", "plz"], |draw, n| {
        let style = draw.below(3);
        each(draw, n, |draw| match style {
            0 => format!("{}-{}", digits(draw, 5), digits(draw, 4)),
            1 => format!(
                "{}{}{} {}{}{}",
                letter(draw),
                digit(draw),
                letter(draw),
                digit(draw),
                letter(draw),
                digit(draw)
            ),
            _ => format!("{}{} {}{}", letters(draw, 2), draw.below(20), digit(draw), letters(draw, 2)),
        })
    }),
    (&["department", "dept", "agency", "division", "department name", "bureau", "unit"], |draw, n| {
        some_of(draw, n, words("departments"))
    }),
    (&["description", "item", "product", "item description", "item text", "desc", "product name"], |draw, n| {
        let cells = each(draw, n, |draw| {
            let thing = word(draw, "goods");
            match draw.below(6) {
                0 => format!(
                    "{thing}, {} #{}",
                    one(draw, &["large", "small", "M", "box of 100", "white"]),
                    draw.between(1, 1500)
                ),
                1 => format!("{thing} - {}", one(draw, &["LG", "MED", "XL", "12 pk", "case", "refill"])),
                2 => format!("{thing} {}{}", draw.between(1, 900), one(draw, &["ml", " oz", "g", "mm", " ct"])),
                3 => format!("{thing}s"),
                _ => thing.to_owned(),
            }
        });
        recase(draw, cells)
    }),
    (&["ticket", "code", "model", "serial number", "case number", "permit number", "编号"], |draw, n| {
        // Several series, as numbered by several clerks.
        each(draw, n, |draw| match draw.below(5) {
            0 => format!("{}/{} {}", letter(draw), draw.below(9), digits(draw, 5)),
            1 => format!("{} {}", letters(draw, 2), digits(draw, 5)),
            2 => format!("{}-{}", digits(draw, 3), digits(draw, 4)),
            3 => format!("{}.{}. {}", letter(draw), letter(draw), digits(draw, 4)),
            _ => digits(draw, 6),
        })
    }),
    (&["类型", "type", "poi type", "typecode", "行业类别", "分类"], |draw, n| {
        some_of(draw, n, words("poi_kinds"))
    }),
    (&["suffix", "name suffix", "sfx", "generation"], |draw, n| {
        let cells = categories(draw, n, &["Jr", "Sr", "II", "III", "IV", "JR", "SR", "Jr.", "Sr."], 3);
        recase(draw, cells)
    }),
    (&["carrier", "airline", "marketing airline", "carrier name"], |draw, n| {
        let cells = each(draw, n, |draw| {
            format!(
                "{} {}",
                one(
                    draw,
                    &[
                        "Alpine", "Pacific", "Delta", "United", "Nordic", "Royal", "Japan", "Southern", "British",
                        "Air", "American"
                    ]
                ),
                one(draw, &["Airlines", "Airways", "Air Lines", "Air", "Aviation", "Express", "Jet"])
            )
        });
        recase(draw, cells)
    }),
    (&["更新", "time", "更新于", "last update", "发布于", "last seen"], |draw, n| {
        let end = one(draw, &["天前发布", "小时前", "天前更新", "分钟前", " days ago", " hours ago"]);
        each(draw, n, |draw| format!("{}{end}", draw.between(1, 30)))
    }),
    (&["酒店", "酒店名称", "hotel name", "hotel", "宾馆", "住宿", "name", "民宿"], texts::chinese_hotels),
    (&["hotel", "hotel name", "property name", "accommodation", "listing name"], texts::hotels),
    (&["交通", "交通路线", "乘车路线", "traffic", "bus routes", "公交线路", "路线", "附近交通"], texts::ways_there),
    (&["film", "movie", "title", "book title", "show", "album", "song", "original title"], texts::titles),
    (&["片名", "电影", "书名", "标题", "title", "歌名", "剧名", "新闻标题", "headline"], texts::chinese_titles),
    (
        &["tags", "labels", "keywords", "标签", "关键词", "features", "特色", "福利", "categories"],
        |draw, n| {
            let (list, join) = match draw.below(3) {
                0 => ("nick_words", one(draw, &[",", ", ", "|", ";", " "])),
                1 => ("industries_zh", one(draw, &[",", "、", " ", ";", "/"])),
                _ => ("goods_zh", one(draw, &[",", "、", " ", ";", "/"])),
            };
            each(draw, n, |draw| (0..1 + draw.below(4)).map(|_| word(draw, list)).collect::<Vec<_>>().join(join))
        },
    ),
    (&["duration", "runtime", "时长", "片长", "用时", "length of stay", "工期", "elapsed time"], |draw, n| {
        let style = draw.below(7);
        each(draw, n, |draw| {
            let (h, m) = (draw.between(0, 5), draw.between(1, 59));
            match style {
                0 => format!("{h}h {m}m"),
                1 => format!("{h}小时{m}分钟"),
                2 => format!("{} min", 60 * h + m),
                3 => format!("{m}天"),
                4 => format!("{h} hr {m} min"),
                5 => format!("{m} {}", one(draw, &["days", "weeks", "months", "nights"])),
                _ => format!("PT{h}H{m}M"),
            }
        })
    }),
    (
        &[
            "text",
            "tweet",
            "content",
            "message",
            "post",
            "微博内容",
            "正文",
            "评论内容",
            "body",
            "status text",
            "caption",
        ],
        texts::posts,
    ),
    // Company sizes, discounts, areas of land.
    (
        &["公司规模", "规模", "size", "company size", "employees", "人员规模", "企业规模", "number of employees"],
        texts::firm_sizes,
    ),
    (&["折扣", "优惠", "discount", "promotion", "活动", "优惠力度"], |draw, n| {
        let style = draw.below(4);
        each(draw, n, |draw| match style {
            0 => format!("{}折", draw.between(1, 9)),
            1 => format!("{}.{}折", draw.between(1, 9), draw.between(1, 9)),
            2 => format!("满{}减{}", draw.between(1, 9) * 100, draw.between(1, 9) * 10),
            _ => format!("buy {} get {}", draw.between(1, 5), draw.between(1, 2)),
        })
    }),
    (
        &["面积", "占地面积", "总面积", "area", "land area", "地块面积", "mj", "种植面积", "lot size"],
        |draw, n| {
            let unit = one(draw, &["公顷", "平方公里", "亩", " acres", " ha", " km²", "平方米", " sq ft", "㎡"]);
            let places = draw.below(3);
            each(draw, n, |draw| format!("{:.places$}{unit}", 40.0 * (1.2 * draw.normal()).exp()))
        },
    ),
    (
        &["门禁", "出入口", "入口", "通道", "entrance", "gate", "access point", "进场通道", "出场口", "door"],
        texts::entrances,
    ),
    (&["product", "商品", "商品名称", "品名", "产品", "物品", "菜名", "dish", "配件"], |draw, n| {
        each(draw, n, |draw| {
            let thing = word(draw, "goods_zh");
            match draw.below(5) {
                0 => format!("{}{thing}", word(draw, "zihao")),
                1 => format!("{thing}{}{}", draw.between(1, 900), one(draw, &["ml", "g", "克", "支装", "件套", "寸"])),
                2 => format!(
                    "{}{thing}",
                    one(draw, &["新款", "儿童", "家用", "便携式", "纯棉", "有机", "红烧", "进口", "电动"])
                ),
                3 => format!("{thing}({})", one(draw, &["大", "小", "红色", "盒", "500g", "M码"])),
                _ => thing.to_owned(),
            }
        })
    }),
    (
        &[
            "评级",
            "信用等级",
            "等级",
            "评等",
            "评定等级",
            "grade",
            "rating",
            "credit rating",
            "tier",
            "class",
            "rank",
            "考核结果",
        ],
        |draw, n| {
            levels(
                draw,
                n,
                &[
                    &["A", "B", "C", "D"],
                    &["A", "B", "C", "D", "E", "F"],
                    &["A+", "A", "A-", "B+", "B", "C"],
                    &["AAA", "AA", "A", "BBB", "BB"],
                    &["优", "良", "中", "差"],
                    &["优秀", "良好", "合格", "不合格"],
                    &["甲", "乙", "丙"],
                    &["A级", "B级", "C级", "M级"],
                    &["Good", "Fair", "Poor"],
                    &["★★★★★", "★★★★", "★★★"],
                    &["Gold", "Silver", "Bronze", "Platinum"],
                ],
            )
        },
    ),
    // A few short codes whose meaning is known only to their authors.
    (
        &[
            "code",
            "type code",
            "language",
            "category code",
            "dept code",
            "unit",
            "flag type",
            "代码",
            "简码",
            "region code",
            "lang",
        ],
        |draw, n| {
            let length = 2 + draw.below(3);
            let codes: Vec<String> = match draw.below(4) {
                0 => (0..4).map(|_| word(draw, "language_codes_3").to_uppercase()).collect(),
                _ => (0..1 + draw.below(6)).map(|_| letters(draw, length)).collect(),
            };
            categories(draw, n, &codes, codes.len())
        },
    ),
    (&["category", "type", "class", "group", "segment", "code"], |draw, n| {
        let word = word(draw, "company_words");
        let kinds: Vec<String> = (0..5).map(|_| format!("{word} {}", digits(draw, 2))).collect();
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        some_of(draw, n, &kinds)
    }),
];
