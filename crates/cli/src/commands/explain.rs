//! Why a type was assigned to a column, in the user's language.

use drivetrain::terminal::{Lang, shorten};
use tabular_sense::evidence::{NameClue, Verdict, Why};

/// One line.
pub(super) fn sentence(why: &Why, lang: Lang) -> String {
    let name = shorten(&why.name, 24);
    match lang {
        Lang::En => why.sentence(&name),
        Lang::Zh => in_chinese(why, &name),
    }
}

fn in_chinese(why: &Why, name: &str) -> String {
    let mut parts = vec![match why.from_name_only {
        true => "该列没有值".to_owned(),
        false => format!("{}% 的值{}", why.form_percent, why.form.1),
    }];
    parts.extend(why.settled.and_then(Verdict::reason).map(|(_, reason)| reason.to_owned()));
    if let (Some(check), Some(passed)) = (why.checksum, why.checksum_percent) {
        parts.push(format!("{passed}% 通过 {check} 校验"));
    }
    let from_name = match why.name_clue() {
        NameClue::Absent => "该列没有列名".to_owned(),
        NameClue::Usual => format!("`{name}` 是该类型的常用列名"),
        NameClue::Means(cue) => format!("列名 `{name}` 意为“{cue}”"),
        NameClue::Inferred => format!("由列名 `{name}` 推断"),
        NameClue::Despite => format!("尽管列名是 `{name}`"),
        NameClue::Nothing => "列名未提示该类型".to_owned(),
    };
    parts.push(match why.has_probability_without_name() {
        true => format!("{from_name}；不看列名时的概率：{:.2}", why.probability_without_name),
        false => from_name,
    });
    parts.join("；")
}
