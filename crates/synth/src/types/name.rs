//! Names of people.

use crate::definition::{Definition, Form, Lookalike, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{digits, each, frequent, one, recase, word};
use crate::parts::person_names::{chinese_name, english_name, given, given_zh, romanised, surname};
use crate::parts::spelling::capitalised;
use crate::recognise::known::is_surname;
use crate::recognise::lexicon::is_run_together;
use crate::recognise::scripts::{is_han, is_hangul, is_kana};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "name of a person",
    zh: "姓名",
    description: "Names of people: full names, or given or family names alone, with titles, masked (`王*`), or as \
        registers write them (`SMITH, JOHN A`): `王芳 · 李强`, `Anna Müller`, `DAVIS`. Not names of things, companies \
        or pets.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/name"),
    column_names: include_str!("../../data/names/name.txt"),
    variants: VARIANTS,
    form: Form::new("look like people's names", "像人名", is_name),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(10, &[T::Name], |draw, n| each(draw, n, chinese_name)),
    clear(2, &[T::Name], |draw, n| {
        let mask = one(draw, &["*", "**", "某", "某某"]);
        each(draw, n, |draw| format!("{}{mask}", chinese_name(draw).chars().next().unwrap_or('王')))
    }),
    clear(1, &[T::Name], |draw, n| {
        let title = one(draw, &["先生", "女士", "老师", "医生", "经理"]);
        each(draw, n, |draw| format!("{}{title}", word(draw, "surnames")))
    }),
    // Family names or given names alone, in columns of their own.
    by_name(1, &[T::Name], |draw, n| {
        let family = draw.chance(0.6);
        each(draw, n, |draw| {
            if family {
                return frequent(draw, "surnames").to_owned();
            }
            given_zh(draw)
        })
    }),
    clear(6, &[T::Name], |draw, n| {
        let cells = each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            format!("{first} {last}")
        });
        recase(draw, cells)
    }),
    clear(3, &[T::Name], |draw, n| {
        let cells = each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            format!("{last}, {first}")
        });
        recase(draw, cells)
    }),
    clear(2, &[T::Name], |draw, n| {
        let title = draw.chance(0.4);
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let middle = char::from(b'A' + draw.below(26) as u8);
            match (title, draw.below(3)) {
                (true, 0) => format!("Mr. {first} {last}"),
                (true, 1) => format!("Mrs. {last}, {first}"),
                (true, _) => format!("Dr. {last}"),
                (false, _) => format!("{first} {middle}. {last}"),
            }
        })
    }),
    clear(3, &[T::Name], |draw, n| {
        let middle = draw.chance(0.25);
        let cells = each(draw, n, |draw| match middle && draw.chance(0.6) {
            true => format!("{} {}.", given(draw), char::from(b'A' + draw.below(26) as u8)),
            false => given(draw).to_owned(),
        });
        recase(draw, cells)
    }),
    clear(8, &[T::Name], |draw, n| {
        let cells = each(draw, n, surname);
        recase(draw, cells)
    }),
    // As written in registers: all in capitals, with two given names, two surnames or a suffix.
    clear(3, &[T::Name], |draw, n| {
        let style = draw.below(5);
        each(draw, n, |draw| {
            let ((first, last), second) = (english_name(draw), given(draw));
            let name = match style {
                0 => format!("{last} {first} {second}"),
                1 => format!("{first} {second} {last}"),
                2 => format!("{first} {last} {}", surname(draw)),
                3 => format!("{last}, {first} {}", &second[..1]),
                _ => format!("{first} {last} {}", one(draw, &["Jr", "Jr.", "III", "Sr", "II"])),
            };
            if style < 3 { name.to_uppercase() } else { name }
        })
    }),
    clear(1, &[T::Name], |draw, n| {
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            format!("{}. {last}", &first[..1])
        })
    }),
    // Chinese names in Latin letters, possibly with a Western given name, as printed by airlines.
    clear(4, &[T::Name], |draw, n| {
        let style = draw.below(7);
        each(draw, n, |draw| {
            let (surname, name) = romanised(draw);
            match style {
                0 => format!("{surname} {name}"),
                1 => format!("{name} {surname}"),
                2 => format!("{surname} {name}").to_uppercase(),
                3 => format!("{surname}/{name}{}", one(draw, &["", " MR", " MS", " MRS", "MR", "MS"])).to_uppercase(),
                4 => format!("{surname}, {name}"),
                _ => format!("{} {surname}", given(draw)),
            }
        })
    }),
    // The same few people in all cells.
    clear(3, &[T::Name], |draw, n| {
        let (chinese, gap) = (draw.chance(0.5), if draw.chance(0.3) { 0.25 } else { 0.0 });
        let people: Vec<String> = (0..1 + draw.below(5))
            .map(|_| {
                let (first, last) = english_name(draw);
                if chinese { chinese_name(draw) } else { format!("{first} {last}") }
            })
            .collect();
        each(draw, n, |draw| match (draw.chance(gap), chinese) {
            (true, true) => one(draw, &["未分配", "无", "系统", "待定"]).to_owned(),
            (true, false) => one(draw, &["Unassigned", "No owner", "None", "System", "TBD"]).to_owned(),
            _ => draw.pick(&people).clone(),
        })
    }),
    // Several names in one cell, or names with a number, a title or a post.
    clear(2, &[T::Name], |draw, n| {
        let style = draw.below(6);
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let (one_more, zh) = (english_name(draw), chinese_name(draw));
            match style {
                0 => (0..draw.below(3)).fold(zh, |all, _| format!("{all}、{}", chinese_name(draw))),
                1 => (0..draw.below(3)).fold(zh, |all, _| format!("{all},{}", chinese_name(draw))),
                2 => format!("{first} {last}, {} {}", one_more.0, one_more.1),
                3 => format!("{zh}({})", digits(draw, 4)),
                4 => format!("{first} {last}, {}", one(draw, &["MD", "PhD", "RN", "M.D.", "Esq.", "DDS", "CPA"])),
                _ => format!("{first} & {} {last}", one_more.0),
            }
        })
    }),
    // As people enter their own names in a form.
    clear(2, &[T::Name], |draw, n| {
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let middle = char::from(b'A' + draw.below(26) as u8);
            match draw.below(12) {
                7 => first.to_owned(),
                8 => format!("{first} {}.", &last[..last.chars().next().map_or(0, char::len_utf8)]),
                9 => format!("{first} / {}", given(draw)),
                10 => format!("{}. {last}", &first[..1]),
                11 => format!("{} {first} {last}", one(draw, &["Dr", "Prof.", "Dr.", "Ms", "Mr"])),
                0 => format!("{first} {last}").to_uppercase(),
                1 => format!("{first} {last}").to_lowercase(),
                2 => format!("{first} {middle}. {last}"),
                3 => format!("{first} {middle} {last} {}", one(draw, &["JR.", "Jr", "II", "Esq."])).to_uppercase(),
                4 => format!("{last}, {first}"),
                _ => format!("{first} {last}"),
            }
        })
    }),
];

