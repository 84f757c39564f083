//! A small case that lives through the real rules, for the tests of papers and archive. People and enterprise are made up.

use crate::papers::{PaperContext, PartyFull, form_for, verification_code};
use crate::reference::{HallFile, Reference};
use chrono::{DateTime, TimeDelta, Utc};
use documents::Form;
use domain::access::{Action, Actor, On, may};
use domain::calendar::Calendar;
use domain::case::{
    Application, Case, CaseChannel, Command, DeliveryWay, DocumentKind, DocumentMade, Facts, Policy, Project, decide,
    record, submit,
};
use domain::catalogue::Catalogue;
use domain::chain::{Envelope, GENESIS, chain_hash};
use domain::clock::Thresholds;
use domain::custody::FileRef;
use domain::ids::{DocumentId, FileId, MatterCode, Username};
use domain::people::{Absence, Directory, Office, OfficeKind, Person, Role};
use files::package::PackedEvent;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) const PNG: &[u8] = include_bytes!("../../../../documents/tests/papers/pictures/sign.png");
pub(crate) const ENTERPRISE: &str = "𬭚𬬭牧业有限公司";
pub(crate) const AGENT: &str = "乌云·其木格";
pub(crate) const STAND_IN: &str = "䶮志刚";
pub(crate) const CONTACT: &str = "欧阳𬭚";

/// The case, with everything around it.
pub(crate) struct Sample {
    pub(crate) case: Case,
    pub(crate) history: Vec<Envelope>,
    pub(crate) reference: Reference,
    pub(crate) party: PartyFull,
    pub(crate) now: DateTime<Utc>,
    pub(crate) address: Option<&'static str>,
    /// Every form made so far.
    pub(crate) forms: BTreeMap<DocumentId, Form>,
    /// Every content by its hash: uploads, and what stands for the papers' bytes.
    pub(crate) bytes: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<FileId, FileRef>,
}

impl Sample {
    /// An application for three matters: two of offices in the hall, one that the enterprise does itself.
    pub(crate) fn new(delivery: DeliveryWay) -> Self {
        Self::of(delivery, &["YD-02", "GC-08", "HP-05"])
    }

    /// An application for these matters.
    pub(crate) fn of(delivery: DeliveryWay, matters: &[&str]) -> Self {
        let reference = reference();
        let now: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let application = Application {
            number: "2026-0187".to_owned(),
            applicant: "party-1".into(),
            founding: false,
            project: Some(Project { name: "㛃河草场".to_owned(), investment_fen: None, site: None }),
            channel: CaseChannel::Online,
            delivery,
            consultation: None,
            template: None,
            matters: matters.iter().copied().map(MatterCode::from).collect(),
            mode: None,
        };
        let event = submit(&application, &facts(&reference, now, &BTreeMap::new())).unwrap();
        let first =
            Envelope { case: "case-1".into(), seq: 1, at: now, actor: "enterprise".into(), on_behalf_of: None, event };
        let mut sample = Self {
            case: Case::begin(&first).unwrap(),
            history: vec![first],
            reference,
            party: party(),
            now,
            address: None,
            forms: BTreeMap::new(),
            bytes: BTreeMap::new(),
            uploads: BTreeMap::new(),
        };
        for (name, media_type, bytes) in [
            ("drawn", "image/png", PNG),
            ("scan", "application/pdf", b"%PDF a scan".as_slice()),
            ("map", "text/plain", b"116.1,43.9".as_slice()),
            ("letter", "application/pdf", b"%PDF a letter".as_slice()),
        ] {
            let hash = sample.keep(bytes.to_vec());
            let file = FileRef { id: name.into(), hash, media_type: media_type.to_owned() };
            sample.uploads.insert(name.into(), file);
        }
        sample
    }

    fn keep(&mut self, bytes: Vec<u8>) -> String {
        let hash = files::hash::sha256_hex(&bytes);
        self.bytes.insert(hash.clone(), bytes);
        hash
    }

