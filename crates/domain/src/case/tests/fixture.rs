//! Plays a case: gives commands as a person does, through access, rules and record, and makes the papers as `app` does.

use super::hall::{Hall, PICTURE};
use crate::access::{Action, Denied, Grant, On, may};
use crate::case::*;
use crate::catalogue::{MaterialSource, Mode};
use crate::chain::{Envelope, GENESIS, chain_hash};
use crate::ids::{CaseId, DocumentId, MaterialId, MatterCode, OfficeCode, TemplateCode};
use serde_json::{Value, json};

/// A case with its whole history, in a hall.
#[derive(Clone)]
pub(super) struct Play {
    pub(super) hall: Hall,
    pub(super) case: Case,
    pub(super) log: Vec<Envelope>,
    pub(super) head: String,
}

/// An application as a test needs it: online, in person, for these matters.
pub(super) fn application(matters: &[&str]) -> Application {
    Application {
        number: "2026-0187".to_owned(),
        applicant: "p-own".into(),
        founding: false,
        project: None,
        channel: CaseChannel::Online,
        delivery: DeliveryWay::InPerson,
        consultation: None,
        template: None,
        matters: matters.iter().map(|code| MatterCode::from(*code)).collect(),
        mode: None,
    }
}

/// Reads a command from its JSON form.
pub(super) fn command(value: Value) -> Command {
    let shown = value.to_string();
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{shown}: {error}"))
}

/// The person who acts for an office of the hall.
pub(super) fn head_of(office: &OfficeCode) -> String {
    format!("office-{}", office.as_str().to_lowercase())
}

/// The first steps of a case.
impl Play {
    pub(super) fn new(application: &Application) -> Self {
        let hall = Hall::new();
        let event = submit(application, &hall.facts(None)).unwrap();
        let envelope = Envelope {
            case: CaseId::from("c-1"),
            seq: 1,
            at: hall.now,
            actor: "enterprise".into(),
            on_behalf_of: None,
            event,
        };
        let case = Case::begin(&envelope).unwrap();
        let mut play = Self { hall, case, log: Vec::new(), head: GENESIS.to_owned() };
        play.keep(vec![envelope]);
        play
    }

    pub(super) fn of_matters(matters: &[&str]) -> Self {
        Self::new(&application(matters))
    }

    pub(super) fn of_template(code: &str) -> Self {
        Self::new(&Application { template: Some(TemplateCode::from(code)), ..application(&[]) })
    }

    /// The business office leads, its head has accepted and named `agent`.
    pub(super) fn preparing(mut self) -> Self {
        self.ok("head", json!({"type": "assign_lead_office", "office": "B01"}));
        self.ok("head", json!({"type": "accept"}));
        self.ok("head", json!({"type": "assign_agent", "person": "agent"}));
        self
    }

    /// Everything is there that must be there for the start, and listed.
    pub(super) fn complete(mut self) -> Self {
        let lacking: Vec<MaterialId> = self.case.lacking_to_start().iter().map(|m| m.spec.id.clone()).collect();
        self.receive(&lacking);
        self
    }

    pub(super) fn handed_over(mut self) -> Self {
        self.sign_both(DocumentKind::HandoverList);
        self
    }

    pub(super) fn agreed(mut self) -> Self {
        self.sign_both(DocumentKind::Agreement);
        self
    }

    pub(super) fn started(mut self) -> Self {
        self.ok("agent", json!({"type": "start"}));
        self
    }

    /// From the application to the start, in the right order.
    pub(super) fn running(self) -> Self {
        self.preparing().complete().handed_over().agreed().started()
    }

    /// From the application until every matter is granted.
    pub(super) fn delivering(self) -> Self {
        let mut play = self.running();
        play.work_all();
        play
    }
}

/// One command.
impl Play {
    pub(super) fn may(&self, who: &str, command: &Command) -> Result<Grant, Denied> {
        self.may_do(who, Action::Command(command.kind()), command.matter())
    }

    pub(super) fn may_do(&self, who: &str, action: Action, matter: Option<&MatterCode>) -> Result<Grant, Denied> {
        let today = crate::calendar::today(self.hall.now);
        let on = On::Case { case: &self.case, matter, directory: &self.hall.directory, today };
        may(&self.hall.actor(who), action, on)
    }

    /// What the command would do, without doing it.
    pub(super) fn decide(&self, who: &str, command: &Command) -> Result<(Grant, Vec<Event>), Refusal> {
        let grant = self.may(who, command).map_err(|_| Refusal::new(Code::NotYours))?;
        let events = decide(&self.case, command, &grant, &self.hall.facts(Some(&self.head)))?;
        Ok((grant, events))
    }

    /// Gives a command as `app` does: may, decide, record; then the papers that are due.
    pub(super) fn run(&mut self, who: &str, command: &Command) -> Result<Vec<Event>, Refusal> {
        let (grant, events) = self.decide(who, command)?;
        let envelopes = record(&mut self.case, events.clone(), grant.actor(), grant.on_behalf_of(), self.hall.now);
        self.keep(envelopes);
        self.make_papers();
        Ok(events)
    }

