//! The metadata of a sealed file, as elements of its `metadata.xml`.
//!
//! The names of the elements are those that archivists use; `docs/archive.md` says which standard they follow and what of it
//! is not known. Hashes stand in the manifest and the single pieces in the list of contents, not here: nothing is said twice.

use super::Contents;
use crate::papers::{PartyFull, matter_name, outcome_words, retention};
use crate::reference::Reference;
use chrono::{DateTime, Utc};
use domain::calendar::today;
use domain::case::{Case, CaseMatter};
use domain::catalogue::Mode;
use domain::ids::OfficeCode;
use domain::people::Directory;
use files::package::PackedEvent;
use serde::Serialize;

/// The outermost element.
pub(super) const ROOT: &str = "政务服务事项电子文件元数据";

/// The metadata of the package, in this order of elements.
#[derive(Serialize)]
pub(super) struct Metadata<'a> {
    #[serde(rename = "@版本")]
    version: u32,
    #[serde(rename = "聚合层次")]
    level: &'static str,
    #[serde(rename = "立档单位名称")]
    bureau: &'a str,
    #[serde(rename = "电子文件号")]
    case: &'a str,
    #[serde(rename = "办件编号")]
    number: &'a str,
    #[serde(rename = "题名")]
    title: String,
    #[serde(rename = "办理方式")]
    mode: &'static str,
    #[serde(rename = "申请人")]
    applicant: Applicant<'a>,
    #[serde(rename = "项目名称", skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    #[serde(rename = "事项")]
    matters: Vec<MatterLine<'a>>,
    #[serde(rename = "牵头科室", skip_serializing_if = "Option::is_none")]
    lead_office: Option<OfficeLine<'a>>,
    #[serde(rename = "代办员", skip_serializing_if = "Option::is_none")]
    agent: Option<PersonLine<'a>>,
    #[serde(rename = "日期")]
    dates: Dates,
    #[serde(rename = "保管期限")]
    retention: &'static str,
    #[serde(rename = "数量")]
    contents: Counts,
    /// Only in a further volume.
    #[serde(rename = "续卷", skip_serializing_if = "Option::is_none")]
    pub(super) later: Option<LaterVolume>,
}

/// What a further volume says of itself.
#[derive(Serialize)]
pub(super) struct LaterVolume {
    /// From 2.
    #[serde(rename = "卷号")]
    pub(super) volume: u32,
    /// The SHA-256 of the first volume's package.
    #[serde(rename = "首卷校验值")]
    pub(super) first: String,
}

#[derive(Serialize)]
struct Applicant<'a> {
    #[serde(rename = "名称")]
    name: &'a str,
    #[serde(rename = "统一社会信用代码", skip_serializing_if = "Option::is_none")]
    uscc: Option<&'a str>,
}

#[derive(Serialize)]
struct MatterLine<'a> {
    #[serde(rename = "事项编码")]
    code: &'a str,
    #[serde(rename = "事项名称")]
    name: &'a str,
    #[serde(rename = "办理单位")]
    office: OfficeLine<'a>,
    #[serde(rename = "办理结果")]
    outcome: &'static str,
}

#[derive(Serialize)]
struct OfficeLine<'a> {
    #[serde(rename = "编码")]
    code: &'a str,
    #[serde(rename = "名称")]
    name: &'a str,
}

#[derive(Serialize)]
struct PersonLine<'a> {
    #[serde(rename = "用户名")]
    username: &'a str,
    #[serde(rename = "姓名")]
    name: &'a str,
}

/// Days in the hall, `YYYY-MM-DD`.
#[derive(Serialize)]
struct Dates {
    #[serde(rename = "申请日期")]
    applied_on: String,
    #[serde(rename = "材料交接日期", skip_serializing_if = "Option::is_none")]
    handover_signed_on: Option<String>,
    #[serde(rename = "协议签订日期", skip_serializing_if = "Option::is_none")]
    agreement_signed_on: Option<String>,
    #[serde(rename = "启动日期", skip_serializing_if = "Option::is_none")]
    started_on: Option<String>,
    #[serde(rename = "办结日期", skip_serializing_if = "Option::is_none")]
    ended_on: Option<String>,
}

#[derive(Serialize)]
struct Counts {
    #[serde(rename = "办理记录数")]
    events: usize,
    #[serde(rename = "件数")]
    items: usize,
    #[serde(rename = "电子文件数")]
    documents: usize,
    #[serde(rename = "页数")]
    pages: u64,
}

impl<'a> Metadata<'a> {
    pub(super) fn of(
        case: &'a Case,
        events: &[PackedEvent],
        party: &'a PartyFull,
        reference: &'a Reference,
        contents: &Contents,
    ) -> Self {
        let (catalogue, directory) = (&reference.catalogue, &reference.directory);
        let matter = |matter: &'a CaseMatter| MatterLine {
            code: matter.scope.code.as_str(),
            name: matter_name(catalogue, &matter.scope.code),
            office: office(directory, &matter.office),
            outcome: if matter.outcome.is_none() && matter.accepted_at_window.is_some() {
                "窗口已受理"
            } else {
                outcome_words(catalogue, &matter.scope.code, matter.outcome)
            },
        };
        let person = |agent: &'a domain::ids::Username| PersonLine {
            username: agent.as_str(),
            name: directory.person_name(agent),
        };
        let project = case.project.as_ref().map(|project| project.name.as_str());
        let mode = match case.mode {
            Mode::Agency => "代办",
            Mode::Assistance => "帮办",
        };
        Self {
            version: 1,
            level: "案卷",
            bureau: &directory.bureau,
            case: case.id.as_str(),
            number: &case.number,
            title: format!("{} {}{mode}案卷", party.name, project.map(|name| format!("{name} ")).unwrap_or_default()),
            mode,
            applicant: Applicant { name: &party.name, uscc: party.uscc.as_deref() },
            project,
            matters: case.matters.iter().map(matter).collect(),
            lead_office: case.lead_office.as_ref().map(|code| office(directory, code)),
            agent: case.agent.as_ref().map(person),
            dates: Dates::of(case),
            retention: retention(case.mode),
            contents: Counts {
                events: events.len(),
                items: contents.rows.len(),
                documents: contents.documents.len(),
                pages: contents.rows.iter().filter_map(|row| row.pages).map(u64::from).sum(),
            },
            later: None,
        }
    }
}

fn office<'a>(directory: &'a Directory, code: &'a OfficeCode) -> OfficeLine<'a> {
    OfficeLine { code: code.as_str(), name: directory.office_name(code) }
}

impl Dates {
    fn of(case: &Case) -> Self {
        let day = |at: DateTime<Utc>| today(at).to_string();
        Self {
            applied_on: day(case.created_at),
            handover_signed_on: case.handover_signed_at.map(day),
            agreement_signed_on: case.agreement_signed_at.map(day),
            started_on: case.started_at.map(day),
            ended_on: case.ended.map(|(at, _)| day(at)),
        }
    }
}
