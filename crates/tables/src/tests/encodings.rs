use std::fmt::Write;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, WINDOWS_1252};
use proptest::prelude::*;

use super::encoding_corpus::{Half, measure};
use super::{names, read, rows, try_read, values};
use crate::encoding::{self, Look};
use crate::{ReadOptions, TableError};

const SIMPLIFIED: &str =
    "编号,姓名,城市,备注\n1,陈伟,北京,今天天气很好\n2,王芳,成都,我们去公园散步\n3,李娜,广州,一切都好\n";
const TRADITIONAL: &str =
    "編號,姓名,城市,備註\n1,陳偉,台北,今天天氣很好\n2,王芳,高雄,我們去公園散步\n3,李娜,台中,一切都好\n";
const WESTERN: &str = "id,name,city\n1,José,Málaga\n2,François,Orléans\n3,Jürgen,Köln\n";
const JAPANESE: &str = "番号,氏名,都市\n1,田中さくら,大阪\n2,鈴木一郎,京都\n";
const KOREAN: &str = "번호,이름,도시\n1,김영희,서울\n2,박철수,부산\n";

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn check(bytes: &[u8], encoding: &str, text: &str) {
    let table = read(bytes);
    assert_eq!(table.encoding, encoding, "{text}");
    assert_eq!((table.replaced, table.nul, table.mended.len()), (0, 0, 0));
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    assert_eq!(names(&table), lines.next().unwrap());
    assert_eq!(rows(&table), lines.collect::<Vec<_>>());
}

fn found(bytes: &[u8]) -> Option<&'static Encoding> {
    match encoding::look(bytes, None).expect("bytes can be read") {
        Look::Text(encoding) => Some(encoding),
        _ => None,
    }
}

