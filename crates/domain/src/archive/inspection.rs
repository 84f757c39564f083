//! The inspection of sealed files (S8.4): a sample drawn by rule with a recorded seed, and a judgement of each file in it.

use super::{ArchiveError, LONGEST_REASON};
use crate::case::{Gap, OwedBy};
use crate::chain::chain_hash;
use crate::identity::read_text;
use crate::ids::{CaseId, OfficeCode, Username};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most files of one office in a sample.
const MOST_PER_OFFICE: u32 = 100;

/// How a sample is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Sealed on this day or later.
    pub from: NaiveDate,
    /// Sealed on this day or earlier.
    pub to: NaiveDate,
    /// So many files of each office, or all that it has.
    pub per_office: u32,
}

impl Sampling {
    /// Whether a sample can be drawn like this.
    ///
    /// # Errors
    /// [`ArchiveError::SampleSize`], [`ArchiveError::PeriodTurned`].
    pub fn check(&self) -> Result<(), ArchiveError> {
        if !(1..=MOST_PER_OFFICE).contains(&self.per_office) {
            return Err(ArchiveError::SampleSize);
        }
        if self.to < self.from { Err(ArchiveError::PeriodTurned) } else { Ok(()) }
    }
}

/// A file that may be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The office that led it.
    pub office: Option<OfficeCode>,
}

/// Draws so many files of each office: those whose `SM3(seed || case id)` is lowest. Whoever knows the seed and the register can
/// draw the same sample again, and nobody can choose it.
#[must_use]
pub fn draw<'a>(candidates: &'a [Candidate], per_office: u32, seed: &str) -> Vec<&'a Candidate> {
    let mut by_office: BTreeMap<Option<&OfficeCode>, Vec<(String, &Candidate)>> = BTreeMap::new();
    for candidate in candidates {
        let rank = chain_hash(seed, candidate.case.as_str().as_bytes());
        by_office.entry(candidate.office.as_ref()).or_default().push((rank, candidate));
    }
    let most = usize::try_from(per_office).unwrap_or(usize::MAX);
    let drawn = by_office.into_values().flat_map(|mut ranked| {
        ranked.sort_by(|a, b| a.0.cmp(&b.0));
        ranked.into_iter().take(most).map(|(_, candidate)| candidate)
    });
    drawn.collect()
}

/// What an inspector says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing is wrong with it.
    Sound,
    /// Something has to be put right.
    Deficient,
}

impl Verdict {
    /// Both, in the order of forms.
    pub const ALL: [Self; 2] = [Self::Sound, Self::Deficient];

    /// The name on the wire and in message files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Deficient => "deficient",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// The judgement of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// What it says.
    pub verdict: Verdict,
    /// In words; needed where something is wrong.
    pub remark: Option<String>,
    /// Who.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

/// A file on the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspected {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The office that led it.
    pub office: Option<OfficeCode>,
    /// How complete it is by rule, as of the drawing.
    pub percent: u8,
    /// What it lacks by rule, and who owes it.
    pub lacking: Vec<(Gap, OwedBy)>,
    /// What the inspector says; none until then.
    pub judgement: Option<Judgement>,
}

/// An inspection sheet (S8.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Its id.
    pub id: String,
    /// When the sample was drawn.
    pub at: DateTime<Utc>,
    /// Who drew it.
    pub by: Username,
    /// By which rule.
    pub sampling: Sampling,
    /// The seed.
    pub seed: String,
    /// How many files there were to draw from.
    pub population: u32,
    /// The sample, by office.
    pub files: Vec<Inspected>,
}

impl Inspection {
    /// Files that are not judged yet.
    #[must_use]
    pub fn open(&self) -> usize {
        self.files.iter().filter(|file| file.judgement.is_none()).count()
    }

    /// Files with which something is wrong.
    #[must_use]
    pub fn deficient(&self) -> usize {
        let is_bad = |file: &&Inspected| file.judgement.as_ref().is_some_and(|j| j.verdict == Verdict::Deficient);
        self.files.iter().filter(is_bad).count()
    }

    /// Judges a file; judged again, the new judgement stands.
    ///
    /// # Errors
    /// [`ArchiveError::NotOnSheet`], or something is wrong and nothing is said of it.
    pub fn judge(
        &mut self,
        case: &CaseId,
        verdict: Verdict,
        remark: &str,
        by: &Username,
        at: DateTime<Utc>,
    ) -> Result<(), ArchiveError> {
        let file = self.files.iter_mut().find(|file| file.case == *case).ok_or(ArchiveError::NotOnSheet)?;
        let is_silent = verdict == Verdict::Sound && remark.trim().is_empty();
        let told = |error| ArchiveError::Text { field: "/remark", error };
        let remark = (!is_silent).then(|| read_text(remark, LONGEST_REASON).map_err(told)).transpose()?;
        file.judgement = Some(Judgement { verdict, remark, by: by.clone(), at });
        Ok(())
    }
}