    /// Gives a command an hour later and makes every paper that is then due.
    pub(crate) fn perform(&mut self, who: &str, command: Value) {
        self.now += TimeDelta::hours(1);
        let matter = command.get("matter").and_then(Value::as_str).map(MatterCode::from);
        let text = command.to_string();
        let command: Command = serde_json::from_value(command).unwrap();
        let directory = &self.reference.directory;
        let actor = Actor::of(directory.person(&who.into()).unwrap(), directory);
        let today = domain::calendar::today(self.now);
        let on = On::Case { case: &self.case, matter: matter.as_ref(), directory, today };
        let grant =
            may(&actor, Action::Command(command.kind()), on).unwrap_or_else(|no| panic!("{who} {text}: {no:?}"));
        let facts = facts(&self.reference, self.now, &self.uploads);
        let events = decide(&self.case, &command, &grant, &facts).unwrap_or_else(|no| panic!("{who} {text}: {no:?}"));
        let envelopes = record(&mut self.case, events, grant.actor(), grant.on_behalf_of(), self.now);
        self.history.extend(envelopes);
        self.make_papers();
    }

    fn make_papers(&mut self) {
        while let Some(due) = self.case.document_due() {
            let code = verification_code(b"key", &self.case.id, &due.id, &due.number);
            let context = PaperContext {
                directory: &self.reference.directory,
                catalogue: &self.reference.catalogue,
                party: &self.party,
                calendar: &self.reference.calendar,
                policy: &self.reference.policy,
                today: domain::calendar::today(self.now),
                check_url: format!("https://hall.example/check/{code}"),
                code: code.clone(),
                record_head: Some("ab".repeat(32)),
                pictures: &self.bytes,
                address: self.address,
            };
            let form = form_for(&self.case, &due, &context).unwrap();
            let hash = self.keep(format!("%PDF {}", serde_json::to_string(&form).unwrap()).into_bytes());
            self.forms.insert(due.id.clone(), form);
            let made = DocumentMade { input: hash.clone(), hash, code, pages: 1, seal: None };
            let event = due.offered(made, self.now);
            self.history.extend(record(&mut self.case, [event], &Username::from("bangban"), None, self.now));
        }
    }

    /// The form of the newest document of a kind.
    pub(crate) fn form(&self, kind: DocumentKind) -> &Form {
        &self.forms[&self.case.newest(kind).unwrap().id]
    }

    /// Signs the newest document of a kind.
    pub(crate) fn sign(&mut self, who: &str, kind: DocumentKind, side: &str, method: &str) {
        let what = match kind {
            DocumentKind::Agreement => "sign_agreement",
            DocumentKind::HandoverList => "sign_handover",
            _ => "sign_paper",
        };
        let command = self.signed(json!({ "type": what }), kind, side, method);
        self.perform(who, command);
    }

    /// A command with the signature under the newest document of a kind put into it.
    pub(crate) fn signed(&self, mut command: Value, kind: DocumentKind, side: &str, method: &str) -> Value {
        let document = self.case.newest(kind).unwrap();
        let file = if method == "drawn" { "drawn" } else { "scan" };
        for (name, value) in [
            ("side", side),
            ("method", method),
            ("document", document.id.as_str()),
            ("hash", document.hash.as_str()),
            ("file", file),
        ] {
            command[name] = value.into();
        }
        command
    }

    /// Accepted, with agent and stand-in.
    pub(crate) fn prepared(delivery: DeliveryWay) -> Self {
        Self::new(delivery).accepted()
    }

    /// Accepted, with agent and stand-in, for whatever matters.
    pub(crate) fn accepted(mut self) -> Self {
        let sample = &mut self;
        sample.perform("head", json!({"type": "assign_lead_office", "office": "B01"}));
        sample.perform("head", json!({"type": "accept"}));
        sample.perform("head", json!({"type": "assign_agent", "person": "agent"}));
        sample.perform("head", json!({"type": "set_stand_in", "person": "agent2"}));
        self
    }