/// Checks that a text in an encoding is read as that text, whichever encoding is detected.
fn check_text(encoding: &'static Encoding, text: &str) {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{text} in {}", encoding.name());
    let found = found(&bytes).expect("text");
    assert_eq!(found.decode_without_bom_handling(&bytes).0, text, "{} found to be {}", encoding.name(), found.name());
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
    let more: [(&'static Encoding, &str); 6] = [
        (SHIFT_JIS, JAPANESE),
        (EUC_JP, JAPANESE),
        (ISO_2022_JP, JAPANESE),
        (UTF_8, JAPANESE),
        (EUC_KR, KOREAN),
        (UTF_8, KOREAN),
    ];
    for (encoding, text) in more {
        check_text(encoding, text);
    }
}

/// At least 99.5% of the tables in each half of the corpus are read correctly. Only the text counts: if two encodings decode the
/// bytes to the same text, either is right.
#[test]
fn nearly_all_tables_of_the_corpus_are_read_right() {
    for half in [Half::Development, Half::HeldOut] {
        let outcome = measure(half, found);
        println!("{half:?}: {}", outcome.report());
        assert!(outcome.tables >= 2_000 && outcome.share() >= 0.995, "{half:?}:\n{}", outcome.report());
    }
}

#[test]
fn two_words_over_and_over_are_enough() {
    let table = |words: [&str; 2], rows: usize| {
        let mut text = "id,flag\n".to_owned();
        (0..rows).for_each(|row| writeln!(text, "{},{}", row % 7, words[row % 2]).unwrap());
        text
    };
    let simplified =
        [["是", "否"], ["男", "女"], ["有", "无"], ["对", "错"], ["已婚", "未婚"], ["优", "良"], ["早", "晚"]];
    let traditional = [["是", "否"], ["男", "女"], ["有", "無"], ["對", "錯"], ["啟用", "停用"], ["已婚", "未婚"]];
    let korean = [["예", "아니오"], ["남", "여"], ["합격", "불합격"]];
    for rows in [1, 2, 5, 40, 200] {
        simplified.iter().for_each(|words| check_text(GB18030, &table(*words, rows)));
        traditional.iter().for_each(|words| check_text(BIG5, &table(*words, rows)));
        // One syllable alone may as well be a Chinese character.
        korean.iter().filter(|_| rows > 1).for_each(|words| check_text(EUC_KR, &table(*words, rows)));
        check_text(SHIFT_JIS, &table(["はい", "いいえ"], rows));
    }
}

#[test]
fn a_header_over_numbers_is_enough() {
    let numbers = "1,27\n2,31\n3,45\n";
    for header in ["姓名,年龄", "学号,分数", "门店,销量", "name,金额", "x,温度", "员工编号,基本工资"]
    {
        check_text(GB18030, &format!("{header}\n{numbers}"));
    }
    for header in ["姓名,年齡", "學號,分數", "門市,銷量", "name,金額", "x,溫度", "員工編號,基本工資"]
    {
        check_text(BIG5, &format!("{header}\n{numbers}"));
    }
}

#[test]
fn units_and_currency_are_enough() {
    for cell in ["66㎡", "￥3.20", "18℃", "±2℃", "30元", "5％", "7万元", "12个", "№3"] {
        for rows in [1, 3, 30] {
            check_text(GB18030, &format!("id,x\n{}", format!("1,{cell}\n").repeat(rows)));
        }
    }
}

#[test]
fn signs_of_western_tables_are_windows_1252() {
    let cells = [
        "£3.75",
        "£ 12",
        "Price (£)",
        "€8",
        "8 €",
        "±0.3",
        "7±1",
        "5 m³",
        "5 m²",
        "21°",
        "21 °C",
        "3 µm",
        "§ 4",
        "© Bell",
        "Bell®",
        "Bell™",
        "½",
        "2½",
        "it’s",
        "“so”",
        "‘so’",
        "2001–2004",
        "a — b",
        "etc…",
        "• x",
        "garçon",
        "ça va",
        "Zoé",
        "München",
        "año",
        "«oui»",
        "¿qué?",
        "1 500,00",
        "3×4",
        "25¢",
        "4‰",
        "Åre",
        "smørrebrød",
        "Ærø",
        "São",
        "naïf",
        "œuvre",
        "ÉCOLE",
    ];
    for cell in cells {
        for rows in [1, 4, 25] {
            check_text(WINDOWS_1252, &format!("id,x,y\n{}", format!("1,{cell},2\n").repeat(rows)));
        }
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
    for encoding in [UTF_8, GB18030] {
        let table = read(&encoding.encode(&text).0);
        assert_eq!((table.encoding, table.rows, table.replaced), (encoding.name(), 9_000, 0));
        assert!(table.columns[0].values.iter().all(|value| value == "甲乙丙丁戊己庚辛"));
    }
}

#[test]
fn a_text_without_line_ends_is_one_cell() {
    let text = "天地玄黄宇宙洪荒".repeat(60_000);
    for encoding in [UTF_8, GB18030] {
        let table = read(&encoding.encode(&text).0);
        assert_eq!((table.encoding, table.replaced), (encoding.name(), 0));
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
fn characters_cut_by_a_field_length_do_not_make_a_file_something_else() {
    let mut bytes = "编号,说明\n".as_bytes().to_vec();
    for row in 0..20 {
        bytes.extend(format!("{row},").bytes());
        // Each cell is cut after 20 bytes, in the middle of a character.
        bytes.extend(&"设备运行正常没有发现问题".as_bytes()[..20]);
        bytes.push(b'\n');
    }
    let table = read(&bytes);
    assert_eq!((table.encoding, table.replaced, table.mended.len()), ("UTF-8", 20, 0));
    assert_eq!(values(&table, 1)[0], "设备运行正常\u{FFFD}");
}

/// Rows of one text in UTF-8 and of another in some encoding, shuffled a little.
fn mixed(utf_8: (&str, usize), other: (&str, usize), encoding: &'static Encoding) -> Vec<u8> {
    let mut bytes = b"id,name,city\n".to_vec();
    let all = utf_8.1 + other.1;
    for row in 0..all {
        let is_other = row * other.1 / all != (row + 1) * other.1 / all;
        let text = format!("{row},{}\n", if is_other { other.0 } else { utf_8.0 });
        bytes.extend_from_slice(&if is_other { encoding.encode(&text).0 } else { UTF_8.encode(&text).0 });
    }
    bytes
}

#[test]
fn lines_in_another_encoding_are_mended() {
    type Rows = (&'static str, usize);
    let cases: [(Rows, Rows, &'static Encoding); 6] = [
        (("Chloé,Nîmes", 30), ("Chloé,Nîmes", 5), WINDOWS_1252),
        (("Chloé,Nîmes", 300), ("Zoë,Málaga", 1), WINDOWS_1252),
        (("王芳,南京", 30), ("王芳,南京", 5), GB18030),
        (("王芳,南京", 60), ("José,Málaga", 3), WINDOWS_1252),
        (("陳偉,台北", 20), ("陳偉,台北", 4), BIG5),
        (("Chloé,Nîmes", 30), ("王芳,南京", 5), GB18030),
    ];
    for ((here, here_rows), (there, there_rows), encoding) in cases {
        let table = read(mixed((here, here_rows), (there, there_rows), encoding));
        assert_eq!((table.encoding, table.replaced), ("UTF-8", 0), "{here} {there}");
        assert_eq!(table.mended, [(encoding.name(), there_rows as u64)], "{here} {there}");
        let count = |text: &str| rows(&table).iter().filter(|row| row[1..].join(",") == text).count();
        assert_eq!(count(there), if here == there { here_rows + there_rows } else { there_rows });
        let remark = table.remarks()[0].to_string();
        assert!(remark.contains(encoding.name()) && remark.starts_with(&there_rows.to_string()), "{remark}");
    }
}

#[test]
fn zeros_are_left_out_and_counted() {
    let padded = [b"id,name\n1,Ann\n2,Bob\n3,Cy\n".to_vec(), vec![0; 9]].concat();
    let in_cell = b"id,name\n1,A\0nn\n2,Bob\n3,Cy\n".to_vec();
    let fields = b"id,name\n1,Ann\0\0\0\0\0\n2,Bob\0\0\0\0\0\n3,Cy\0\0\0\0\0\0\n".to_vec();
    for (bytes, nul) in [(padded, 9), (in_cell, 1), (fields, 16)] {
        let table = read(&bytes);
        assert_eq!((table.encoding, table.rows, table.nul), ("UTF-8", 3, nul));
        assert_eq!((names(&table), values(&table, 1)), (vec!["id", "name"], vec!["Ann", "Bob", "Cy"]));
        assert!(table.remarks()[0].to_string().contains("NUL character"), "{:?}", table.remarks());
    }
    let mut legacy = GB18030.encode(SIMPLIFIED).0.into_owned();
    legacy.push(0);
    let table = read(&legacy);
    assert_eq!((table.encoding, table.nul, values(&table, 1)), ("gb18030", 1, vec!["陈伟", "王芳", "李娜"]));
}

#[test]
fn zeros_in_what_is_no_text_are_binary() {
    let random = drivetrain_random::Random::new(7, "binary");
    let noise: Vec<u8> = (0..4_000).map(|at| random.bits(at) as u8).collect();
    let integers: Vec<u8> = (0..500_u32).flat_map(|value| (value * 37).to_le_bytes()).collect();
    let floats: Vec<u8> = (0..500_u32).flat_map(|value| f64::from(value).sqrt().to_le_bytes()).collect();
    for bytes in [noise, integers, floats] {
        let error = try_read(&bytes, ".csv", &ReadOptions::default()).expect_err("no text");
        assert!(matches!(error, TableError::Binary { .. }), "{error}");
    }
}

#[test]
fn the_encoding_can_be_given() {
    let options = ReadOptions { encoding: Some("latin1".into()), ..ReadOptions::default() };
    let table = try_read("name\né\n".as_bytes(), ".csv", &options).unwrap();
    assert_eq!((table.encoding, table.columns[0].values[0].as_str()), ("windows-1252", "Ã©"));
}

/// Words of one script each.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé]{1,6}é[a-zü]{1,6}",
        "[А-Я][а-я]{2,8}",
        "[Α-Ω][α-ω]{2,8}",
        "[\u{4E00}-\u{9FA5}]{1,6}",
        "[ぁ-ん]{1,6}",
        "[가-힣]{1,6}",
        "[\u{0621}-\u{063A}]{2,8}",
        "[ก-ฮ]{2,8}",
        "[0-9]{1,3}(°|€|㎡|℃)",
        "\u{1F600}",
        "[\u{0915}-\u{0939}]{2,5}",
    ]
}

proptest! {
    #[test]
    fn ascii_is_utf_8(text in "[ -~\n\t]{1,300}") {
        let is_marked = ["BZh", "PAR1", "ARROW1", "%PDF-", "SQLite format 3"].iter().any(|magic| text.starts_with(magic));
        prop_assume!(!is_marked);
        prop_assert_eq!(found(text.as_bytes()), Some(UTF_8));
    }

    #[test]
    fn valid_utf_8_is_utf_8(words in prop::collection::vec(word(), 1..12), delimiter in "[,;\t\n|]") {
        prop_assert_eq!(found(words.join(&delimiter).as_bytes()), Some(UTF_8));
    }

    #[test]
    fn no_bytes_panic_and_nothing_is_lost(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 1..300),
            prop::collection::vec(prop::sample::select(b"a1,\n\xC3\xA9\xE5\xBC\x80\x41\x30\xFF\x1B\0".to_vec()), 1..200),
        ],
    ) {
        if let Ok(table) = try_read(&bytes, ".csv", &ReadOptions::default()) {
            prop_assert!(!table.columns.is_empty());
        }
    }
}
