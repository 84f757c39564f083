//! What happened to a case. Events are kept for ever as the exact bytes that were hashed: a field may be added with a
//! default, never renamed or removed. They carry ids of persons and parties, never a phone, an identity number or an address.
#![expect(missing_docs, reason = "the variants say what happened; the fields name what they carry")]

use super::command::{
    CheckResult, EscortOutcome, GreenMeasure, MaterialCheck, NoticeReason, Outcome, PaperOnRequest, ParcelState,
    RemoteChannel, StopKind, SuspendReason, TerminateReason,
};
use super::outside::OutsideState;
use super::paper::{Document, Signature};
use super::state::{Notice, Project, ResultItem, ScopedMaterial, ScopedMatter, Shipment};
use super::status::{CaseChannel, DeliveryWay};
use crate::catalogue::{Limit, Mode, Proposal};
use crate::custody::{FileRef, Item, Place};
use crate::ids::{
    ConsultationId, DocumentId, ItemId, MaterialId, MatterCode, OfficeCode, PartyId, ResultId, TemplateCode, Username,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! events {
    ($($(#[$doc:meta])* $part:ident as $short:ident {
        $($(#[$vdoc:meta])* $variant:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }),+ $(,)?
    })+) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum $part { $($(#[$vdoc])* $variant { $($(#[$fmeta])* $field: $ty),* }),+ }

        impl $part {
            const NAMES: &[&str] = &[$(stringify!($variant)),+];

            fn variant(&self) -> &'static str {
                match self { $(Self::$variant { .. } => stringify!($variant)),+ }
            }
        }

        impl From<$part> for Event {
            fn from(part: $part) -> Self { Self::$short(part) }
        })+

        /// Something that happened to a case.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event { $($(#[$doc])* $short($part)),+ }

        impl Event {
            /// The name, as in its `type`.
            #[must_use]
            pub fn name(&self) -> String {
                snake_case(match self { $(Self::$short(part) => part.variant()),+ })
            }

            /// The name of every event.
            pub fn names() -> impl Iterator<Item = String> {
                [$($part::NAMES),+].into_iter().flatten().map(|name| snake_case(name))
            }

            fn read(name: &str, value: serde_json::Value) -> Result<Self, serde_json::Error> {
                use serde::de::Error;
                $(if $part::NAMES.iter().any(|n| snake_case(n) == name) {
                    return serde_json::from_value(value).map(Self::$short);
                })+
                Err(serde_json::Error::custom(format!("unknown event {name}")))
            }
        }

        impl Serialize for Event {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$short(part) => part.serialize(serializer)),+ }
            }
        }
    };
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = serde_json::Value::deserialize(deserializer)?;
        let name = value.get("type").and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        Self::read(&name, value).map_err(D::Error::custom)
    }
}

