//! What goes out, and the simplest of what comes in. Names are the contract's.

use chrono::{DateTime, NaiveDate, Utc};
use domain::chain::Envelope;
use domain::custody::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A list, page by page: `next_cursor` is none on the last page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct List<T> {
    /// The entries.
    pub(super) items: Vec<T>,
    /// What `cursor` gets the next page.
    #[schema(required)]
    pub(super) next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A list on one page.
    pub(super) fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// A user name and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// The user name.
    pub(super) username: String,
    /// The password.
    pub(super) password: String,
}

/// A bearer token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenJson {
    /// To be sent as `Authorization: Bearer …`.
    pub(super) token: String,
    /// Until when it is good.
    pub(super) expires_at: DateTime<Utc>,
}

impl From<app::ApiToken> for TokenJson {
    fn from(token: app::ApiToken) -> Self {
        Self { token: token.token, expires_at: token.expires_at }
    }
}

/// Who the token stands for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    /// The code of the office of a member of staff.
    #[schema(required)]
    pub(super) office: Option<String>,
    /// The enterprises of an applicant.
    pub(super) enterprises: Vec<PartyJson>,
    /// `zh` or `en`.
    pub(super) language: String,
}

/// A party; telephone and identity number are masked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PartyJson {
    pub(super) id: String,
    pub(super) name: String,
    #[schema(required)]
    pub(super) uscc: Option<String>,
    /// It is still being founded and has no credit code yet.
    pub(super) founding: bool,
    pub(super) contact: ContactJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) founder: Option<FounderJson>,
}

/// Whom to talk to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactJson {
    pub(super) name: String,
    /// Masked.
    pub(super) phone: String,
}

/// The founder of an enterprise without credit code.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FounderJson {
    pub(super) name: String,
    /// Masked.
    #[schema(required)]
    pub(super) id_number: Option<String>,
}

impl From<&app::PartyView> for PartyJson {
    fn from(party: &app::PartyView) -> Self {
        Self {
            id: party.id.to_string(),
            name: party.name.clone(),
            uscc: party.uscc.clone(),
            founding: party.founding,
            contact: ContactJson { name: party.contact_name.clone(), phone: party.contact_phone_masked.clone() },
            founder: party
                .founder_name
                .as_ref()
                .map(|name| FounderJson { name: name.clone(), id_number: party.founder_id_masked.clone() }),
        }
    }
}

/// A limit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct LimitJson {
    pub(super) days: u32,
    /// `working_day` or `calendar_day`.
    pub(super) unit: String,
}

impl From<domain::catalogue::Limit> for LimitJson {
    fn from(limit: domain::catalogue::Limit) -> Self {
        Self { days: limit.days, unit: code(&limit.unit) }
    }
}

/// A matter of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatterInfo {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) office: String,
    pub(super) co_offices: Vec<String>,
    pub(super) stage: String,
    pub(super) level: String,
    #[schema(required)]
    pub(super) statutory: Option<LimitJson>,
    #[schema(required)]
    pub(super) promised: Option<LimitJson>,
    pub(super) depends_on: Vec<String>,
    pub(super) soft_after: Vec<String>,
    pub(super) legal_basis: String,
    pub(super) fee: String,
    pub(super) result: String,
    pub(super) materials: Vec<MaterialInfo>,
}

/// A material of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MaterialInfo {
    pub(super) name: String,
    pub(super) form: String,
    pub(super) copies: u32,
    pub(super) required: bool,
    pub(super) deferrable: bool,
    pub(super) source: String,
    pub(super) from_matters: Vec<String>,
    #[schema(required)]
    pub(super) condition: Option<String>,
    pub(super) how_to_get: String,
}

/// A project template.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TemplateInfo {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) matters: Vec<String>,
}

/// An office.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeInfo {
    pub(super) code: String,
    pub(super) name: String,
    /// `bureau`, `department` or `outside`.
    pub(super) kind: String,
    pub(super) phone: String,
}

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonInfo {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    #[schema(required)]
    pub(super) office: Option<String>,
    pub(super) post: String,
    pub(super) phone: String,
    /// Can be named agent (S7).
    pub(super) qualified: bool,
    /// An absence is recorded for today.
    pub(super) absent: bool,
    /// Absences of today and to come, by first day.
    pub(super) absences: Vec<AbsenceJson>,
}

