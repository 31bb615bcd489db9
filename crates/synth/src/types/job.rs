//! Occupations.

use std::sync::LazyLock;

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{each, each_word, one, recase, word};
use crate::recognise::known::KnownValues;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "occupation",
    zh: "职业",
    description: "Occupations, posts and ranks at work: `会计`, `Civil Engineer II`, `Police Sergeant`. Not \
        departments, industries or years of experience.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/jobTitle"),
    column_names: include_str!("../../data/names/job.txt"),
    variants: VARIANTS,
    form: Form::new("contain a word for an occupation", "含职业用词", is_job),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(4, &[T::Job], |draw, n| each_word(draw, n, "jobs_mixed")),
    clear(6, &[T::Job], |draw, n| each_word(draw, n, "jobs_zh")),
    clear(6, &[T::Job], |draw, n| {
        let graded = draw.chance(0.15);
        let cells = each(draw, n, |draw| {
            let job = word(draw, "jobs_en");
            if graded && draw.chance(0.6) {
                format!("{job} {}", one(draw, &["1", "2", "3", "I", "II"]))
            } else {
                job.to_owned()
            }
        });
        recase(draw, cells)
    }),
    clear(1, &[T::Job], |draw, n| {
        each(draw, n, |draw| {
            let grade = one(draw, &["高级", "资深", "初级", "助理", "实习"]);
            format!("{grade}{}", word(draw, "jobs_zh"))
        })
    }),
    clear(1, &[T::Job], |draw, n| {
        each(draw, n, |draw| {
            let grade = one(draw, &["Senior", "Junior", "Lead", "Assistant", "Chief"]);
            format!("{grade} {}", word(draw, "jobs_en"))
        })
    }),
    clear(4, &[T::Job], |draw, n| {
        let cells = each(draw, n, office);
        recase(draw, cells)
    }),
    clear(1, &[T::Job], |draw, n| {
        each(draw, n, |draw| {
            let field = word(draw, "job_fields_zh");
            format!(
                "{field}{}",
                one(draw, &["经理", "主管", "专员", "助理", "总监", "部长", "科长", "组长", "员", "顾问"])
            )
        })
    }),
];

/// A post in an office: a field of work, a role, a grade.
fn office(draw: &mut Draws) -> String {
    let field = word(draw, "job_fields");
    let role = word(draw, "job_roles");
    match draw.below(6) {
        0 | 1 => format!("{field} {role}"),
        2 | 3 => {
            format!("{field} {role} {}", one(draw, &["I", "II", "III", "1", "2", "3", "4", "Senior", "- Seasonal"]))
        }
        4 => format!("{role}, {field}"),
        _ => format!(
            "{} {role}",
            one(draw, &["Senior", "Asst", "Deputy", "Chief", "Principal", "Sr", "Acting", "State"])
        ),
    }
}

/// Whether a value is a known occupation, or contains a word for one.
fn is_job(value: &str) -> bool {
    static KNOWN: LazyLock<KnownValues> = LazyLock::new(|| KnownValues::of_lists(&["jobs_zh", "jobs_en"]));
    KNOWN.has(value) || Lexicon::of("job").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["会计", "Civil Engineer II"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["红色", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
