//! A hall and a case in it, worked on through the real rules.

use crate::i18n::Lang;
use crate::pages::staff::names::Names;
use crate::pages::staff::next::View;
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::access::{Action, Actor, On, may};
use domain::calendar::{Calendar, utc};
use domain::case::{
    ActionState, Application, Case, CaseChannel, Command, DeliveryWay, DocumentKind, DocumentMade, Facts, Policy,
    actions, decide, matter_actions, record, submit,
};
use domain::catalogue::Catalogue;
use domain::chain::Envelope;
use domain::clock::Thresholds;
use domain::custody::FileRef;
use domain::ids::{CaseId, FileId, MatterCode, OfficeCode};
use domain::people::{Directory, Office, OfficeKind, Person, Role};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const PICTURE: &str = "f-png";

pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::parse(include_str!("../../../../../../reference/matters.json")).unwrap())
}

pub(super) fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::parse(include_str!("../../../../../../reference/holidays.json")).unwrap())
}

/// A case that is worked on, its events, and the moment.
pub(super) struct Play {
    pub(super) case: Case,
    pub(super) log: Vec<Envelope>,
    pub(super) directory: Directory,
    pub(super) now: DateTime<Utc>,
    files: BTreeMap<FileId, FileRef>,
    policy: Policy,
}

impl Play {
    /// An application for these matters, on Monday 2 March 2026, 9:00.
    pub(super) fn of(matters: &[&str]) -> Self {
        let now = NaiveDateTime::parse_from_str("2026-03-02 09:00", "%Y-%m-%d %H:%M").unwrap();
        let now = utc(now);
        let (directory, policy) = (directory(), Policy::default());
        let hash = format!("{:064x}", 7);
        let file = FileRef { id: PICTURE.into(), hash, media_type: "image/png".to_owned() };
        let files = BTreeMap::from([(FileId::from(PICTURE), file)]);
        let application = Application {
            number: "2026-0187".to_owned(),
            applicant: "p-own".into(),
            founding: false,
            project: None,
            channel: CaseChannel::WalkIn,
            delivery: DeliveryWay::InPerson,
            consultation: None,
            template: None,
            matters: matters.iter().map(|code| MatterCode::from(*code)).collect(),
            mode: None,
        };
        let event = submit(&application, &facts(&directory, &policy, &files, now)).unwrap();
        let case = CaseId::from("c-1");
        let envelope = Envelope { case, seq: 1, at: now, actor: "clerk".into(), on_behalf_of: None, event };
        let case = Case::begin(&envelope).unwrap();
        Self { case, log: vec![envelope], directory, now, files, policy }
    }