/// A recorded absence.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AbsenceJson {
    pub(super) id: String,
    /// First day away.
    pub(super) from: NaiveDate,
    /// Last day away, as recorded.
    pub(super) to: NaiveDate,
    /// The first day at work again, where it ended early; on or before `from` if it was called off.
    #[schema(required)]
    pub(super) back_on: Option<NaiveDate>,
    /// Told only to those who may record absences of this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl AbsenceJson {
    pub(super) fn of(absence: &app::AbsenceView, with_reason: bool) -> Self {
        Self {
            id: absence.id.clone(),
            from: absence.from,
            to: absence.to,
            back_on: absence.back_on,
            reason: with_reason.then(|| absence.reason.name().to_owned()),
        }
    }
}

/// An absence that was just recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordedAbsenceJson {
    pub(super) id: String,
    /// Who is away.
    pub(super) person: String,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) reason: String,
    /// Numbers of the person's open cases that nobody stands in for; the most urgent first.
    pub(super) cases_without_stand_in: Vec<String>,
}

/// A statutory fee (S2.2).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeeInfo {
    /// The code of the matter.
    pub(super) matter: String,
    /// What `note_fee` calls it.
    pub(super) name: String,
    pub(super) legal_basis: String,
    /// Whom the enterprise pays.
    pub(super) payee: String,
    /// The rate in words.
    pub(super) standard: String,
    pub(super) source: String,
    /// The bureau has checked this line.
    pub(super) verified: bool,
}

/// A file that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FileJson {
    pub(super) id: String,
    /// SHA-256.
    pub(super) hash: String,
    /// As found in the content.
    pub(super) media_type: String,
    /// Bytes.
    pub(super) size: u64,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedId {
    pub(super) id: String,
}

/// A case that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedCaseJson {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) version: u64,
}

/// A command that was carried out.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PerformedJson {
    /// The case's version now.
    pub(super) version: u64,
    /// What happened; empty if it was so already.
    pub(super) events: Vec<EventJson>,
}

/// An event of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventJson {
    pub(super) case: String,
    /// Number within the case, from 1.
    pub(super) seq: u64,
    pub(super) at: DateTime<Utc>,
    /// Who did it; `bangban` is the program itself.
    pub(super) actor: String,
    /// Whose name a stand-in acted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on_behalf_of: Option<String>,
    /// What happened: `type` and what belongs to it.
    #[schema(value_type = Object)]
    pub(super) event: serde_json::Value,
}

impl From<&Envelope> for EventJson {
    fn from(envelope: &Envelope) -> Self {
        Self {
            case: envelope.case.to_string(),
            seq: envelope.seq,
            at: envelope.at,
            actor: envelope.actor.to_string(),
            on_behalf_of: envelope.on_behalf_of.as_ref().map(ToString::to_string),
            event: serde_json::to_value(&envelope.event).unwrap_or_default(),
        }
    }
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseLine {
    pub(super) id: String,
    #[schema(required)]
    pub(super) number: Option<String>,
    pub(super) version: i64,
    pub(super) status: String,
    pub(super) mode: String,
    /// Enterprise and project.
    pub(super) title: String,
    #[schema(required)]
    pub(super) lead_office: Option<String>,
    #[schema(required)]
    pub(super) agent: Option<String>,
    #[schema(required)]
    pub(super) stand_in: Option<String>,
    pub(super) green: bool,
    #[schema(required)]
    pub(super) due_on: Option<NaiveDate>,
    pub(super) colour: String,
    pub(super) matters: Vec<MatterLine>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// A matter of a case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatterLine {
    pub(super) code: String,
    pub(super) office: String,
    pub(super) status: String,
    #[schema(required)]
    pub(super) due_on: Option<NaiveDate>,
    pub(super) colour: String,
}

impl From<app::CaseHead> for CaseLine {
    fn from(head: app::CaseHead) -> Self {
        Self {
            id: head.id.to_string(),
            number: head.number,
            version: head.version,
            status: head.status,
            mode: head.mode,
            title: head.title,
            lead_office: head.lead_office.map(|code| code.0),
            agent: head.agent.map(|name| name.0),
            stand_in: head.stand_in.map(|name| name.0),
            green: head.green,
            due_on: head.due_on,
            colour: head.colour,
            matters: head
                .offices
                .into_iter()
                .map(|line| MatterLine {
                    code: line.matter.0,
                    office: line.office.0,
                    status: line.status,
                    due_on: line.due_on,
                    colour: line.colour,
                })
                .collect(),
            created_at: head.created_at,
            updated_at: head.updated_at,
        }
    }
}

/// The one place where a piece is: `"client"`, or an object that names the person, office, window, courier or keeper.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Holder(pub(super) Place);

/// The code of a closed list, as it stands on the wire.
pub(super) fn code(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