    /// The id of the material with this name.
    pub(crate) fn material(&self, name: &str) -> String {
        let found = self.case.materials.iter().find(|material| material.spec.name == name);
        found.unwrap_or_else(|| panic!("no material {name}")).spec.id.to_string()
    }

    /// Everything checked; two materials are lacking.
    pub(crate) fn checked(&mut self) {
        let checks: Vec<Value> = self
            .case
            .materials
            .iter()
            .map(|material| match material.spec.name.as_str() {
                "恢复承诺书" => json!({"material": material.spec.id, "result": "missing"}),
                "项目范围坐标" => {
                    json!({"material": material.spec.id, "result": "wrong", "why": "坐标系不是 CGCS2000"})
                }
                _ => json!({"material": material.spec.id, "result": "ok"}),
            })
            .collect();
        self.perform("agent", json!({"type": "check_materials", "checks": checks}));
    }

    /// Every piece listed: two electronic, the promise in two copies to be returned, the rest originals for the office.
    pub(crate) fn listed(&mut self) {
        self.listed_by("agent");
    }

    /// The same, listed by somebody else.
    pub(crate) fn listed_by(&mut self, who: &str) {
        let items: Vec<Value> = self
            .case
            .materials
            .iter()
            .map(|material| match material.spec.name.as_str() {
                "恢复承诺书" => json!({"material": material.spec.id, "form": "original", "pages": 3, "copies": 2, "return": true}),
                "项目范围坐标" | "施工平面图、交通组织方案" => {
                    json!({"material": material.spec.id, "form": "electronic", "pages": 1, "copies": 1, "return": false, "file": "map"})
                }
                _ => json!({"material": material.spec.id, "form": "original", "pages": 2, "copies": 1, "return": false}),
            })
            .collect();
        self.perform(who, json!({"type": "receive_materials", "items": items}));
    }

    /// Handover list and agreement signed, the agent acts.
    pub(crate) fn running(delivery: DeliveryWay) -> Self {
        let mut sample = Self::prepared(delivery);
        sample.listed();
        sample.sign("enterprise", DocumentKind::HandoverList, "client", "drawn");
        sample.sign("agent", DocumentKind::HandoverList, "agent", "drawn");
        sample.sign("agent", DocumentKind::Agreement, "client", "drawn");
        sample.sign("agent", DocumentKind::Agreement, "agent", "scan");
        sample.perform("agent", json!({"type": "start"}));
        sample
    }

    /// Every matter finished: one granted, one refused, one done by the enterprise itself.
    pub(crate) fn delivering(delivery: DeliveryWay) -> Self {
        let mut sample = Self::running(delivery);
        sample.perform("office-d04", json!({"type": "claim_matter", "matter": "YD-02"}));
        sample.perform("office-d06", json!({"type": "claim_matter", "matter": "GC-08"}));
        sample.perform("agent", json!({"type": "submit_matter", "matter": "GC-08", "number": "建审〔2026〕17 号"}));
        sample.perform("agent", json!({"type": "submit_matter", "matter": "YD-02"}));
        sample.perform("agent", json!({"type": "submit_matter", "matter": "HP-05"}));
        sample.now += TimeDelta::days(1);
        sample.perform(
            "office-d06",
            json!({"type": "stop_clock", "matter": "GC-08", "kind": "special", "name": "现场踏勘", "reason": "需要踏勘", "until": "2026-11-20"}),
        );
        sample.perform("office-d06", json!({"type": "resume_clock", "matter": "GC-08"}));
        sample.perform(
            "agent",
            json!({"type": "finish_matter", "matter": "HP-05", "outcome": "not_needed", "results": []}),
        );
        sample.perform(
            "office-d04",
            json!({"type": "finish_matter", "matter": "YD-02", "outcome": "granted", "results": [{"name": "压覆查询复函", "form": "electronic", "file": "letter"}]}),
        );
        sample.perform(
            "office-d06",
            json!({"type": "finish_matter", "matter": "GC-08", "outcome": "refused", "results": [{"name": "不予许可决定书", "form": "original"}]}),
        );
        sample
    }

