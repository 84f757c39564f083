//! A hall for one test: its own database and data folder, a clock that stands still, the people of the contract, and one
//! case of `enterprise` that is being prepared, with its one-time notice as document `D1`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use app::{App, AppConfig, Clock, Contact, NewApplicant, NewCase, NewPerson, User};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::{DateTime, Utc};
use domain::case::{CaseChannel, Command, DeliveryWay, DocumentKind};
use domain::ids::{CaseId, HallId, Username};
use domain::people::Role;
use http_body_util::BodyExt;
use serde_json::Value;
use server::{ServerConfig, ServerState};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use tempfile::TempDir;
use tower::ServiceExt;

pub const PASSWORD: &str = "demo-2026";

/// Everybody who may call, `nobody` first: user name, roles, office.
pub const CAST: &[(&str, &[Role], Option<&str>)] = &[
    ("enterprise", &[Role::Applicant], None),
    ("rival", &[Role::Applicant], None),
    ("clerk", &[Role::WindowClerk], Some("B03")),
    ("agent", &[Role::ServiceStaff], Some("B01")),
    ("agent2", &[Role::ServiceStaff], Some("B01")),
    ("head", &[Role::OfficeHead], Some("B01")),
    ("office", &[Role::WindowClerk, Role::OfficeHead], Some("D15")),
    ("archivist", &[Role::Archivist], Some("B04")),
    ("supervisor", &[Role::Supervisor], Some("B02")),
    ("director", &[Role::Director], Some("D01")),
    ("admin", &[Role::Administrator], Some("D01")),
];

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub struct Hall {
    pub app: App,
    pub case: CaseId,
    router: Router,
    tokens: Mutex<HashMap<String, String>>,
    sessions: Mutex<HashMap<String, (String, String)>>,
    _dir: TempDir,
}

impl Hall {
    pub async fn open() -> Self {
        let dir = tempfile::Builder::new().prefix("bangban-server-").tempdir().unwrap();
        let database = format!("sqlite:{}", dir.path().join("hall.db").display());
        Self::open_on(database, dir).await
    }

    /// The same hall on the database of a test.
    pub async fn on(db: &testkit::TestDb) -> Self {
        let dir = tempfile::Builder::new().prefix("bangban-server-").tempdir().unwrap();
        Self::open_on(db.url.clone(), dir).await
    }

    async fn open_on(database: String, dir: TempDir) -> Self {
        let app = App::open(AppConfig {
            database,
            data_dir: dir.path().join("data"),
            fonts_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts"),
            clock: Clock::frozen("2026-11-24T02:00:00Z".parse::<DateTime<Utc>>().unwrap()),
            hall: HallId::from("hall-1"),
            public_url: "http://127.0.0.1:8080".to_owned(),
        })
        .await
        .unwrap();
        for (username, roles, office) in CAST {
            let person = NewPerson {
                username: (*username).to_owned(),
                name: format!("{username}·其其格"),
                roles: roles.to_vec(),
                office: office.map(Into::into),
                enterprises: Vec::new(),
                phone: None,
                post: None,
                qualified: roles.contains(&Role::ServiceStaff),
                password: PASSWORD.to_owned(),
            };
            app.add_person(person).await.unwrap();
        }
        let router = server::router(ServerState::new(app.clone(), ServerConfig::default()));
        let mut hall = Self {
            app,
            case: CaseId::from(""),
            router,
            tokens: Mutex::default(),
            sessions: Mutex::default(),
            _dir: dir,
        };
        hall.case = hall.prepared_case().await;
        hall
    }

    /// The same hall after a restart: what was only in memory is gone.
    pub fn restarted(mut self) -> Self {
        self.router = server::router(ServerState::new(self.app.clone(), ServerConfig::default()));
        self
    }

    pub fn user(&self, name: &str) -> User {
        self.app.user(&Username::from(name), None).expect("a user of the cast")
    }

