//! Which types the evidence removed from the model's answers or added to them.

use serde::Serialize;
use tabular_sense_synth::types::SemanticType;

use super::counts::Judged;
use crate::evidence::Verdict;
use crate::labels::Labels;
use crate::model::Answer;

/// Verdicts on one type that changed the answer.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Changed {
    /// How many.
    pub columns: usize,
    /// How many of them were correct.
    pub right: usize,
}

/// The effect of the evidence on one type.
#[derive(Debug, Serialize)]
pub struct FindingsReport {
    /// Its code.
    pub r#type: &'static str,
    /// Verdicts that withheld the type because nothing supported it.
    pub withheld: Changed,
    /// Verdicts that contradicted the type.
    pub contradicted: Changed,
    /// Verdicts that settled that the column has the type.
    pub settled: Changed,
}

impl FindingsReport {
    /// Counts the changes, type by type; types without any are left out.
    #[must_use]
    pub fn count(judged: &[Judged<'_>], answers: &[Answer], labels: &Labels) -> Vec<Self> {
        let mut found = Vec::new();
        for label in SemanticType::ALL {
            let Some(place) = labels.place(label) else { continue };
            let [mut withheld, mut contradicted, mut settled] = [Changed::default(); 3];
            for (Judged { column, given }, answer) in judged.iter().zip(answers) {
                let Some(finding) = answer.findings.iter().find(|finding| finding.label == label) else { continue };
                let was_given = f64::from(finding.model) >= answer.thresholds[place];
                let is_given = given.contains(place);
                let changed = match finding.verdict {
                    Verdict::Withheld(_) => &mut withheld,
                    Verdict::Contradicted(_) => &mut contradicted,
                    _ => &mut settled,
                };
                changed.columns += usize::from(was_given != is_given);
                changed.right += usize::from(was_given != is_given && is_given == column.labels.contains(place));
            }
            if withheld.columns + contradicted.columns + settled.columns > 0 {
                found.push(Self { r#type: label.code(), withheld, contradicted, settled });
            }
        }
        found
    }
}
