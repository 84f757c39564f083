//! Whether the file of a case is complete (S6.5, S8.4): by rule, naming what is missing.

use super::command::{Side, SignatureMethod};
use super::event::EndedBy;
use super::paper::{Document, DocumentKind};
use super::state::{Case, CaseMatter};
use crate::catalogue::Mode;
use crate::clock::IntervalKind;
use crate::custody::{PieceForm, Place};
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
    /// A material that was promised for later is not here.
    Deferred,
    /// A special procedure of which no notice is in the file.
    SpecialNotice,
    /// The green channel was opened and its approval is not in the file.
    GreenApproval,
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
            Self::Deferred => "deferred",
            Self::SpecialNotice => "special_notice",
            Self::GreenApproval => "green_approval",
        }
    }
}

/// Who has to bring what a file lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwedBy {
    /// The enterprise.
    Client,
    /// The agent.
    Agent,
    /// The office that holds the matter or the piece.
    Office,
    /// The head of the lead office.
    LeadHead,
}

impl OwedBy {
    /// Everybody, in the order of lists.
    pub const ALL: [Self; 4] = [Self::Client, Self::Agent, Self::Office, Self::LeadHead];

    /// The name on the wire and in message files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Agent => "agent",
            Self::Office => "office",
            Self::LeadHead => "lead_head",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.name() == name)
    }
}

/// One thing that belongs into a file of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What is lacking while it is not there.
    pub gap: Gap,
    /// Whether it is there.
    pub done: bool,
    /// Who has to bring it.
    pub owed_by: OwedBy,
}

/// How complete the file of a case is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// Parts that are there of all parts, rounded down: 100 only when nothing is lacking.
    pub percent: u8,
    /// Everything that belongs into the file.
    pub parts: Vec<Part>,
}

impl Completeness {
    /// What is lacking.
    pub fn lacking(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.done)
    }
}

/// How complete the file of a case is by the rule of its kind (S6.5, S8.4), from the first day: an agency case that goes on
/// lacks its delivery until it is delivered; one that was given up owes only what had begun.
#[must_use]
pub fn completeness(case: &Case) -> Completeness {
    let parts = parts(case);
    let done = parts.iter().filter(|part| part.done).count();
    let percent = (done * 100).checked_div(parts.len()).unwrap_or(100);
    Completeness { percent: u8::try_from(percent).unwrap_or(100), parts }
}

/// What the file of a case lacks, by the rule of its kind. From the first day, not only at the end.
#[must_use]
pub fn gaps(case: &Case) -> Vec<Gap> {
    completeness(case).lacking().map(|part| part.gap).collect()
}

fn parts(case: &Case) -> Vec<Part> {
    let given_up = case.leaving.is_some();
    let is_agency = case.mode == Mode::Agency;
    let is_delivered = is_agency && !given_up;
    // What a case that was given up had not begun, nobody owes.
    let was_agency = is_agency && (case.started_at.is_some() || !given_up);
    let mut parts = Vec::new();
    let mut part = |belongs: bool, done: bool, gap: Gap, owed_by: OwedBy| {
        if belongs {
            parts.push(Part { gap, done, owed_by });
        }
    };
    let is_printed = |number: u32| case.documents.iter().any(|d| d.about.notice == Some(number));
    let has_originals = case.items.iter().any(|item| item.form == PieceForm::Original);
    let is_signed = |kind| has_signed(case, kind);
    let (handover, agreement) = (DocumentKind::HandoverList, DocumentKind::Agreement);
    part(!case.notices.is_empty(), case.notices.iter().all(|n| is_printed(n.number)), Gap::Notice, OwedBy::Agent);
    part(was_agency, is_signed(handover), Gap::HandoverList, signer_owing(case, handover));
    part(was_agency, is_signed(agreement), Gap::Agreement, signer_owing(case, agreement));
    part(has_deferred(case), case.open_deferrals().next().is_none(), Gap::Deferred, OwedBy::Client);
    part(has_special(case), case.special_notice_due().is_none(), Gap::SpecialNotice, OwedBy::Office);
    let green = case.newest(DocumentKind::GreenApproval).is_some();
    part(case.green.is_some(), green, Gap::GreenApproval, OwedBy::LeadHead);
    let (results, result_owner) = lacking_results(case);
    part(!given_up, results, Gap::Results, result_owner);
    let notice = case.newest(DocumentKind::DeliveryNotice).is_some();
    part(is_delivered, notice, Gap::DeliveryNotice, OwedBy::Agent);
    part(is_delivered, has_proof(case), Gap::DeliveryProof, OwedBy::Client);
    part(has_originals, case.outstanding_items().is_empty(), Gap::Originals, holder_owing(case));
    part(has_drawn(case), !lacks_sheet(case), Gap::SignatureSheet, OwedBy::Agent);
    part(has_decision(case), !lacks_decision(case), Gap::Decision, OwedBy::LeadHead);
    part(!case.agent_changes.is_empty(), case.takeover().is_none(), Gap::Takeover, OwedBy::Agent);
    parts
}