    /// Ended in person, signed for.
    pub(crate) fn ended() -> Self {
        let mut sample = Self::delivering(DeliveryWay::InPerson);
        let command = json!({
            "type": "hand_over_result",
            "results": sample.case.undelivered_results(),
            "items": sample.case.outstanding_items(),
            "collector": CONTACT,
        });
        let command = sample.signed(command, DocumentKind::DeliveryNotice, "client", "drawn");
        sample.perform("agent", command);
        sample
    }

    /// The history as the store gives it.
    pub(crate) fn packed(&self) -> Vec<PackedEvent> {
        let mut prev_hash = GENESIS.to_owned();
        let mut packed = Vec::new();
        for envelope in &self.history {
            let body = serde_json::to_vec(envelope).unwrap();
            let hash = chain_hash(&prev_hash, &body);
            packed.push(PackedEvent { seq: envelope.seq, body, prev_hash, hash: hash.clone() });
            prev_hash = hash;
        }
        packed
    }
}

fn facts<'a>(reference: &'a Reference, now: DateTime<Utc>, files: &'a BTreeMap<FileId, FileRef>) -> Facts<'a> {
    Facts {
        now,
        calendar: &reference.calendar,
        catalogue: &reference.catalogue,
        directory: &reference.directory,
        policy: &reference.policy,
        files,
        head: None,
    }
}

fn party() -> PartyFull {
    PartyFull {
        name: ENTERPRISE.to_owned(),
        uscc: Some("91150422MA0N3XYZ1K".to_owned()),
        contact_name: CONTACT.to_owned(),
        contact_phone: "13800001234".to_owned(),
        founder_name: Some("𠮷日嘎拉".to_owned()),
    }
}

fn reference() -> Reference {
    let catalogue = Catalogue::parse(include_str!("../../../../../reference/matters.json")).unwrap();
    let hall = HallFile::default();
    let departments = catalogue.departments().iter().map(|department| Office {
        code: department.code.clone(),
        name: department.name.clone(),
        kind: if department.enters_hall { OfficeKind::Department } else { OfficeKind::Outside },
        phone: String::new(),
    });
    let offices = departments.chain(hall.offices.clone()).map(|office| (office.code.clone(), office)).collect();
    Reference {
        calendar: Calendar::parse(include_str!("../../../../../reference/holidays.json")).unwrap(),
        directory: Directory {
            bureau: hall.bureau.clone(),
            hall: hall.hall.clone(),
            business_office: Some(hall.business_office.clone()),
            offices,
            people: people().into_iter().map(|person| (person.username.clone(), person)).collect(),
        },
        policy: Policy::default(),
        thresholds: Thresholds::default(),
        catalogue,
        hall,
        languages: BTreeMap::new(),
        absences: Vec::new(),
        versions: std::collections::BTreeMap::new(),
    }
}

fn people() -> Vec<Person> {
    let person = |username: &str, name: &str, role: Role, office: Option<&str>| Person {
        username: username.into(),
        name: name.to_owned(),
        roles: [role].into(),
        office: office.map(Into::into),
        enterprises: Vec::new(),
        phone: String::new(),
        post: String::new(),
        qualified: true,
        active: true,
        absences: Vec::new(),
    };
    let away = Absence { from: "2026-12-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
    vec![
        Person {
            phone: "0476-7862001".to_owned(),
            absences: vec![away],
            ..person("agent", AGENT, Role::ServiceStaff, Some("B01"))
        },
        person("agent2", STAND_IN, Role::ServiceStaff, Some("B01")),
        person("head", "萨仁", Role::OfficeHead, Some("B01")),
        person("office-d04", "巴图", Role::WindowClerk, Some("D04")),
        person("office-d06", "娜仁", Role::WindowClerk, Some("D06")),
        person("archivist", "其其格", Role::Archivist, Some("B04")),
        Person { enterprises: vec!["party-1".into()], ..person("enterprise", "欧阳𬭚", Role::Applicant, None) },
    ]
}