    async fn prepared_case(&self) -> CaseId {
        let new = NewCase {
            consultation: None,
            lead: None,
            applicant: Some(NewApplicant {
                name: "蓝马驹牧业有限公司".to_owned(),
                uscc: None,
                founder: Some(app::Founder {
                    name: "阿拉坦·其其格".to_owned(),
                    id_number: "11010519491231002X".to_owned(),
                }),
                contact: Contact { name: "欧阳𠮷".to_owned(), phone: "13800000000".to_owned() },
            }),
            project: None,
            template: None,
            matters: vec!["QY-01".into(), "QY-02".into()],
            mode: None,
            channel: CaseChannel::Online,
            delivery: DeliveryWay::InPerson,
        };
        let id = self.app.create_case(&self.user("enterprise"), new, None).await.unwrap().id;
        self.command(&id, "head", r#"{"type":"assign_lead_office","office":"B01"}"#).await;
        self.command(&id, "head", r#"{"type":"accept"}"#).await;
        self.command(&id, "head", r#"{"type":"assign_agent","person":"agent"}"#).await;
        let open = self.app.open_case(&self.user("agent"), &id).await.unwrap();
        let checks: Vec<Value> = open
            .case
            .materials
            .iter()
            .map(|material| serde_json::json!({ "material": material.spec.id, "result": "missing" }))
            .collect();
        self.command(&id, "agent", &serde_json::json!({ "type": "check_materials", "checks": checks }).to_string())
            .await;
        self.command(&id, "agent", r#"{"type":"issue_notice","matters":["QY-01","QY-02"]}"#).await;
        id
    }

    /// A command given past HTTP, to bring a case somewhere.
    pub async fn command(&self, id: &CaseId, who: &str, body: &str) {
        let command: Command = serde_json::from_str(body).unwrap();
        let user = self.user(who);
        let version = self.app.open_case(&user, id).await.unwrap().case.version;
        self.app
            .perform(&user, id, command, Some(version), None)
            .await
            .unwrap_or_else(|error| panic!("{body}: {error:?}"));
    }

    /// Brings a case from its agent to the start: every material handed in, handover and agreement signed by both.
    pub async fn sign_and_start(&self, id: &CaseId) {
        let open = self.app.open_case(&self.user("agent"), id).await.unwrap();
        let item = |m: &domain::case::CaseMaterial| serde_json::json!({ "material": m.spec.id, "form": m.spec.form, "pages": 1, "copies": 1, "return": true });
        let owed = open.case.materials.iter().filter(|m| m.spec.needed_by.iter().any(|need| need.required));
        let items: Vec<Value> = owed.map(item).collect();
        let received = serde_json::json!({ "type": "receive_materials", "items": items });
        self.command(id, "agent", &received.to_string()).await;
        let papers = [("sign_handover", DocumentKind::HandoverList), ("sign_agreement", DocumentKind::Agreement)];
        for (command, kind) in papers {
            for side in ["client", "agent"] {
                let file = self.upload("agent", &[], "签字.png", PNG).await.json()["id"].clone();
                let open = self.app.open_case(&self.user("agent"), id).await.unwrap();
                let paper = open.case.newest(kind).unwrap();
                let body = serde_json::json!({ "type": command, "side": side, "method": "drawn", "document": paper.id,
                    "hash": paper.hash, "file": file });
                self.command(id, "agent", &body.to_string()).await;
            }
        }
        self.command(id, "agent", r#"{"type":"start"}"#).await;
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes().to_vec() }
    }

    /// A bearer token of somebody.
    pub async fn token(&self, who: &str) -> String {
        if let Some(token) = self.tokens.lock().unwrap().get(who) {
            return token.clone();
        }
        let token = self.app.issue_token(who, PASSWORD).await.unwrap().token;
        self.tokens.lock().unwrap().insert(who.to_owned(), token.clone());
        token
    }

    /// The session cookie and form token of somebody.
    pub async fn session(&self, who: &str) -> (String, String) {
        if let Some(session) = self.sessions.lock().unwrap().get(who) {
            return session.clone();
        }
        let session = self.app.log_in(who, PASSWORD).await.unwrap();
        let kept = (session.token, session.csrf);
        self.sessions.lock().unwrap().insert(who.to_owned(), kept.clone());
        kept
    }

    pub fn forget_session(&self, who: &str) {
        self.sessions.lock().unwrap().remove(who);
    }

    /// Some days later, everybody logs in anew.
    pub fn later_days(&self, days: i64) {
        self.app.clock().advance(chrono::TimeDelta::days(days));
        self.tokens.lock().unwrap().clear();
        self.sessions.lock().unwrap().clear();
    }

    /// A call of the API by somebody, or by nobody (empty name).
    pub async fn api(&self, who: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token(who).await));
        }
        if !body.is_empty() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A visit of a page by somebody, or by nobody (empty name).
    pub async fn visit(&self, who: &str, path: &str) -> Answer {
        let mut request = Request::builder().uri(path);
        if !who.is_empty() {
            let (cookie, _) = self.session(who).await;
            request = request.header(header::COOKIE, format!("bangban_session={cookie}"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// The cookie of a visitor, logged in or not (empty name), and the token that its forms bring back.
    async fn form_token(&self, who: &str) -> (String, String) {
        if who.is_empty() {
            let token = "0123456789abcdef0123456789abcdef0123".to_owned();
            return (format!("bangban_form={token}"), token);
        }
        let (session, token) = self.session(who).await;
        (format!("bangban_session={session}"), token)
    }

    /// A form sent by somebody, with the token of its page.
    pub async fn post(&self, who: &str, method: &str, path: &str, fields: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (cookie, csrf) = self.form_token(who).await;
        request = request.header(header::COOKIE, cookie);
        self.send(request.body(Body::from(format!("csrf={csrf}&{fields}"))).unwrap()).await
    }

    /// A form with files sent by somebody, with the token of its page and one picture.
    pub async fn post_files(&self, who: &str, path: &str) -> Answer {
        let mut request =
            Request::builder().method("POST").uri(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        let (cookie, csrf) = self.form_token(who).await;
        request = request.header(header::COOKIE, cookie);
        let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
        body.extend(picture_part("a.png", PNG));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// An upload by somebody.
    pub async fn upload(&self, who: &str, headers: &[(&str, &str)], name: &str, bytes: &[u8]) -> Answer {
        let mut request = Request::builder().method("POST").uri("/api/v1/files");
        if !who.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token(who).await));
        }
        request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(picture_part(name, bytes))).unwrap()).await
    }
}

/// The last part of a form: a file.
fn picture_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat()
}

/// The smallest picture with ink on it: one black point.
pub const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0,
    1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];