    fn facts(&self) -> Facts<'_> {
        facts(&self.directory, &self.policy, &self.files, self.now)
    }

    fn actor(&self, who: &str) -> Actor {
        Actor::of(self.directory.person(&who.into()).unwrap(), &self.directory)
    }

    /// Gives a command as a person does, then makes the papers that are due.
    pub(super) fn ok(&mut self, who: &str, value: Value) {
        let shown = value.to_string();
        let command: Command = serde_json::from_value(value).unwrap();
        let matter = match &command {
            Command::Matters(command) => Some(command.matter().clone()),
            _ => None,
        };
        let today = domain::calendar::today(self.now);
        let on = On::Case { case: &self.case, matter: matter.as_ref(), directory: &self.directory, today };
        let grant = may(&self.actor(who), Action::Command(command.kind()), on).unwrap();
        let events = decide(&self.case, &command, &grant, &self.facts());
        let events = events.unwrap_or_else(|refusal| panic!("{who} {shown}: {refusal:?}"));
        let envelopes = record(&mut self.case, events, grant.actor(), grant.on_behalf_of(), self.now);
        self.log.extend(envelopes);
        while let Some(due) = self.case.document_due() {
            let made = DocumentMade {
                hash: format!("{:064x}", self.log.len()),
                input: format!("{:064x}", self.log.len() + 9000),
                code: format!("V{}", self.log.len()),
                pages: 1,
                seal: None,
            };
            let envelopes = record(&mut self.case, [due.offered(made, self.now)], &"bangban".into(), None, self.now);
            self.log.extend(envelopes);
        }
    }

    pub(super) fn preparing(mut self) -> Self {
        self.ok("head", json!({"type": "assign_lead_office", "office": "B01"}));
        self.ok("head", json!({"type": "accept"}));
        self.ok("head", json!({"type": "assign_agent", "person": "agent"}));
        self
    }

    /// Finds every material right.
    pub(super) fn checked(mut self) -> Self {
        let checks: Vec<Value> =
            self.case.materials.iter().map(|m| json!({"material": m.spec.id, "result": "ok"})).collect();
        self.ok("agent", json!({"type": "check_materials", "checks": checks}));
        self
    }

    /// Everything that must be there for the start is listed.
    pub(super) fn received(mut self) -> Self {
        let line = |m: &&domain::case::CaseMaterial| json!({"material": m.spec.id, "form": "original", "pages": 2, "copies": 1, "return": true});
        let items: Vec<Value> = self.case.lacking_to_start().iter().map(line).collect();
        self.ok("agent", json!({"type": "receive_materials", "items": items}));
        self
    }

    pub(super) fn sign(&mut self, kind: DocumentKind, side: &str) {
        let document = self.case.newest(kind).unwrap();
        let name = if kind == DocumentKind::HandoverList { "sign_handover" } else { "sign_agreement" };
        let command = json!({
            "type": name, "side": side, "method": "drawn",
            "document": document.id, "hash": document.hash, "file": PICTURE,
        });
        self.ok(if side == "client" { "enterprise" } else { "agent" }, command);
    }

    pub(super) fn running(self) -> Self {
        let mut play = self.preparing().checked().received();
        for kind in [DocumentKind::HandoverList, DocumentKind::Agreement] {
            play.sign(kind, "client");
            play.sign(kind, "agent");
        }
        play.ok("agent", json!({"type": "start"}));
        play
    }

    pub(super) fn names(&self, l: Lang) -> Names<'_> {
        Names { l, catalogue: catalogue(), directory: &self.directory, case: &self.case, now: self.now }
    }

    /// What somebody may do, on the case and on each matter.
    pub(super) fn allowed(&self, who: &str) -> (Vec<ActionState>, Vec<(MatterCode, Vec<ActionState>)>) {
        let actor = self.actor(who);
        let codes = self.case.matters.iter().map(|m| m.scope.code.clone());
        let each = codes.map(|code| {
            let states = matter_actions(&self.case, &code, &actor, &self.facts());
            (code, states)
        });
        (actions(&self.case, &actor, &self.facts()), each.collect())
    }

    pub(super) fn view<'a>(
        &'a self,
        allowed: &'a (Vec<ActionState>, Vec<(MatterCode, Vec<ActionState>)>),
        thresholds: &'a Thresholds,
    ) -> View<'a> {
        View {
            case: &self.case,
            actions: &allowed.0,
            matters: &allowed.1,
            calendar: calendar(),
            thresholds,
            now: self.now,
        }
    }

    pub(super) fn later_days(&mut self, days: i64) {
        self.now += chrono::TimeDelta::days(days);
    }
}

fn facts<'a>(
    directory: &'a Directory,
    policy: &'a Policy,
    files: &'a BTreeMap<FileId, FileRef>,
    now: DateTime<Utc>,
) -> Facts<'a> {
    Facts { now, calendar: calendar(), catalogue: catalogue(), directory, policy, files, head: None }
}

fn directory() -> Directory {
    let mut directory = Directory { business_office: Some("B01".into()), ..Directory::default() };
    let mut open = |code: &str, name: &str, kind: OfficeKind| {
        let office = Office { code: code.into(), name: name.to_owned(), kind, phone: String::new() };
        directory.offices.insert(code.into(), office);
    };
    open("B01", "政务服务业务室", OfficeKind::Bureau);
    open("B03", "代办帮办窗口", OfficeKind::Bureau);
    for department in catalogue().departments() {
        let kind = if department.enters_hall { OfficeKind::Department } else { OfficeKind::Outside };
        open(department.code.as_str(), &department.name, kind);
    }
    let mut hire = |username: &str, name: &str, role: Role, office: Option<&str>| {
        let person = Person {
            username: username.into(),
            name: name.to_owned(),
            roles: [role].into(),
            office: office.map(OfficeCode::from),
            enterprises: if role == Role::Applicant { vec!["p-own".into()] } else { Vec::new() },
            phone: String::new(),
            post: String::new(),
            qualified: role == Role::ServiceStaff,
            active: true,
            absences: Vec::new(),
        };
        directory.people.insert(username.into(), person);
    };
    hire("head", "包晓光", Role::OfficeHead, Some("B01"));
    hire("agent", "乌云·其木格", Role::ServiceStaff, Some("B01"));
    hire("agent2", "陈志远", Role::ServiceStaff, Some("B01"));
    hire("clerk", "何静", Role::WindowClerk, Some("B03"));
    hire("office", "那日苏", Role::OfficeHead, Some("D15"));
    hire("enterprise", "王小明", Role::Applicant, None);
    directory
}