    pub(super) fn ok(&mut self, who: &str, value: Value) -> Vec<Event> {
        let shown = value.to_string();
        self.run(who, &command(value)).unwrap_or_else(|refusal| panic!("{who} {shown}: {refusal:?}"))
    }

    /// A command that must be refused, and must change nothing.
    pub(super) fn refused(&mut self, who: &str, value: Value) -> Refusal {
        let shown = value.to_string();
        let before = self.case.clone();
        let refusal = match self.run(who, &command(value)) {
            Err(refusal) => refusal,
            Ok(events) => panic!("{who} {shown} was not refused: {events:?}"),
        };
        assert_eq!(before, self.case);
        refusal
    }

    pub(super) fn code(&mut self, who: &str, value: Value) -> Code {
        self.refused(who, value).code
    }

    /// What `actions` says of a command for somebody: the code of the refusal, or none if it is allowed.
    pub(super) fn action(&self, who: &str, kind: CommandKind) -> Option<Refusal> {
        let all = actions(&self.case, &self.hall.actor(who), &self.hall.facts(None));
        all.into_iter().find(|action| action.kind == kind).expect("every kind is listed").refusal
    }

    fn keep(&mut self, envelopes: Vec<Envelope>) {
        for envelope in &envelopes {
            self.head = chain_hash(&self.head, &serde_json::to_vec(envelope).unwrap());
        }
        self.log.extend(envelopes);
    }

    /// What `app` does after each command: makes the papers that are due, each with its own hash.
    fn make_papers(&mut self) {
        while let Some(due) = self.case.document_due() {
            assert!(self.log.len() < 2000, "the papers never end: {due:?}");
            let made = DocumentMade {
                hash: format!("{:064x}", 0xd0c0_0000_usize + self.log.len()),
                input: format!("{:064x}", 0xfeed_0000_usize + self.log.len()),
                code: format!("V{:05}", self.log.len()),
                pages: 1,
                seal: None,
            };
            let event = due.offered(made, self.hall.now);
            let envelopes = record(&mut self.case, [event], &"bangban".into(), None, self.hall.now);
            self.keep(envelopes);
        }
    }

    /// What the program does by itself when days have passed.
    pub(super) fn lapse(&mut self) -> bool {
        let event = lapse(&self.case, &self.hall.facts(None));
        let has_lapsed = event.is_some();
        let envelopes = record(&mut self.case, event, &"bangban".into(), None, self.hall.now);
        self.keep(envelopes);
        self.make_papers();
        has_lapsed
    }

    /// The names of the events from a place in the history on.
    pub(super) fn names_since(&self, from: usize) -> Vec<String> {
        self.log.iter().skip(from).map(|envelope| envelope.event.name()).collect()
    }

    pub(super) fn happened(&self, name: &str) -> bool {
        self.log.iter().any(|envelope| envelope.event.name() == name)
    }

    pub(super) fn later_days(&mut self, days: i64) {
        self.hall.now += chrono::TimeDelta::days(days);
    }
}

/// Whole errands.
impl Play {
    /// The material of that name.
    pub(super) fn material(&self, name: &str) -> MaterialId {
        let found = self.case.materials.iter().find(|material| material.spec.name == name);
        found.unwrap_or_else(|| panic!("no material is called {name}")).spec.id.clone()
    }

    pub(super) fn status_of(&self, id: &MaterialId) -> MaterialStatus {
        self.case.material_status(self.case.material(id).unwrap())
    }

    pub(super) fn matter(&self, code: &str) -> &CaseMatter {
        self.case.matter(&code.into()).unwrap()
    }

    /// The client hands in these materials, in the form that the catalogue asks for, to be given back.
    pub(super) fn receive(&mut self, ids: &[MaterialId]) {
        if ids.is_empty() {
            return;
        }
        let line = |id: &MaterialId| {
            let spec = &self.case.material(id).unwrap().spec;
            // A further original of the same material is another piece, and says which.
            let label = match self.case.items_for(id).count() {
                0 => None,
                before => Some(format!("第{}份", before + 1)),
            };
            json!({"material": id, "form": spec.form, "pages": 2, "copies": spec.copies.max(1), "return": true,
                "label": label})
        };
        let items: Vec<Value> = ids.iter().map(line).collect();
        self.ok("agent", json!({"type": "receive_materials", "items": items}));
    }

    /// The signature of one side on the newest paper of a kind, as fields of a command.
    pub(super) fn signature(&self, kind: DocumentKind, side: &str) -> Value {
        let document = self.case.newest(kind).unwrap_or_else(|| panic!("no {} is on offer", kind.name()));
        json!({"side": side, "method": "drawn", "document": document.id, "hash": document.hash, "file": PICTURE})
    }

