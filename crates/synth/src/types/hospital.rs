//! Hospitals and clinics.

use crate::definition::{Definition, Form, Lookalike, Variant, clear};
use crate::parts::cells::{categories, each, each_word, one, recase, word};
use crate::parts::place_names::{REGIONS, city};
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "hospital",
    zh: "医院",
    description: "Hospitals, clinics, health centres and nursing homes. Not departments of a hospital, nor kinds \
        of hospital.",
    concept: Some("https://schema.org/Hospital"),
    column_names: include_str!("../../data/names/hospital.txt"),
    variants: VARIANTS,
    form: Form::new("contain a word used in names of hospitals", "含医院名称用词", holds_hospital_word),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(4, &[T::Hospital], |draw, n| {
        let cells = each_word(draw, n, "care_en");
        if draw.chance(0.5) { recase(draw, cells) } else { cells }
    }),
    clear(1, &[T::Hospital], |draw, n| each_word(draw, n, "hospital_tw")),
    clear(7, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            let city = city(draw);
            match draw.below(4) {
                0 => format!("{city}市{}", word(draw, "hospital_zh")),
                1 => format!("{city}大学附属{}", word(draw, "hospital_zh")),
                2 => format!("{}{}", draw.pick(&REGIONS).district, word(draw, "hospital_zh")),
                _ => format!("{city}{}", word(draw, "hospital_zh")),
            }
        })
    }),
    clear(2, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "{}{}",
                one(draw, &["康宁", "仁爱", "同济", "协和", "博爱", "济民", "华西", "安贞", "天心", "大仁"]),
                word(draw, "hospital_zh")
            )
        })
    }),
    clear(3, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| format!("{}{}", word(draw, "zihao"), word(draw, "clinic_zh")))
    }),
    clear(1, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            let side = one(draw, &["东院区", "(北区)", "南院", "（本部）", "分院"]);
            format!("{}{}{side}", city(draw), word(draw, "hospital_zh"))
        })
    }),
    clear(1, &[T::Hospital], |draw, n| {
        each(draw, n, |draw| {
            let kind = one(draw, &["医院", "診所", "牙醫診所", "中醫診所", "聯合醫院", "衛生所"]);
            format!(
                "{}{kind}",
                one(draw, &["台北市立", "國泰", "馬偕紀念", "長庚", "仁愛", "中興", "大安", "美兆", "京元"])
            )
        })
    }),
    clear(7, &[T::Hospital], |draw, n| {
        let cells = each(draw, n, |draw| format!("{} {}", word(draw, "hospital_names"), word(draw, "hospital_en")));
        recase(draw, cells)
    }),
    clear(2, &[T::Hospital], |draw, n| {
        let cells = each(draw, n, |draw| {
            format!(
                "{} {}",
                word(draw, "towns"),
                one(
                    draw,
                    &["Clinic", "Dental Clinic", "Family Health Center", "Urgent Care", "Eye Clinic", "Medical Clinic"]
                )
            )
        });
        recase(draw, cells)
    }),
];

/// Whether a value contains a word used in names of hospitals.
fn holds_hospital_word(value: &str) -> bool {
    Lexicon::of("hospital_word").is_in(&value.to_lowercase())
}

/// Kinds and grades of hospitals.
pub(crate) const KINDS_OF_HOSPITALS: Lookalike = Lookalike {
    names: &[
        "医院类型",
        "医院等级",
        "hospital type",
        "facility type",
        "医疗机构类别",
        "机构类型",
        "type of facility",
        "level of care",
    ],
    labels: &[],
    values: |draw, n| {
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
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["协和医院", "Mercy Hospital"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12345", "红色"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
