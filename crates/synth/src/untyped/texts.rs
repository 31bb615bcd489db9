//! Longer texts without a type: names of hotels and films, social media posts, directions.

use drivetrain_random::Draws;

use crate::parts::cells::{each, letters, one, recase, word};
use crate::parts::place_names::REGIONS;
use crate::parts::spelling::capitalised;

/// Each word with a capital.
fn titled(text: &str) -> String {
    text.split(' ').map(capitalised).collect::<Vec<_>>().join(" ")
}

/// Names of Chinese hotels, made from a brand, a place and a branch.
pub(super) fn chinese_hotels(draw: &mut Draws, n: usize) -> Vec<String> {
    each(draw, n, |draw| {
        let house = match draw.below(3) {
            0 => word(draw, "hotel_brands_zh").to_owned(),
            1 => {
                format!("{}{}", word(draw, "zihao"), one(draw, &["酒店", "宾馆", "大酒店", "公寓酒店", "客栈", "民宿"]))
            }
            _ => format!("{}{}", draw.pick(&REGIONS).city.trim_end_matches('市'), word(draw, "hotel_brands_zh")),
        };
        let place = word(draw, "roads_zh").trim_end_matches(['路', '街']);
        match draw.below(4) {
            0 => house,
            1 => format!("{house}({place}地铁站店)"),
            2 => format!(
                "{house}（{}{}店）",
                draw.pick(&REGIONS).district,
                one(draw, &["", "万达广场", "火车站", "人民医院"])
            ),
            _ => format!("{house}({place}{})", one(draw, &["店", "路店", "大学店", "广场", "湖景店", "地铁站"])),
        }
    })
}

/// Names of hotels in English, and titles of rooms for rent.
pub(super) fn hotels(draw: &mut Draws, n: usize) -> Vec<String> {
    let cells = each(draw, n, |draw| {
        let list = one(draw, &["us_cities", "world_cities"]);
        let place = word(draw, list);
        let brand = one(
            draw,
            &["Hilton", "Marriott", "Holiday Inn", "Hyatt", "Best Western", "Ibis", "Novotel", "Grand Hotel"],
        );
        match draw.below(4) {
            0 => format!("{brand} {place}"),
            1 => format!("{brand} {place} {}", one(draw, &["Airport", "Downtown", "City Centre", "Beach", "Central"])),
            2 => format!(
                "{} {}",
                word(draw, "company_words"),
                one(draw, &["Hotel", "Inn", "Suites", "Hostel", "Lodge", "Resort"])
            ),
            _ => format!("{} room near {place}", one(draw, &["Cozy", "Sunny", "Private", "Bright", "Modern", "Quiet"])),
        }
    });
    recase(draw, cells)
}

/// Directions by public transport.
pub(super) fn ways_there(draw: &mut Draws, n: usize) -> Vec<String> {
    each(draw, n, |draw| {
        let line = draw.between(1, 18);
        let buses: Vec<String> = (0..1 + draw.below(4)).map(|_| format!("{}路", draw.between(1, 999))).collect();
        let (buses, stop) = (buses.join("、"), word(draw, "roads_zh"));
        match draw.below(4) {
            0 => format!("轨道交通{line}号线，公交{buses}"),
            1 => format!("乘坐公交{buses}到{stop}站下车"),
            2 => format!("地铁{line}号线{stop}站步行{}分钟", draw.between(2, 20)),
            _ => format!("{buses}可达"),
        }
    })
}

/// Films, books and songs.
pub(super) fn titles(draw: &mut Draws, n: usize) -> Vec<String> {
    let cells = each(draw, n, |draw| {
        let (a, b) = (word(draw, "nick_words"), word(draw, "nick_words"));
        match draw.below(6) {
            0 => format!("The {a} {b}"),
            1 => format!("{a} of the {b}"),
            2 => format!("{a}: the {b} {}", draw.between(2, 4)),
            3 => format!("{a} and {b} ({})", draw.between(1930, 2024)),
            4 => format!("a {a} in {}", word(draw, "world_cities")),
            _ => format!("{a} {b}"),
        }
    });
    if draw.chance(0.7) { cells.iter().map(|cell| titled(cell)).collect() } else { recase(draw, cells) }
}

