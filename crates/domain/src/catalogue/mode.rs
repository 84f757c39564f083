//! Agency or assistance: which one the program proposes (S4).

use super::{Catalogue, Matter};
use crate::ids::{MatterCode, OfficeCode};
use serde::{Deserialize, Serialize};

/// The one stage that is neither enterprise set-up nor project landing.
pub const OPERATING_STAGE: &str = "投产与经营许可";

/// How the service helps (S3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 代办: an agent acts in the applicant's stead.
    Agency,
    /// 帮办: an assistant goes along.
    Assistance,
}

/// What the program proposes when the matters are chosen, and why; the applicant decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The mode proposed.
    pub mode: Mode,
    /// Why, the weightiest first; never empty.
    pub reasons: Vec<ProposalReason>,
}

/// A reason for a proposal (S4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ProposalReason {
    /// Matters of enterprise set-up or project landing.
    SetUpOrLanding {
        /// Which ones, in the order chosen.
        matters: Vec<MatterCode>,
    },
    /// More than one office is concerned.
    SeveralOffices {
        /// Which ones, in the order in which the matters name them.
        offices: Vec<OfficeCode>,
    },
    /// One office only, and nothing of set-up or landing.
    OneOffice {
        /// The office; none if the applicant does everything itself.
        office: Option<OfficeCode>,
    },
    /// No matter is chosen yet.
    NothingChosen,
}

/// Proposes agency if a matter belongs to set-up or landing or if several offices are concerned, else assistance (S4).
///
/// Offices that only take part in a matter count as concerned; the applicant's own matters concern no office. Unknown codes are
/// passed over.
#[must_use]
pub fn propose_mode(catalogue: &Catalogue, codes: &[MatterCode]) -> Proposal {
    let matters: Vec<&Matter> = codes.iter().filter_map(|code| catalogue.matter(code)).collect();
    if matters.is_empty() {
        return Proposal { mode: Mode::Assistance, reasons: vec![ProposalReason::NothingChosen] };
    }
    let mut reasons = Vec::new();
    let landing: Vec<MatterCode> =
        matters.iter().filter(|m| m.stage != OPERATING_STAGE).map(|m| m.code.clone()).collect();
    if !landing.is_empty() {
        reasons.push(ProposalReason::SetUpOrLanding { matters: landing });
    }
    let offices = offices_concerned(catalogue, &matters);
    if offices.len() > 1 {
        reasons.push(ProposalReason::SeveralOffices { offices });
    } else if reasons.is_empty() {
        let reason = ProposalReason::OneOffice { office: offices.into_iter().next() };
        return Proposal { mode: Mode::Assistance, reasons: vec![reason] };
    }
    Proposal { mode: Mode::Agency, reasons }
}

fn offices_concerned(catalogue: &Catalogue, matters: &[&Matter]) -> Vec<OfficeCode> {
    let mut offices: Vec<OfficeCode> = Vec::new();
    for code in matters.iter().flat_map(|m| std::iter::once(&m.department).chain(&m.co_departments)) {
        let counts = catalogue.office(code).is_some_and(|office| !office.is_applicant());
        if counts && !offices.contains(code) {
            offices.push(code.clone());
        }
    }
    offices
}
