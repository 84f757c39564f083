//! What a case is at a moment: the sum of its events.

use super::command::{CheckResult, GreenMeasure, NoticeReason, Outcome, ParcelState, SuspendReason, TerminateReason};
use super::event::EndedBy;
use super::later::{Deferral, LateDocument, LostParcel, PaperRequest};
use super::order::{Goal, Lifted};
use super::outside::OutsideRecord;
use super::paper::Document;
pub use super::status::{CaseChannel, DeliveryWay, Status};
use crate::catalogue::{Limit, MaterialSource, Mode, Proposal, SpecialProcedure};
use crate::clock::Clock;
use crate::custody::{CustodyLine, FileRef, Item, PieceForm};
use crate::ids::{
    CaseId, ConsultationId, MaterialId, MatterCode, OfficeCode, PartyId, ResultId, TemplateCode, Username,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The project that the matters are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Planned investment in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub investment_fen: Option<i64>,
    /// Where it will stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// A matter as it entered the scope, with the rules that then applied: an old case keeps its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScopedMatter {
    /// Its code.
    pub code: MatterCode,
    /// The office that holds it.
    pub office: OfficeCode,
    /// The office is outside the hall: it never claims, the agent keeps its part.
    pub outside: bool,
    /// Hard prerequisites; those within the case's own list bind.
    pub prerequisites: Vec<MatterCode>,
    /// The promised limit.
    pub limit: Option<Limit>,
    /// The limit that the law sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Limit>,
    /// By how many days the law lets that limit be extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_days: Option<u32>,
    /// Special procedures with their caps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special: Vec<SpecialProcedure>,
    /// Matters that usually come before (usual order): they delay a plan, never a submission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<MatterCode>,
    /// 审批层级: who decides, in the catalogue's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// The system in which it is filed; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// That system is none of the hall's own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside_system: bool,
}

/// Why a matter needs a material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// The matter.
    pub matter: MatterCode,
    /// Always needed, or only under a condition.
    pub required: bool,
    /// May be handed in later (容缺).
    pub deferrable: bool,
}

/// A material of the case, shared by every matter that needs the same thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScopedMaterial {
    /// `M1`, … within the case; stays the same when the scope changes.
    pub id: MaterialId,
    /// The key by which two materials are the same thing.
    pub key: String,
    /// Its name.
    pub name: String,
    /// How to get it, in words for the client.
    pub how_to_get: String,
    /// Original, copy or electronic, as the catalogue asks.
    pub form: PieceForm,
    /// Copies asked.
    pub copies: u32,
    /// Who provides it.
    pub source: MaterialSource,
    /// Earlier matters whose result this is; any one will do.
    pub from_matters: Vec<MatterCode>,
    /// Needed only under this condition.
    pub condition: Option<String>,
    /// Which matters need it.
    pub needed_by: Vec<Need>,
}

/// A material with what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseMaterial {
    /// What it is.
    pub spec: ScopedMaterial,
    /// The last check and when.
    pub check: Option<(CheckResult, Option<String>, DateTime<Utc>)>,
    /// When it came into the scope.
    pub since: DateTime<Utc>,
    /// When the last piece for it was listed.
    pub received_at: Option<DateTime<Utc>>,
}

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterStatus {
    /// In the scope; the service has not started.
    Planned,
    /// Sent to its office, which has not answered.
    Offered,
    /// Declined; somebody must forward it.
    Declined,
    /// Claimed by its office, or followed by the agent where the body is outside.
    Claimed,
    /// Submitted; the clock runs.
    Submitted,
    /// Submitted; the clock is stopped.
    Stopped,
    /// Finished, see the outcome.
    Finished,
}

impl MatterStatus {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Offered => "offered",
            Self::Declined => "declined",
            Self::Claimed => "claimed",
            Self::Submitted => "submitted",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
        }
    }
}