/// Titles in Chinese, or headlines.
pub(super) fn chinese_titles(draw: &mut Draws, n: usize) -> Vec<String> {
    let news = draw.chance(0.4);
    each(draw, n, |draw| {
        let (nick, place) = (word(draw, "nick_zh"), draw.pick(&REGIONS).city);
        match (news, draw.below(4)) {
            (true, 0) => format!("{place}召开{}工作会议", word(draw, "industries_zh")),
            (true, 1) => format!("关于开展{}专项检查的通知", word(draw, "industries_zh")),
            (true, 2) => {
                format!("{place}{}月{}价格上涨{}%", draw.between(1, 12), word(draw, "goods_zh"), draw.between(1, 30))
            }
            (true, _) => format!("{place}一{}项目开工", word(draw, "industries_zh")),
            (false, 0) => format!("{nick}之{}", word(draw, "nick_zh")),
            (false, 1) => format!("{nick}{}", draw.between(2, 4)),
            (false, _) => nick.to_owned(),
        }
    })
}

/// Social media posts, with mentions, links and hashtags.
pub(super) fn posts(draw: &mut Draws, n: usize) -> Vec<String> {
    let chinese = draw.chance(0.4);
    each(draw, n, |draw| {
        let said = match chinese {
            true => format!("{}{}", word(draw, "remark_subjects_zh"), word(draw, "remark_verdicts_zh")),
            false => format!("{} {}", word(draw, "remark_subjects_en"), word(draw, "remark_verdicts_en")),
        };
        let (nick, topic) = (word(draw, "screen_names"), word(draw, "nick_words"));
        match draw.below(7) {
            0 => format!("@{nick} {said}"),
            1 => format!("{said} #{topic}"),
            2 => format!("RT @{nick}: {said}… https://t.co/{}", letters(draw, 8)),
            3 => format!("{said} 😂😂"),
            4 if chinese => format!("#{topic}# {said}"),
            4 => format!("{said}, {} {topic}! @{nick}", one(draw, &["so", "what a", "my", "no more"])),
            _ => said,
        }
    })
}

/// Entrances, exits and gates.
pub(super) fn entrances(draw: &mut Draws, n: usize) -> Vec<String> {
    let chinese = draw.chance(0.6);
    each(draw, n, |draw| match (chinese, draw.below(3)) {
        (true, 0) => format!(
            "{}门{}号{}",
            one(draw, &["东", "西", "南", "北"]),
            draw.between(1, 9),
            one(draw, &["入口", "出口", "岗", "闸机"])
        ),
        (true, 1) => format!("B{}{}", draw.between(1, 3), one(draw, &["入口", "出口", "通道"])),
        (true, _) => {
            one(draw, &["地面入口", "地下车库", "大堂", "货运通道", "员工通道", "消防通道", "正门", "侧门"]).to_owned()
        }
        (false, 0) => format!("Gate {}", draw.between(1, 40)),
        (false, 1) => {
            format!("{} Door {}", one(draw, &["North", "South", "East", "West", "Main"]), draw.between(1, 6))
        }
        (false, _) => {
            one(draw, &["Lobby", "Loading dock", "Main entrance", "Turnstile 2", "P1 barrier", "Stairwell B"])
                .to_owned()
        }
    })
}

/// Ranges of the number of employees of companies.
pub(super) fn firm_sizes(draw: &mut Draws, n: usize) -> Vec<String> {
    let style = draw.below(4);
    let bounds = [1, 15, 20, 50, 51, 100, 150, 200, 500, 1000, 2000, 5000, 10_000];
    each(draw, n, |draw| {
        let at = draw.below(bounds.len() - 1);
        let (low, high) = (bounds[at], bounds[at + 1]);
        match (style, draw.below(7)) {
            (0 | 1, 0) => format!("{}{high}人{}", one(draw, &["", "少于"]), one(draw, &["以上", "以下"])),
            (0, _) => format!("{low}-{high}人"),
            (1, _) => format!("{low}~{high}人"),
            (2, 0) => format!("{high}+ employees"),
            (2, _) => format!("{low} to {high} employees"),
            (_, 0) => format!("{high}+"),
            _ => format!("{low}-{high}"),
        }
    })
}
