//! Whether the file of a case is complete (S6.5, S8.4): by rule, naming what is missing.

use super::command::{Side, SignatureMethod};
use super::event::EndedBy;
use super::paper::DocumentKind;
use super::state::Case;
use crate::catalogue::Mode;
use serde::{Deserialize, Serialize};

/// Something that the file lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// A notice was given but its paper is not in the file.
    Notice,
    /// No handover list signed by both sides.
    HandoverList,
    /// No agreement signed by both sides.
    Agreement,
    /// A finished matter without result or outcome.
    Results,
    /// No delivery notice.
    DeliveryNotice,
    /// The delivery notice is not signed, nor is there a confirmed receipt.
    DeliveryProof,
    /// An original that is not accounted for.
    Originals,
    /// A signed document without its signature sheet.
    SignatureSheet,
    /// A pause, a change of agent or the leaving whose paper is not in the file.
    Decision,
    /// What a former agent held went to nobody against signature.
    Takeover,
}

impl Gap {
    /// The name on the wire and in message files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::HandoverList => "handover_list",
            Self::Agreement => "agreement",
            Self::Results => "results",
            Self::DeliveryNotice => "delivery_notice",
            Self::DeliveryProof => "delivery_proof",
            Self::Originals => "originals",
            Self::SignatureSheet => "signature_sheet",
            Self::Decision => "decision",
            Self::Takeover => "takeover",
        }
    }
}

/// What the file of a case lacks, by the rule of its kind. From the first day, not only at the end.
#[must_use]
pub fn gaps(case: &Case) -> Vec<Gap> {
    let was_agency = case.mode == Mode::Agency && case.started_at.is_some();
    let was_delivered = matches!(case.ended, Some((_, EndedBy::HandedOver | EndedBy::SignedFor | EndedBy::Confirmed)));
    let mut gaps = Vec::new();
    let mut lacks = |is_lacking: bool, gap: Gap| {
        if is_lacking {
            gaps.push(gap);
        }
    };
    let is_printed = |number: u32| case.documents.iter().any(|d| d.about.notice == Some(number));
    lacks(case.notices.iter().any(|notice| !is_printed(notice.number)), Gap::Notice);
    lacks(was_agency && !has_signed(case, DocumentKind::HandoverList), Gap::HandoverList);
    lacks(was_agency && !has_signed(case, DocumentKind::Agreement), Gap::Agreement);
    lacks(was_delivered && case.matters.iter().any(|m| m.outcome.is_none()), Gap::Results);
    lacks(was_delivered && case.newest(DocumentKind::DeliveryNotice).is_none(), Gap::DeliveryNotice);
    lacks(was_delivered && !has_proof(case), Gap::DeliveryProof);
    lacks(!case.outstanding_items().is_empty(), Gap::Originals);
    lacks(lacks_sheet(case), Gap::SignatureSheet);
    lacks(lacks_decision(case), Gap::Decision);
    lacks(case.takeover().is_some(), Gap::Takeover);
    gaps
}

fn has_signed(case: &Case, kind: DocumentKind) -> bool {
    case.documents.iter().any(|document| document.kind == kind && document.is_signed())
}

fn has_proof(case: &Case) -> bool {
    let in_person = matches!(case.ended, Some((_, EndedBy::HandedOver)));
    !in_person || case.newest(DocumentKind::DeliveryNotice).is_some_and(|n| n.signature(Side::Client).is_some())
}

fn lacks_decision(case: &Case) -> bool {
    let count = |kind| case.documents.iter().filter(|document| document.kind == kind).count();
    count(DocumentKind::Suspension) < case.pauses.len()
        || count(DocumentKind::Resumption) < case.pauses.iter().filter(|pause| pause.to.is_some()).count()
        || count(DocumentKind::AgentChange) < case.agent_changes.len()
        || (case.leaving.is_some() && case.newest(DocumentKind::Termination).is_none())
}

/// A drawn signature is seen on its sheet; a scanned one is its own sheet.
fn lacks_sheet(case: &Case) -> bool {
    case.documents.iter().any(|document| {
        let is_drawn = document.signatures.iter().any(|signature| signature.method == SignatureMethod::Drawn);
        let has_sheet = case.documents.iter().any(|d| d.about.document.as_ref() == Some(&document.id));
        document.is_signed() && is_drawn && !has_sheet
    })
}
