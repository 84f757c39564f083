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
    gaps
}

fn has_signed(case: &Case, kind: DocumentKind) -> bool {
    case.documents.iter().any(|document| document.kind == kind && document.is_signed_by_both())
}

fn has_proof(case: &Case) -> bool {
    let in_person = matches!(case.ended, Some((_, EndedBy::HandedOver)));
    !in_person || case.newest(DocumentKind::DeliveryNotice).is_some_and(|n| n.signature(Side::Client).is_some())
}

/// A drawn signature is seen on its sheet; a scanned one is its own sheet.
fn lacks_sheet(case: &Case) -> bool {
    case.documents.iter().any(|document| {
        let by_client_alone = matches!(document.kind, DocumentKind::DeliveryNotice | DocumentKind::ReturnList);
        let is_complete =
            document.is_signed_by_both() || (by_client_alone && document.signature(Side::Client).is_some());
        let is_drawn = document.signatures.iter().any(|signature| signature.method == SignatureMethod::Drawn);
        let has_sheet = case.documents.iter().any(|d| d.about.document.as_ref() == Some(&document.id));
        is_complete && is_drawn && !has_sheet
    })
}