fn snake_case(camel: &str) -> String {
    let mut text = String::with_capacity(camel.len() + 4);
    for (index, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Why the mode changed without anybody choosing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeReason {
    /// The materials were not there by the date of the one-time notice (S6.2).
    NoticeLapsed,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// Delivered in person and signed for.
    HandedOver,
    /// Posted and signed for.
    SignedFor,
    /// Delivered electronically and confirmed.
    Confirmed,
    /// The last window in scope has accepted (assistance).
    LastWindowAccepted,
    /// Withdrawn, everything returned.
    Withdrawn,
    /// Terminated, everything returned.
    Terminated,
}

events! {
    /// The application: who, what, how.
    ApplicationEvent as Application {
        /// The application was made.
        ApplicationSubmitted {
            number: String,
            applicant: PartyId,
            founding: bool,
            #[serde(default, skip_serializing_if = "Option::is_none")] project: Option<Project>,
            channel: CaseChannel,
            delivery: DeliveryWay,
            #[serde(default, skip_serializing_if = "Option::is_none")] consultation: Option<ConsultationId>,
            #[serde(default, skip_serializing_if = "Option::is_none")] template: Option<TemplateCode>,
            mode: Mode,
            proposal: Proposal,
            matters: Vec<ScopedMatter>,
            materials: Vec<ScopedMaterial>,
        },
        /// Agency or assistance was chosen, or followed from a rule.
        ModeChosen {
            mode: Mode,
            was: Mode,
            #[serde(default, skip_serializing_if = "Option::is_none")] because: Option<ModeReason>,
        },
        /// The scope changed.
        MattersChanged {
            added: Vec<ScopedMatter>,
            removed: Vec<MatterCode>,
            materials: Vec<ScopedMaterial>,
            proposal: Proposal,
            reason: String,
        },
        /// The enterprise has been founded; its code is known.
        UsccAttached { uscc: String },
        /// The day on which a milestone is wanted.
        GoalSet { milestone: String, date: NaiveDate },
    }
    /// Who is answerable.
    AssignmentEvent as Assignment {
        LeadOfficeAssigned { office: OfficeCode, was: Option<OfficeCode>, reason: Option<String> },
        CaseAccepted {},
        AgentAssigned { person: Username, was: Option<Username>, reason: Option<String> },
        StandInSet { person: Username, was: Option<Username>, reason: Option<String> },
        GreenChannelOpened {
            reason: String,
            person: Username,
            #[serde(default, skip_serializing_if = "Vec::is_empty")] measures: Vec<GreenMeasure>,
        },
    }
    /// What the client hands in.
    MaterialsEvent as Materials {
        MaterialsChecked { checks: Vec<MaterialCheck> },
        NoticeIssued { notice: Notice },
        /// A second notice names what the first could have named (S6.2); recorded by the program.
        BreachRecorded { matters: Vec<MatterCode>, materials: Vec<MaterialId>, reason_code: NoticeReason },
        MaterialsReceived { items: Vec<Item> },
        MaterialMoved { item: ItemId, from: Place, to: Place },
        /// The taker's word for pieces that moved.
        MaterialsTaken {
            items: Vec<ItemId>,
            #[serde(default, skip_serializing_if = "Option::is_none")] slip: Option<FileRef>,
        },
        /// A material may be handed in later, once the client has promised it (容缺).
        MaterialDeferred { matter: MatterCode, material: MaterialId, due: NaiveDate, consequence: String },
    }
    /// Documents and signatures.
    DocumentEvent as Document {
        /// A document was made and offered; its bytes are fixed from now on.
        DocumentOffered { document: Box<Document> },
        DocumentSigned { document: DocumentId, signature: Box<Signature> },
        /// Both sides have signed a handover list: its pieces went to the agent.
        HandoverCompleted { document: DocumentId, items: Vec<ItemId>, to: Username },
        /// Former and present agent have signed: the pieces on the list went from one to the other (S5.3).
        TakeoverCompleted { document: DocumentId, items: Vec<ItemId>, from: Username, to: Username },
        /// Both sides have signed the agreement.
        AgreementConcluded { document: DocumentId },
        /// The client has promised to hand in later what the document names.
        DeferralPromised { document: DocumentId },
        /// Somebody asked for a paper.
        PaperRequested {
            kind: PaperOnRequest,
            #[serde(default, skip_serializing_if = "Option::is_none")] matter: Option<MatterCode>,
        },
        /// The agent acts in the client's stead from now on.
        AgencyStarted {},
    }
    /// The work of the offices.
    MatterEvent as Matter {
        MattersOffered { matters: Vec<MatterCode> },
        MatterClaimed { matter: MatterCode, office: OfficeCode },
        MatterDeclined { matter: MatterCode, office: OfficeCode, reason: String },
        MatterForwarded {
            matter: MatterCode,
            from: OfficeCode,
            to: OfficeCode,
            outside: bool,
            reason: String,
            /// The lead office's head decided it: the office cannot decline any more (S2.3).
            #[serde(default, skip_serializing_if = "is_false")] decided: bool,
        },
        /// A window had accepted the matter from the client's own hands before assistance became agency: it is under way
        /// since then (S3.1).
        MatterTakenOver { matter: MatterCode, accepted_at: DateTime<Utc>, limit: Option<Limit> },
        MatterSubmitted { matter: MatterCode, number: Option<String>, limit: Option<Limit>, items: Vec<ItemId> },
        MatterFinished {
            matter: MatterCode,
            outcome: Outcome,
            results: Vec<ResultItem>,
            /// Where each piece that the office held goes.
            moves: Vec<(ItemId, Place)>,
            /// When a body outside finished it; its clock ends there.
            #[serde(default, skip_serializing_if = "Option::is_none")] happened_at: Option<DateTime<Utc>>,
            /// Entered long after the fact.
            #[serde(default, skip_serializing_if = "is_false")] late: bool,
            #[serde(default, skip_serializing_if = "Option::is_none")] late_reason: Option<String>,
        },
        ClockStopped {
            matter: MatterCode,
            kind: StopKind,
            name: Option<String>,
            reason: String,
            until: NaiveDate,
            /// Why the procedure takes longer than its cap.
            #[serde(default, skip_serializing_if = "Option::is_none")] beyond_cap: Option<String>,
        },
        ClockResumed { matter: MatterCode },
        LimitExtended { matter: MatterCode, days: u32, reason: String, approver: Username },
        /// How far a body outside is (S5.3).
        OutsideChecked {
            matter: MatterCode,
            state: OutsideState,
            #[serde(default, skip_serializing_if = "Option::is_none")] number: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")] receipt: Option<FileRef>,
            /// When the agent looked, if not as it was entered.
            #[serde(default, skip_serializing_if = "Option::is_none")] happened_at: Option<DateTime<Utc>>,
            /// Entered long after the fact.
            #[serde(default, skip_serializing_if = "is_false")] late: bool,
            #[serde(default, skip_serializing_if = "Option::is_none")] late_reason: Option<String>,
        },
        /// A step of the usual order was lifted by a preliminary look.
        OrderLifted { matter: MatterCode, before: MatterCode, opinion: String },
    }
    /// What is written down beside the matters.
    RecordEvent as Record {
        EscortRecorded {
            matter: MatterCode,
            window: String,
            ticket: Option<String>,
            outcome: EscortOutcome,
            /// When it was, if not as it was entered.
            #[serde(default, skip_serializing_if = "Option::is_none")] happened_at: Option<DateTime<Utc>>,
            /// Entered long after the fact.
            #[serde(default, skip_serializing_if = "is_false")] late: bool,
            #[serde(default, skip_serializing_if = "Option::is_none")] late_reason: Option<String>,
        },
        RemoteSessionRecorded {
            channel: RemoteChannel,
            topic: String,
            started_at: DateTime<Utc>,
            minutes: u32,
            outcome: String,
            /// Entered long after the fact.
            #[serde(default, skip_serializing_if = "is_false")] late: bool,
        },
        FeeNoted { matter: MatterCode, fee: String, legal_basis: String, payee: String, amount_fen: i64, receipt: String },
    }
    /// Results to the client.
    DeliveryEvent as Delivery {
        /// Every matter is finished: the results are due to the client.
        DeliveryDue {},
        ResultHandedOver { results: Vec<ResultId>, items: Vec<ItemId>, collector: String, document: DocumentId },
        ResultSent { results: Vec<ResultId>, items: Vec<ItemId>, shipment: Shipment },
        ReceiptConfirmed { signed_by: String, at: DateTime<Utc>, file: Option<FileRef> },
        MaterialsReturned {
            items: Vec<ItemId>,
            /// Results that were there when the case was left: they are the client's as well.
            #[serde(default, skip_serializing_if = "Vec::is_empty")] results: Vec<ResultId>,
            document: DocumentId,
        },
        /// What the carrier said of the parcel.
        ParcelReported {
            state: ParcelState,
            #[serde(default, skip_serializing_if = "Option::is_none")] note: Option<String>,
            /// When it was, if not as it was entered.
            #[serde(default, skip_serializing_if = "Option::is_none")] happened_at: Option<DateTime<Utc>>,
        },
    }
    /// Pausing, leaving, closing.
    EndingEvent as Ending {
        CaseSuspended { reason_code: SuspendReason, reason: String },
        CaseResumed {},
        CaseWithdrawn { reason_code: Option<String>, reason: Option<String> },
        CaseTerminated { reason_code: TerminateReason, reason: String },
        /// The service ended by itself (S6.3), every original accounted for.
        CaseEnded { how: EndedBy },
        CaseEvaluated { grade: u8, text: Option<String> },
        /// A document came in after the sealing.
        LateDocumentAdded { title: String, file: FileRef, reason: String },
        /// The file was sealed; `head` is the chain's head that the package was sealed over.
        CaseArchived { head: String },
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// A check's result, for readers of events that only count.
#[must_use]
pub fn is_lack(result: CheckResult) -> bool {
    matches!(result, CheckResult::Missing | CheckResult::Wrong)
}
