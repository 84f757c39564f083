//! A case taken forward by hand, step by step, as a person would through a page.

use app::{AppError, Contact, NewApplicant, NewCase, Performed};
use domain::case::{Case, CaseChannel, Command, DeliveryWay, DocumentKind, MaterialStatus};
use domain::catalogue::Mode;
use domain::ids::{CaseId, MatterCode};
use serde_json::{Value, json};
use testkit::TestApp;

/// A picture of one point: the smallest PNG there is.
pub const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0,
    1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

pub fn applicant(name: &str) -> NewApplicant {
    NewApplicant {
        name: name.to_owned(),
        uscc: Some("91150422XTEXTEXT5D".to_owned()),
        founder: None,
        contact: Contact { name: "欧阳𬭚".to_owned(), phone: "13800000001".to_owned() },
    }
}

pub fn application(matters: &[&str]) -> NewCase {
    NewCase {
        consultation: None,
        lead: None,
        applicant: Some(applicant("㛃河牧业有限公司")),
        project: None,
        template: None,
        matters: matters.iter().map(|code| MatterCode::from(*code)).collect(),
        mode: Some(Mode::Agency),
        channel: CaseChannel::WalkIn,
        delivery: DeliveryWay::InPerson,
    }
}

/// A case and who holds it in hand.
pub struct Hand<'a> {
    pub app: &'a TestApp,
    pub id: CaseId,
}

impl Hand<'_> {
    pub async fn case(&self) -> Case {
        self.app.open_case(&self.app.user("head"), &self.id).await.unwrap().case
    }

    /// Gives a command as it stands on the wire, naming the version that is there.
    pub async fn give(&self, who: &str, command: Value) -> Performed {
        let version = self.case().await.version;
        let what = command.to_string();
        let done = self.try_with(who, command, Some(version)).await;
        done.unwrap_or_else(|error| panic!("{who}: {what}: {error:?}"))
    }

    pub async fn try_with(&self, who: &str, command: Value, version: Option<u64>) -> Result<Performed, AppError> {
        let command: Command = serde_json::from_value(command).unwrap();
        self.app.perform(&self.app.user(who), &self.id, command, version, None).await
    }

    pub async fn picture(&self, who: &str) -> String {
        self.app.upload(&self.app.user(who), "签字.png", DOT.to_vec()).await.unwrap().id.to_string()
    }

    /// The signature of a side on the newest document of a kind.
    pub async fn signature(&self, who: &str, kind: DocumentKind, side: &str) -> Value {
        let case = self.case().await;
        let document = case.newest(kind).unwrap_or_else(|| panic!("there is no {}", kind.name()));
        let file = self.picture(who).await;
        json!({ "side": side, "method": "drawn", "document": document.id, "hash": document.hash, "file": file })
    }

    /// Signs as both sides.
    pub async fn sign(&self, command: &str, kind: DocumentKind) {
        for side in ["client", "agent"] {
            let mut signature = self.signature("agent", kind, side).await;
            signature["type"] = command.into();
            self.give("agent", signature).await;
        }
    }

    /// Names office and agent and lets the head accept.
    pub async fn take_on(&self) {
        self.give("head", json!({ "type": "assign_lead_office", "office": "B01" })).await;
        self.give("head", json!({ "type": "accept" })).await;
        self.give("head", json!({ "type": "assign_agent", "person": "agent" })).await;
    }

    /// Lists everything that the client owes.
    pub async fn receive_all(&self) {
        let case = self.case().await;
        let owed = case.materials.iter().filter(|material| {
            let is_needed = material.spec.needed_by.iter().any(|need| need.required);
            is_needed && case.material_status(material) == MaterialStatus::Unchecked
        });
        let items: Vec<Value> = owed
            .map(|m| json!({ "material": m.spec.id, "form": m.spec.form, "pages": 2, "copies": 1, "return": true }))
            .collect();
        assert!(!items.is_empty());
        self.give("agent", json!({ "type": "receive_materials", "items": items })).await;
    }

    /// From the application to the start.
    pub async fn start(&self) {
        self.take_on().await;
        self.receive_all().await;
        self.sign("sign_handover", DocumentKind::HandoverList).await;
        self.sign("sign_agreement", DocumentKind::Agreement).await;
        self.give("agent", json!({ "type": "start" })).await;
    }
}

/// A new case in hand.
pub async fn begin<'a>(app: &'a TestApp, matters: &[&str]) -> Hand<'a> {
    let created = app.create_case(&app.user("clerk"), application(matters), None).await.unwrap();
    Hand { app, id: created.id }
}