/// Whether a value is the name of a person, possibly masked. Chinese names usually begin with a surname; in alphabets other
/// than Latin, at least two words begin with a capital.
fn is_name(value: &str) -> bool {
    let letters: Vec<char> = value.chars().filter(|c| c.is_alphabetic()).collect();
    let has_digits = value.contains(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 60 {
        return false;
    }
    if letters.iter().any(|c| is_han(*c)) {
        // Titles and remarks may follow, as in 王老师 and 张伟（代）; a cell may contain several names.
        let first = value.trim_start_matches(|c: char| !is_han(c));
        let run = first.chars().take_while(|c| is_han(*c) || "*·•".contains(*c)).count();
        return is_surname(first) && (1..=12).contains(&run)
            || (2..=5).contains(&letters.len()) && !has_digits
            || value.contains('·');
    }
    if letters.iter().any(|c| is_run_together(*c) || is_kana(*c)) {
        let is_one_script = letters.iter().all(|c| is_hangul(*c)) || letters.iter().all(|c| is_kana(*c));
        return is_one_script && (2..=8).contains(&letters.len()) && !has_digits;
    }
    let words: Vec<&str> = value.split([' ', ',', '-', '.', '_']).filter(|word| !word.is_empty()).collect();
    let is_latin =
        letters.iter().all(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'));
    // In other alphabets, a single capitalised word may be anything; two or more are a name.
    let has_capitals =
        || words.iter().filter(|word| word.starts_with(char::is_uppercase)).count() >= 2 && words.len() <= 4;
    !value.contains(['@', '/', '=', '{', '<'])
        && !value.starts_with('*')
        && words.len() <= 8
        && (is_latin || has_capitals())
        && !(has_digits && letters.len() < 3)
}

/// Names of pets, ships, storms, teams and brands.
pub(crate) const NAMES_OF_THINGS: Lookalike = Lookalike {
    names: &[
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
    labels: &[],
    values: |draw, n| {
        each(draw, n, |draw| match draw.below(4) {
            0 => word(draw, "census_first").to_owned(),
            1 => word(draw, "company_words").to_owned(),
            2 => capitalised(word(draw, "nick_words")),
            _ => word(draw, "zihao").to_owned(),
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in [
            "王芳",
            "王*",
            "SMITH, JOHN A",
            "Anna Müller",
            "欧阳娜娜",
            "김철수",
            "Иван Петров",
            "王先生",
            "阿依古丽·买买提",
            "佐藤花子",
        ] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12", "a@b.cn", "товар", "требуется замена фильтра", "서울특별시 강남구 역삼동"]
        {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
