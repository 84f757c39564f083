//! What every refusal must be: a problem with its code and a sentence in the reader's language that says what to do, pointers
//! that lead into the body, and nothing written.

use crate::hall::{Answer, Hall};
use axum::body::Body;
use axum::http::{Request, header};
use domain::case::DocumentKind;
use domain::ids::CaseId;
use serde_json::{Value, json};

/// What there is in a hall: cases, events, files, consultations, and the party of the hall's case with its contact.
pub type Content = (u64, u64, u64, u64, Value);

pub async fn content(hall: &Hall) -> Content {
    let report = hall.app.check().await.unwrap();
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert!(report.unreferenced.is_empty(), "{:#?}", report.unreferenced);
    let asked = hall.app.consultations(&hall.user("clerk"), None).await.unwrap();
    let case = hall.api("agent", "GET", &format!("/cases/{}", hall.case), &[], "").await.json();
    (report.cases, report.events, report.files, asked.total.unwrap(), json!([case["applicant"], case["version"]]))
}

/// A call of the API with a body of any bytes.
pub async fn call(
    hall: &Hall,
    who: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    if !who.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", hall.token(who).await));
    }
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    hall.send(request.body(body.into()).unwrap()).await
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || matches!(c, '。' | '，' | '：'))
}

/// A sentence of a language that asks for something.
fn speaks(text: &str, chinese: bool) {
    assert!(text.chars().count() > 4 && text.ends_with(['。', '.', '”']), "no sentence: {text}");
    assert!(!text.contains("%{") && !text.contains('['), "not filled in: {text}");
    // What was typed, and the names of the catalogue, stand in quotes as they are.
    let own: String = text.split(['“', '”']).step_by(2).collect();
    assert_eq!(has_chinese(&own), chinese, "the wrong language: {text}");
}

/// Checks a problem by itself, and that its pointers lead into the body, or to a field that is missing there.
pub fn is_problem(answer: &Answer, body: &Value) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16(), "{problem}");
    let code = problem["code"].as_str().unwrap();
    assert_eq!(problem["type"], format!("/problems/{code}"));
    assert!(!problem["detail"].as_str().unwrap().is_empty());
    for error in problem["errors"].as_array().into_iter().flatten() {
        let pointer = error["pointer"].as_str().unwrap();
        let (parent, _) = pointer.rsplit_once('/').unwrap_or_else(|| panic!("{pointer:?} leads nowhere: {problem}"));
        // The cursor of a list stands in the query, not in a body; of a part that is missing the whole of it is told.
        let mut parent = parent;
        while body.pointer(parent).is_none() && !parent.is_empty() {
            parent = parent.rsplit_once('/').map_or("", |(above, _)| above);
        }
        assert!(parent.is_empty() || body.pointer(parent).is_some_and(|value| !value.is_string()), "{pointer}: {body}");
        assert!(!error["detail"].as_str().unwrap().is_empty() && !error["code"].as_str().unwrap().is_empty());
    }
    problem
}

/// What a refusal must say: its status, its code and, for single fields, where and how.
pub struct Expected<'a> {
    pub status: u16,
    pub code: &'a str,
    pub fields: &'a [(&'a str, &'a str)],
}

pub fn refusal(status: u16, code: &str) -> Expected<'_> {
    Expected { status, code, fields: &[] }
}

pub fn fields<'a>(fields: &'a [(&'a str, &'a str)]) -> Expected<'a> {
    Expected { status: 422, code: "invalid_fields", fields }
}

/// Sends a request in both languages and looks at what is answered; the Chinese answer is handed back.
pub async fn refused(
    hall: &Hall,
    (who, method, path): (&str, &str, &str),
    headers: &[(&str, &str)],
    body: &str,
    expected: &Expected<'_>,
) -> Value {
    let bounded: String = body.chars().take(400).collect();
    let what = format!("{who} {method} {path} {bounded}");
    let read: Value = serde_json::from_str(body).unwrap_or_default();
    let mut first = Value::Null;
    for chinese in [true, false] {
        let language = ("Accept-Language", if chinese { "fr" } else { "en" });
        let headers = [headers, &[language]].concat();
        let answer = call(hall, who, method, path, &headers, body.to_owned()).await;
        let problem = is_problem(&answer, &read);
        assert_eq!(
            (answer.status.as_u16(), problem["code"].as_str().unwrap()),
            (expected.status, expected.code),
            "{what}: {problem}"
        );
        assert_eq!(answer.header("content-language"), if chinese { "zh-CN" } else { "en" });
        let is_rule = problem["clause"].is_string();
        if chinese || !is_rule {
            speaks(problem["detail"].as_str().unwrap(), chinese);
        }
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let found: Vec<_> =
            errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
        assert_eq!(found, expected.fields, "{what}: {problem}");
        errors.iter().for_each(|error| speaks(error["detail"].as_str().unwrap(), chinese));
        if chinese {
            first = problem;
        }
    }
    first
}

/// A case of two matters of one office that runs: agreed, signed, claimed; the second waits for the first.
pub async fn running(hall: &Hall) -> CaseId {
    let body = json!({
        "applicant": {
            "name": "㛃河奶食（筹）",
            "founder": { "name": "阿拉坦·其其格", "id_number": "11010519491231002X" },
            "contact": { "name": "欧阳𠮷", "phone": "0476-7800000" },
        },
        "matters": ["QY-03", "YY-03"], "mode": "agency", "channel": "walk_in", "delivery": "in_person",
    });
    let made = hall.api("clerk", "POST", "/cases", &[], &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = CaseId::from(made.json()["id"].as_str().unwrap());
    hall.command(&id, "head", r#"{"type":"assign_lead_office","office":"B01"}"#).await;
    hall.command(&id, "head", r#"{"type":"accept"}"#).await;
    hall.command(&id, "head", r#"{"type":"assign_agent","person":"agent"}"#).await;
    let open = hall.app.open_case(&hall.user("agent"), &id).await.unwrap();
    let items: Vec<Value> = open
        .case
        .materials
        .iter()
        .map(|m| json!({ "material": m.spec.id, "form": m.spec.form, "pages": 1, "copies": 1, "return": true }))
        .collect();
    hall.command(&id, "agent", &json!({ "type": "receive_materials", "items": items }).to_string()).await;
    sign(hall, &id, "sign_handover", DocumentKind::HandoverList).await;
    sign(hall, &id, "sign_agreement", DocumentKind::Agreement).await;
    hall.command(&id, "agent", r#"{"type":"start"}"#).await;
    for matter in ["QY-03", "YY-03"] {
        hall.command(&id, "office", &json!({ "type": "claim_matter", "matter": matter }).to_string()).await;
    }
    id
}

/// Signs the newest paper of a kind as both sides.
async fn sign(hall: &Hall, id: &CaseId, kind: &str, paper: DocumentKind) {
    for side in ["client", "agent"] {
        let agent = hall.user("agent");
        let file = hall.app.upload(&agent, "sign.png", crate::hall::PNG.to_vec()).await.unwrap().id;
        let open = hall.app.open_case(&agent, id).await.unwrap();
        let document = open.case.newest(paper).unwrap();
        let body = json!({ "type": kind, "side": side, "method": "drawn", "document": document.id,
            "hash": document.hash, "file": file });
        hall.command(id, "agent", &body.to_string()).await;
    }
}