/// Who has not signed: the client comes first, and can only once there is a paper.
fn signer_owing(case: &Case, kind: DocumentKind) -> OwedBy {
    let is_client = case.newest(kind).is_some_and(|document| document.signature(Side::Client).is_none());
    if is_client { OwedBy::Client } else { OwedBy::Agent }
}

/// Whether every matter has come to its end, and who has to bring it there: the agent where the body is outside. In
/// assistance the windows accept, and no more is asked.
fn lacking_results(case: &Case) -> (bool, OwedBy) {
    let is_open = |matter: &&CaseMatter| match case.mode {
        Mode::Agency => matter.outcome.is_none(),
        Mode::Assistance => matter.outcome.is_none() && matter.accepted_at_window.is_none(),
    };
    let mut open = case.matters.iter().filter(is_open).peekable();
    let done = open.peek().is_none();
    (done, if open.all(|matter| matter.outside) { OwedBy::Agent } else { OwedBy::Office })
}

/// An office that has an original has to give it back; otherwise the agent looks after it.
fn holder_owing(case: &Case) -> OwedBy {
    let mut outstanding = case.items.iter().filter(|item| item.is_outstanding()).peekable();
    let any = outstanding.peek().is_some();
    let is_office = outstanding.all(|item| matches!(item.place, Place::Office(_) | Place::Window(_)));
    if any && is_office { OwedBy::Office } else { OwedBy::Agent }
}

fn has_deferred(case: &Case) -> bool {
    case.deferrals.iter().any(|deferral| deferral.promised_at.is_some())
}

fn has_special(case: &Case) -> bool {
    let mut clocks = case.matters.iter().filter_map(|matter| matter.clock.as_ref());
    clocks.any(|clock| clock.intervals.iter().any(|interval| interval.kind == IntervalKind::Special))
}

fn has_drawn(case: &Case) -> bool {
    case.documents.iter().any(|document| document.is_signed() && is_drawn(document))
}

fn has_decision(case: &Case) -> bool {
    !case.pauses.is_empty() || !case.agent_changes.is_empty() || case.leaving.is_some()
}

fn has_signed(case: &Case, kind: DocumentKind) -> bool {
    case.documents.iter().any(|document| document.kind == kind && document.is_signed())
}

/// The client's signature on the delivery notice, or that what was sent was signed for or confirmed.
fn has_proof(case: &Case) -> bool {
    let is_received = matches!(case.ended, Some((_, EndedBy::SignedFor | EndedBy::Confirmed)));
    is_received || case.newest(DocumentKind::DeliveryNotice).is_some_and(|n| n.signature(Side::Client).is_some())
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
        let has_sheet = case.documents.iter().any(|d| d.about.document.as_ref() == Some(&document.id));
        document.is_signed() && is_drawn(document) && !has_sheet
    })
}

fn is_drawn(document: &Document) -> bool {
    document.signatures.iter().any(|signature| signature.method == SignatureMethod::Drawn)
}