    /// A command with a signature in it.
    pub(super) fn signed(&self, kind: DocumentKind, side: &str, mut command: Value) -> Value {
        let signature = self.signature(kind, side);
        command.as_object_mut().unwrap().extend(signature.as_object().unwrap().clone());
        command
    }

    pub(super) fn sign_command(&self, kind: DocumentKind, side: &str) -> Value {
        let name = match kind {
            DocumentKind::HandoverList => "sign_handover",
            DocumentKind::TakeoverList => "sign_takeover",
            kind if kind.is_signed_alone() => "sign_paper",
            _ => "sign_agreement",
        };
        self.signed(kind, side, json!({"type": name}))
    }

    pub(super) fn sign_both(&mut self, kind: DocumentKind) {
        let client = self.sign_command(kind, "client");
        self.ok("enterprise", client);
        let agent = self.sign_command(kind, "agent");
        self.ok("agent", agent);
    }

    /// What a former agent holds goes to the present one; the head signs in the former's stead.
    pub(super) fn sign_takeover(&mut self) {
        let giver = self.sign_command(DocumentKind::TakeoverList, "giver");
        self.ok("head", giver);
        let taker = self.sign_command(DocumentKind::TakeoverList, "taker");
        let agent = self.case.agent.clone().unwrap();
        self.ok(agent.as_str(), taker);
    }

    /// The document of that kind that is on offer.
    pub(super) fn newest(&self, kind: DocumentKind) -> (DocumentId, Document) {
        let document = self.case.newest(kind).unwrap();
        (document.id.clone(), document.clone())
    }

    /// Who answers for a matter: its office, or the agent where the body is outside.
    pub(super) fn handler(&self, code: &str) -> String {
        let matter = self.matter(code);
        if matter.outside { "agent".to_owned() } else { head_of(&matter.office) }
    }

    pub(super) fn claim(&mut self, code: &str) {
        let who = self.handler(code);
        self.ok(&who, json!({"type": "claim_matter", "matter": code}));
    }

    /// Brings what a matter still lacks, has it signed for, and submits.
    pub(super) fn submit(&mut self, code: &str) {
        let matter = MatterCode::from(code);
        let owed: Vec<MaterialId> = self.case.lacking(&matter).map(|m| m.spec.id.clone()).collect();
        self.receive(&owed);
        let made: Vec<MaterialId> = self
            .case
            .lacking_for_submission(&matter)
            .filter(|m| m.spec.source == MaterialSource::Intermediary)
            .map(|m| m.spec.id.clone())
            .collect();
        self.receive(&made);
        if !self.case.pending_items().is_empty() {
            self.sign_both(DocumentKind::HandoverList);
        }
        self.ok("agent", json!({"type": "submit_matter", "matter": code}));
    }

    pub(super) fn grant(&mut self, code: &str) {
        let who = self.handler(code);
        let results = json!([{"name": format!("{code}的证照"), "form": "original"}]);
        self.ok(&who, json!({"type": "finish_matter", "matter": code, "outcome": "granted", "results": results}));
    }

    /// Claims, submits and grants every matter, each as soon as it may begin.
    pub(super) fn work_all(&mut self) {
        while self.case.status == Status::Running {
            let next = self.case.beginning().find(|matter| self.is_ready(matter)).map(|m| m.scope.code.clone());
            let code = next.unwrap_or_else(|| panic!("no matter can go on: {:?}", self.case.matters));
            if !self.matter(code.as_str()).outside {
                self.claim(code.as_str());
            }
            self.submit(code.as_str());
            self.grant(code.as_str());
        }
    }

    /// Whether everything that other matters of the case produce for this one is there.
    fn is_ready(&self, matter: &CaseMatter) -> bool {
        self.case
            .needed(&matter.scope.code)
            .all(|material| self.case.material_status(material) != MaterialStatus::FromMatter)
    }

    /// The command by which the client takes everything that is still owed, against its signature.
    pub(super) fn collect_command(&self) -> Value {
        let command = json!({
            "type": "hand_over_result",
            "results": self.case.undelivered_results(),
            "items": self.case.outstanding_items(),
            "collector": "王经理",
        });
        self.signed(DocumentKind::DeliveryNotice, "client", command)
    }

    pub(super) fn return_command(&self) -> Value {
        let command = json!({"type": "return_materials", "items": self.case.outstanding_items()});
        self.signed(DocumentKind::ReturnList, "client", command)
    }

    /// Asserts what must hold at the end: every original is with the client or kept with its reason.
    pub(super) fn originals_are_accounted_for(&self) {
        assert_eq!(self.case.outstanding_items(), []);
        assert!(self.case.ended.is_some());
    }
}

/// An application for assistance with one matter of one office.
pub(super) fn assistance() -> Play {
    let play = Play::of_matters(&["YY-15"]);
    assert_eq!(play.case.mode, Mode::Assistance);
    play
}
