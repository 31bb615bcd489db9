//! Why a column was given a type.

use drivetrain::terminal::Lang;
use drivetrain::tr;
use serde::Serialize;

use drivetrain::terminal::shorten;
use tabular_sense::evidence::{Evidence, Verdict};
use tabular_sense_synth::pinyin;
use tabular_sense_synth::types::SemanticType;
use tabular_sense_tables::Column;

/// What speaks for a type, for people and programs.
#[derive(Serialize)]
pub(super) struct Why {
    /// Values of the type's form, in percent.
    form_percent: usize,
    #[serde(skip)]
    form: (&'static str, &'static str),
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum: Option<&'static str>,
    /// Values that pass it, in percent of those that it can be asked of.
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum_percent: Option<usize>,
    /// The known name that the column's name stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_match: Option<String>,
    /// What the values say by themselves.
    probability_without_name: f32,
    /// What settled it beside the model.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "settled_reason")]
    pub(super) settled: Option<Verdict>,
    #[serde(skip)]
    pub(super) from_name_only: bool,
    #[serde(skip)]
    probability: f32,
    #[serde(skip)]
    name: String,
}

impl Why {
    pub(super) fn of(label: SemanticType, column: &Column, probability: f32, without_name: f32) -> Self {
        let Evidence { form: (what, zh, share), checksum, cue } = Evidence::of(label, &column.name, &column.values);
        Self {
            form_percent: share.percent(),
            form: (what, zh),
            checksum: checksum.map(|(name, _)| name),
            checksum_percent: checksum.map(|(_, share)| share.percent()),
            name_match: cue,
            probability_without_name: without_name,
            settled: None,
            from_name_only: false,
            probability,
            name: column.name.clone(),
        }
    }

    /// Whether the column is called what its type is called.
    fn is_name(&self) -> bool {
        self.name_match.as_ref().is_some_and(|cue| cue.to_lowercase() == self.name.to_lowercase())
    }

    /// One line.
    pub(super) fn sentence(&self, lang: Lang) -> String {
        let (percent, (what, zh)) = (self.form_percent, self.form);
        let mut parts = vec![match self.from_name_only {
            true => tr!(lang, "the column has no values", "该列没有值"),
            false => tr!(lang, "{percent} % of the values {what}", "{percent}% 的值{zh}"),
        }];
        if let Some((reason, zh)) = self.settled.and_then(Verdict::reason) {
            parts.push(tr!(lang, "{reason}", "{zh}"));
        }
        if let (Some(check), Some(passed)) = (self.checksum, self.checksum_percent) {
            parts.push(tr!(lang, "{passed} % have a valid {check} checksum", "{passed}% 通过 {check} 校验"));
        }
        let (without, name) = (self.probability_without_name, shorten(&self.name, 24));
        let cue = self.name_match.as_deref().map(|cue| match lang {
            Lang::En if !cue.is_ascii() => format!("{cue} ({})", pinyin(cue)),
            _ => cue.to_owned(),
        });
        let from_name = match (cue, self.probability - without) {
            _ if name.is_empty() => tr!(lang, "the column has no name", "该列没有列名"),
            (Some(_), _) if self.is_name() => {
                tr!(lang, "`{name}` is a usual name for this type", "`{name}` 是该类型的常用列名")
            }
            (Some(cue), _) => tr!(lang, "`{name}` means {cue}", "列名 `{name}` 意为“{cue}”"),
            (None, change) if change > 0.3 => tr!(lang, "inferred from the name `{name}`", "由列名 `{name}` 推断"),
            (None, change) if change < -0.3 => tr!(lang, "despite the name `{name}`", "尽管列名是 `{name}`"),
            (None, _) => tr!(lang, "the name does not suggest this type", "列名未提示该类型"),
        };
        parts.push(match name.is_empty() || self.from_name_only {
            true => from_name,
            false => tr!(
                lang,
                "{from_name}; probability without the name: {without:.2}",
                "{from_name}；不看列名时的概率：{without:.2}"
            ),
        });
        parts.join(if lang == Lang::Zh { "；" } else { "; " })
    }
}

/// The reason of a verdict, for programs.
#[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
fn settled_reason<S: serde::Serializer>(verdict: &Option<Verdict>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_some(&verdict.and_then(Verdict::reason).map(|(reason, _)| reason))
}