/// A matter of the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseMatter {
    /// What applied when it entered the scope.
    pub scope: ScopedMatter,
    /// The office that holds it now.
    pub office: OfficeCode,
    /// That office is outside the hall.
    pub outside: bool,
    /// Where it stands.
    pub status: MatterStatus,
    /// Who claimed it for the office.
    pub claimed_by: Option<Username>,
    /// The office's own number for it.
    pub number: Option<String>,
    /// Its clock, from the submission on.
    pub clock: Option<Clock>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it was sent to the office that holds it.
    pub offered_at: Option<DateTime<Utc>>,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was finished.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why the last office declined.
    pub declined_because: Option<String>,
    /// The lead office's head decided that this office takes it (S2.3).
    #[serde(default)]
    pub decided: bool,
    /// When a window accepted it from the client's own hands (assistance, S3.1).
    #[serde(default)]
    pub accepted_at_window: Option<DateTime<Utc>>,
    /// When its office claimed it.
    #[serde(default)]
    pub claimed_at: Option<DateTime<Utc>>,
    /// What is known of it outside (S5.3).
    #[serde(default)]
    pub outside_record: Option<OutsideRecord>,
    /// Steps of the usual order that were lifted.
    #[serde(default)]
    pub lifted: Vec<Lifted>,
}

/// One line of a one-time notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeEntry {
    /// The material.
    pub material: MaterialId,
    /// Missing or wrong.
    pub result: CheckResult,
    /// What is wrong with it.
    pub why: Option<String>,
}

/// A one-time notice (一次性告知).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `1`, `2`, … within the case.
    pub number: u32,
    /// The matters it covers.
    pub matters: Vec<MatterCode>,
    /// Everything missing.
    pub entries: Vec<NoticeEntry>,
    /// Bring it by this date.
    pub due: NaiveDate,
    /// Why there is a further notice.
    pub reason_code: Option<NoticeReason>,
    /// When it was given.
    pub at: DateTime<Utc>,
}

/// A result of a matter, due to the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultItem {
    /// `R1`, … within the case.
    pub id: ResultId,
    /// The matter it came from.
    pub matter: MatterCode,
    /// Its name.
    pub name: String,
    /// Original, copy or electronic.
    pub form: PieceForm,
    /// The electronic result, or a scan.
    pub file: Option<FileRef>,
    /// When it reached the client.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// A parcel, or an electronic delivery (without carrier).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// The carrier's name; none for an electronic delivery.
    pub carrier: Option<String>,
    /// The waybill number.
    pub number: Option<String>,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// What the carrier last said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<(ParcelState, DateTime<Utc>)>,
}

/// A breach recorded by the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// The clause that was breached.
    pub clause: String,
    /// Matters concerned.
    pub matters: Vec<MatterCode>,
    /// Materials concerned.
    pub materials: Vec<MaterialId>,
    /// The reason that was given.
    pub reason_code: NoticeReason,
    /// Who acted.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

/// A time in which the case rests (中止), until it is taken up again (续办).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub reason_code: SuspendReason,
    /// Why, in words.
    pub reason: String,
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; none while it lasts.
    pub to: Option<DateTime<Utc>>,
}

/// A change of agent (S5.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentChange {
    /// Who it was.
    pub from: Username,
    /// Who it is then.
    pub to: Username,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// That the case goes no further: withdrawn, or terminated with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// Why it was terminated; none for a withdrawal.
    pub terminated: Option<TerminateReason>,
    /// Why, in words; a withdrawal needs none (S2.1).
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The green channel, once opened (S6.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GreenChannel {
    /// Why.
    pub reason: String,
    /// The named person.
    pub person: Username,
    /// Who approved it.
    pub approver: Username,
    /// When.
    pub at: DateTime<Utc>,
    /// What is done for the case beside the shorter limits.
    #[serde(default)]
    pub measures: Vec<GreenMeasure>,
}

/// An escort, a session, a fee: what is written down beside the matters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// Escorts.
    pub escorts: u32,
    /// Remote sessions.
    pub remote_sessions: u32,
    /// Fees noted, in fen.
    pub fees_fen: i64,
    /// Days on which the client came, see [`super::Trips`].
    #[serde(default)]
    pub visits: BTreeSet<NaiveDate>,
}

