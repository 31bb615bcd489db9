use encoding_rs::{BIG5, Encoding, GB18030, WINDOWS_1252};

use super::{names, read, rows, try_read};
use crate::table::ReadOptions;

const SIMPLIFIED: &str =
    "编号,姓名,城市,备注\n1,陈伟,北京,今天天气很好\n2,王芳,成都,我们去公园散步\n3,李娜,广州,一切都好\n";
const TRADITIONAL: &str =
    "編號,姓名,城市,備註\n1,陳偉,台北,今天天氣很好\n2,王芳,高雄,我們去公園散步\n3,李娜,台中,一切都好\n";
const WESTERN: &str = "id,name,city\n1,José,Málaga\n2,François,Orléans\n3,Jürgen,Köln\n";

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn check(bytes: &[u8], encoding: &str, text: &str) {
    let table = read(bytes);
    assert_eq!(table.encoding, encoding);
    assert_eq!(table.replaced, 0);
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    assert_eq!(names(&table), lines.next().unwrap());
    assert_eq!(rows(&table), lines.collect::<Vec<_>>());
}

#[test]
fn every_encoding_is_found_and_gives_the_same_text() {
    for text in [SIMPLIFIED, TRADITIONAL, WESTERN] {
        check(text.as_bytes(), "UTF-8", text);
        check(format!("\u{FEFF}{text}").as_bytes(), "UTF-8", text);
        for mark in ["", "\u{FEFF}"] {
            let marked = format!("{mark}{text}");
            check(&utf_16(&marked, u16::to_le_bytes), "UTF-16LE", text);
            check(&utf_16(&marked, u16::to_be_bytes), "UTF-16BE", text);
        }
    }
    let legacy: [(&'static Encoding, &str); 3] = [(GB18030, SIMPLIFIED), (BIG5, TRADITIONAL), (WINDOWS_1252, WESTERN)];
    for (encoding, text) in legacy {
        check(&encoding.encode(text).0, encoding.name(), text);
    }
}

#[test]
fn a_single_chinese_name_is_enough() {
    let text = "id,name\n1,陈伟\n2,Anna\n";
    check(&GB18030.encode(text).0, "gb18030", text);
}

#[test]
fn the_only_accent_may_be_on_the_last_line() {
    let mut text = "id,name\n".to_owned();
    for id in 0..40_000 {
        text.push_str(&format!("{id},Anna Smith\n"));
    }
    text.push_str("40000,陈伟\n");
    let table = read(&GB18030.encode(&text).0);
    assert_eq!((table.encoding, table.rows), ("gb18030", 40_001));
    assert_eq!(table.columns[1].values.last().unwrap(), "陈伟");
}

#[test]
fn a_character_may_be_cut_in_two_by_the_end_of_a_chunk() {
    // Cells of odd length put characters on every boundary.
    let text = format!("名称\n{}", "甲乙丙丁戊己庚辛,a\n".repeat(9_000));
    for encoding in [encoding_rs::UTF_8, GB18030] {
        let table = read(&encoding.encode(&text).0);
        assert_eq!((table.encoding, table.rows, table.replaced), (encoding.name(), 9_000, 0));
        assert!(table.columns[0].values.iter().all(|value| value == "甲乙丙丁戊己庚辛"));
    }
}

#[test]
fn damage_is_replaced_and_counted() {
    let mut bytes = SIMPLIFIED.as_bytes().to_vec();
    let at = SIMPLIFIED.find("王芳").unwrap();
    bytes[at] = 0xFF;
    let table = read(&bytes);
    assert_eq!(table.encoding, "UTF-8");
    assert!(table.replaced > 0 && table.columns[1].values[1].contains('\u{FFFD}'));
    assert!(table.remarks()[0].to_string().contains("UTF-8"), "{:?}", table.remarks());
}

#[test]
fn the_encoding_can_be_given() {
    let options = ReadOptions { encoding: Some("latin1".into()), ..ReadOptions::default() };
    let table = try_read("name\né\n".as_bytes(), ".csv", &options).unwrap();
    assert_eq!((table.encoding, table.columns[0].values[0].as_str()), ("windows-1252", "Ã©"));
}