/// The evaluation by the client, 1 to 5, 5 being the best.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The grade.
    pub grade: u8,
    /// In words.
    pub text: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A case (办件).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number, `2026-0187`.
    pub number: String,
    /// How many events it has.
    pub version: u64,
    /// Where it stands.
    pub status: Status,
    /// The applicant.
    pub applicant: PartyId,
    /// The applicant is still being founded: no credit code yet.
    pub founding: bool,
    /// The project.
    pub project: Option<Project>,
    /// How it came in.
    pub channel: CaseChannel,
    /// How the client wants its results.
    pub delivery: DeliveryWay,
    /// The consultation it came from.
    pub consultation: Option<ConsultationId>,
    /// The template it was made from.
    pub template: Option<TemplateCode>,
    /// Agency or assistance.
    pub mode: Mode,
    /// What the program proposed, and why.
    pub proposal: Proposal,
    /// The lead office (牵头科室).
    pub lead_office: Option<OfficeCode>,
    /// The agent.
    pub agent: Option<Username>,
    /// The stand-in (B角).
    pub stand_in: Option<Username>,
    /// The green channel.
    pub green: Option<GreenChannel>,
    /// Matters in scope, in list order.
    pub matters: Vec<CaseMatter>,
    /// Materials in scope.
    pub materials: Vec<CaseMaterial>,
    /// Pieces handed in.
    pub items: Vec<Item>,
    /// Notices given.
    pub notices: Vec<Notice>,
    /// Breaches recorded.
    pub breaches: Vec<Breach>,
    /// Documents, oldest first.
    pub documents: Vec<Document>,
    /// Results.
    pub results: Vec<ResultItem>,
    /// The parcel or electronic delivery under way.
    pub shipment: Option<Shipment>,
    /// The results have reached the client, and how.
    pub delivered: Option<EndedBy>,
    /// What is written down beside.
    pub records: Records,
    /// The evaluation.
    pub evaluation: Option<Evaluation>,
    /// When the application was made.
    pub created_at: DateTime<Utc>,
    /// When the first handover list was signed by both.
    pub handover_signed_at: Option<DateTime<Utc>>,
    /// When the agreement was signed by both.
    pub agreement_signed_at: Option<DateTime<Utc>>,
    /// When the agent began to act.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, and how.
    pub ended: Option<(DateTime<Utc>, EndedBy)>,
    /// Where it stood before it was suspended.
    pub suspended_from: Option<Status>,
    /// The chain's head that the sealed package was made over.
    pub archived_head: Option<String>,
    /// Material ids ever given, so that none is given twice.
    pub materials_ever: u32,
    /// Times in which it rested, oldest first.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// Changes of agent, oldest first.
    #[serde(default)]
    pub agent_changes: Vec<AgentChange>,
    /// How many notices had been given when their date last passed without the materials (S6.2).
    #[serde(default)]
    pub lapsed_notices: u32,
    /// Withdrawn or terminated, when and why.
    #[serde(default)]
    pub leaving: Option<Leaving>,
    /// The day that its project is planned for.
    #[serde(default)]
    pub goal: Option<Goal>,
    /// Every move of every piece, oldest first.
    #[serde(default)]
    pub custody: Vec<CustodyLine>,
    /// Materials that may be handed in later.
    #[serde(default)]
    pub deferrals: Vec<Deferral>,
    /// Papers that somebody asked for.
    #[serde(default)]
    pub paper_requests: Vec<PaperRequest>,
    /// Parcels that came back or were lost.
    #[serde(default)]
    pub lost_parcels: Vec<LostParcel>,
    /// What came in after the sealing.
    #[serde(default)]
    pub late_documents: Vec<LateDocument>,
    /// Sealed volumes.
    #[serde(default)]
    pub volumes: u32,
    /// When the last thing happened to it: nothing is recorded before.
    #[serde(default)]
    pub changed_at: DateTime<Utc>,
}
