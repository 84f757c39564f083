//! What the API answers is what its own description says.

use crate::hall::{Answer, Hall, PNG};
use crate::schema::faults;
use serde_json::{Value, json};
use server::{Area, routes};
use std::collections::BTreeSet;

/// Checks answers against the description and remembers what was called.
struct Walk<'a> {
    hall: &'a Hall,
    document: Value,
    seen: BTreeSet<(String, String)>,
}

impl Walk<'_> {
    fn holds(&mut self, method: &str, pattern: &str, answer: &Answer) {
        let method = method.to_lowercase();
        let path = format!("/api/v1{pattern}");
        let operation = &self.document["paths"][&path][&method];
        assert!(operation.is_object(), "{method} {path} is not described");
        let status = answer.status.as_str();
        let described = &operation["responses"][status];
        assert!(described.is_object(), "{method} {path}: {status} is not described: {}", answer.text());
        let kind = answer.header("content-type");
        let content = described["content"].as_object();
        let schema = content.and_then(|content| content.iter().find(|(known, _)| kind.starts_with(known.as_str())));
        assert!(schema.is_some() || content.is_none(), "{method} {path} {status}: {kind} is not described");
        if let Some((kind, content)) = schema.filter(|(kind, _)| kind.contains("json")) {
            let wrong = faults(&self.document, &content["schema"], &answer.json());
            assert!(wrong.is_empty(), "{method} {path} {status} {kind}: {wrong:#?}\n{}", answer.text());
        }
        self.seen.insert((method, path));
    }

    async fn call(&mut self, who: &str, method: &str, pattern: &str, query: &str, body: &Value) -> Answer {
        let path = pattern
            .replace("{username}", "agent")
            .replace("{id}", self.hall.case.as_str())
            .replace("{name}", "one-time-notice.pdf")
            .replace("{code}", "T1");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.hall.api(who, method, &format!("{path}{query}"), &[], &body).await;
        self.holds(method, pattern, &answer);
        answer
    }
}

/// Who calls what with which query and body, and what comes: some good and some bad of every operation.
fn calls() -> Vec<(&'static str, &'static str, &'static str, &'static str, Value, u16)> {
    let none = || Value::Null;
    let token = |password: &str| json!({ "username": "clerk", "password": password });
    let caller = json!({ "name": "张三", "phone": "13800000000" });
    let asked = json!({ "applicant": caller, "channel": "phone", "question": "怎么开店？", "answer": "先核名。" });
    let mut mistyped = new_case();
    mistyped["applicant"]["uscc"] = json!("91150422XTEXTEXT5E");
    let empty = "?status=&office=&agent=&matter=&green=&colour=&due_before=&q=&limit=&cursor=";
    let commands = "/cases/{id}/commands";
    let absences = "/people/{username}/absences";
    let absence = json!({ "from": "2026-11-24", "to": "2026-11-27", "reason": "training" });
    vec![
        ("clerk", "POST", absences, "", absence.clone(), 403),
        ("head", "POST", absences, "", absence.clone(), 201),
        ("head", "POST", absences, "", absence, 422),
        ("head", "DELETE", "/people/{username}/absences/{id}", "", none(), 404),
        ("", "POST", "/tokens", "", token(crate::hall::PASSWORD), 201),
        ("", "POST", "/tokens", "", token("no"), 401),
        ("head", "GET", "/people", "?role=king", none(), 400),
        ("enterprise", "GET", "/people", "", none(), 403),
        ("clerk", "POST", "/consultations", "", asked.clone(), 201),
        ("enterprise", "POST", "/consultations", "", asked, 403),
        ("clerk", "POST", "/cases", "", new_case(), 201),
        ("clerk", "POST", "/cases", "", mistyped, 422),
        ("supervisor", "GET", "/cases", "", none(), 200),
        ("supervisor", "GET", "/cases", "?status=preparing&q=%E8%93%9D%E9%A9%AC&limit=1", none(), 200),
        ("supervisor", "GET", "/cases", empty, none(), 200),
        ("admin", "GET", "/cases", "", none(), 403),
        ("head", "GET", "/cases", "?colour=pink", none(), 400),
        ("rival", "GET", "/cases/{id}/archive.zip", "", none(), 404),
        ("agent", "POST", commands, "", json!({ "type": "start" }), 428),
        ("head", "POST", commands, "", json!({ "type": "assign_agent", "person": "clerk" }), 422),
        ("head", "POST", commands, "", json!({ "type": "set_stand_in", "person": "agent2" }), 200),
        ("office", "POST", commands, "", json!({ "type": "accept" }), 404),
        ("agent", "POST", commands, "", json!({ "type": "change_matters", "add": ["YY-14"], "reason": "增项" }), 200),
        ("agent", "POST", commands, "", json!({ "type": "set_goal", "milestone": "MS-TC", "date": "2027-05-01" }), 200),
        ("agent", "POST", commands, "", json!({ "type": "set_goal", "milestone": "MS-KG", "date": "2027-05-01" }), 422),
        ("agent", "POST", commands, "", json!({ "type": "check_outside", "matter": "QY-01", "state": "filed" }), 422),
        (
            "head",
            "POST",
            commands,
            "",
            json!({ "type": "lift_order", "matter": "QY-02", "before": "QY-01", "opinion": "可" }),
            422,
        ),
    ]
}

/// A chase, what went out, and what was configured.
fn watch_calls() -> Vec<(&'static str, &'static str, &'static str, &'static str, Value, u16)> {
    let (chase, changes, ledger) = ("/cases/{id}/chase", "/configuration/changes", "/ledger");
    let of = |matter: &str| json!({ "matter": matter, "text": "请告知进度" });
    vec![
        ("enterprise", "POST", chase, "", of("QY-02"), 201),
        ("enterprise", "POST", chase, "", of("QY-02"), 422),
        ("enterprise", "POST", chase, "", json!({ "matter": "QY-02", "loud": true }), 400),
        ("rival", "POST", chase, "", of("QY-02"), 404),
        ("admin", "GET", changes, "", Value::Null, 200),
        ("agent", "GET", changes, "", Value::Null, 403),
        ("agent", "GET", ledger, "?level=banner&blocked=true&order=days", Value::Null, 200),
        ("agent", "GET", ledger, "?level=moon", Value::Null, 400),
        ("enterprise", "GET", ledger, "", Value::Null, 403),
        ("agent", "GET", "/ledger/outside", "", Value::Null, 200),
        ("enterprise", "GET", "/ledger/outside", "", Value::Null, 403),
        ("agent", "GET", "/custody", "", Value::Null, 200),
        ("enterprise", "GET", "/custody", "", Value::Null, 200),
        ("admin", "GET", "/custody", "", Value::Null, 403),
        ("agent", "GET", "/custody", "?moon=1", Value::Null, 400),
        ("archivist", "GET", "/archive", "", Value::Null, 200),
        ("archivist", "GET", "/archive", "?state=moon", Value::Null, 400),
        ("agent", "GET", "/archive", "", Value::Null, 403),
    ]
}

/// The same of plans and forecasts.
fn plan_calls() -> Vec<(&'static str, &'static str, &'static str, &'static str, Value, u16)> {
    let (template, forecast) = ("/templates/{code}/plan", "/cases/{id}/forecast");
    let gets = [
        ("enterprise", template, "?start=2026-12-01&goal=2027-06-01&milestone=", 200),
        ("agent", template, "?goal=2027-06-01&milestone=MS-TC", 200),
        ("agent", template, "?milestone=MS-XX", 400),
        ("agent", template, "?start=9999-01-01", 400),
        ("agent", template, "?end=2027-01-01", 400),
        ("enterprise", "/cases/{id}/plan", "", 200),
        ("enterprise", forecast, "?green=true&stand_in=true&early=QY-02,LX-05&late=D01:5,D05:3&staff=D01:50", 200),
        ("agent", forecast, "?green=&late=", 200),
        ("agent", forecast, "?green=yes", 400),
        ("agent", forecast, "?late=D01", 400),
        ("agent", forecast, "?staff=D01:99999999999", 400),
        ("agent", forecast, "?luck=1", 400),
    ];
    gets.into_iter().map(|(who, path, query, status)| (who, "GET", path, query, Value::Null, status)).collect()
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let hall = Hall::open().await;
    let document = hall.api("", "GET", "/openapi.json", &[], "").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut walk = Walk { hall: &hall, document, seen: BTreeSet::new() };
    let none = Value::Null;
    for path in [
        "/me",
        "/matters",
        "/templates",
        "/offices",
        "/fees",
        "/people",
        "/calendar",
        "/forecasts/quality",
        "/templates/{code}/plan",
    ] {
        assert_eq!(walk.call("agent", "GET", path, "", &none).await.status, 200, "{path}");
        assert_eq!(walk.call("", "GET", path, "", &none).await.status, 401, "{path}");
    }
    let of_case = ["/events", "/documents", "/documents/{name}", "/plan", "/forecast", "/warnings"]
        .map(|part| format!("/cases/{{id}}{part}"));
    for path in of_case.iter().map(String::as_str).chain(["/cases/{id}"]) {
        assert_eq!(walk.call("agent", "GET", path, "", &none).await.status, 200, "{path}");
        assert_eq!(walk.call("rival", "GET", path, "", &none).await.status, 404, "{path}");
    }
    for (who, method, path, query, body, status) in calls().into_iter().chain(plan_calls()).chain(watch_calls()) {
        let answer = walk.call(who, method, path, query, &body).await;
        assert_eq!(answer.status, status, "{who} {method} {path}{query} {body}: {}", answer.text());
    }
    follow(&mut walk).await;
    for (bytes, status) in [(PNG, 201), (&b"MZ not a picture at all"[..], 415), (b"", 422)] {
        let file = hall.upload("agent", &[], "sign.png", bytes).await;
        assert_eq!(file.status, status, "{}", file.text());
        walk.holds("POST", "/files", &file);
    }
    let described: BTreeSet<(String, String)> = routes()
        .into_iter()
        .filter(|route| route.area == Area::Api && !route.path.ends_with("openapi.json"))
        .map(|route| (route.method.to_lowercase(), route.path.to_owned()))
        .collect();
    assert_eq!(walk.seen, described, "every route of the API is described and was called");
}

/// A lead and a meeting from beginning to end, with what is refused on the way.
#[expect(clippy::unwrap_used, reason = "tests")]
async fn follow(walk: &mut Walk<'_>) {
    let lead = walk.call("agent", "POST", "/leads", "", &crate::leads::new_lead()).await.json();
    let meeting = walk.call("head", "POST", "/meetings", "", &crate::leads::new_meeting()).await.json();
    let id = |made: &Value| made["id"].as_str().unwrap().to_owned();
    let (lead, meeting) = (id(&lead), id(&meeting));
    let none = Value::Null;
    let visit = json!({ "on": "2026-11-24", "who": "A", "place": "B", "said": "C", "done": [1],
        "next": { "what": "D", "due": "2026-12-01" } });
    let case = walk.hall.case.to_string();
    let item = json!({ "case": case, "question": "Q" });
    let minutes = json!({ "attendance": [{ "office": "D15", "who": "Z" }], "text": "T",
        "decisions": [{ "what": "W", "office": "D15", "due": "2026-11-27" }] });
    let done = "/meetings/{id}/decisions/{number}/done";
    let calls = [
        ("enterprise", "GET", "/leads", none.clone(), 403),
        ("head", "GET", "/leads", none.clone(), 200),
        ("agent", "POST", "/leads", json!({}), 422),
        ("rival", "GET", "/leads/{id}", none.clone(), 404),
        ("agent", "POST", "/leads/{id}/visits", visit.clone(), 200),
        ("agent", "POST", "/leads/{id}/visits", visit, 422),
        ("agent", "POST", "/leads/{id}/assign", json!({ "agent": "agent" }), 403),
        ("head", "POST", "/leads/{id}/assign", json!({ "agent": "clerk" }), 422),
        ("head", "POST", "/leads/{id}/assign", json!({ "agent": "agent" }), 200),
        ("agent", "POST", "/leads/{id}/close", json!({ "reason": "R" }), 200),
        ("agent", "POST", "/leads/{id}/close", json!({ "reason": "R" }), 422),
        ("agent", "GET", "/leads/{id}", none.clone(), 200),
        ("agent", "POST", "/meetings", crate::leads::new_meeting(), 403),
        ("office", "GET", "/meetings", none.clone(), 200),
        ("enterprise", "GET", "/meetings/{id}", none.clone(), 404),
        ("agent", "POST", "/meetings/{id}/items", item.clone(), 200),
        ("agent", "POST", "/meetings/{id}/items", item, 422),
        ("head", "POST", "/meetings/{id}/minutes", minutes.clone(), 422),
        ("", "POST", "/meetings/{id}/minutes", minutes.clone(), 401),
        ("head", "POST", "/meetings/{id}/minutes", minutes, 200),
        ("agent", "POST", done, json!({ "outcome": "O" }), 403),
        ("office", "POST", done, json!({ "outcome": "O" }), 200),
        ("office", "POST", done, json!({ "outcome": "O" }), 422),
        ("supervisor", "GET", "/decisions", none.clone(), 200),
        ("head", "POST", "/meetings/{id}/cancel", json!({ "reason": "R" }), 422),
        ("supervisor", "GET", "/meetings/{id}", none, 200),
    ];
    for (at, (who, method, pattern, body, status)) in calls.into_iter().enumerate() {
        if at == 19 {
            walk.hall.app.clock().set("2026-11-24T07:00:00Z".parse().unwrap());
        }
        let own = if pattern.starts_with("/leads") { &lead } else { &meeting };
        let path = pattern.replace("{id}", own).replace("{number}", "1");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = walk.hall.api(who, method, &path, &[], &body).await;
        assert_eq!(answer.status, status, "{who} {method} {path} {body}: {}", answer.text());
        walk.holds(method, pattern, &answer);
    }
}

/// What the answers tell, beyond their form.
#[tokio::test]
async fn lists_and_refusals_say_what_was_asked() {
    let hall = Hall::open().await;
    let me = hall.api("enterprise", "GET", "/me", &[], "").await.json();
    assert_eq!(me["enterprises"].as_array().unwrap().len(), 1, "{me}");
    let agents = hall.api("head", "GET", "/people?role=service_staff", &[], "").await.json();
    let names: Vec<_> = agents["items"].as_array().unwrap().iter().map(|person| person["username"].clone()).collect();
    assert_eq!(names, ["agent", "agent2"]);
    let mut wrong = new_case();
    wrong["applicant"]["uscc"] = json!("91150422XTEXTEXT5E");
    let refused = hall.api("clerk", "POST", "/cases", &[], &wrong.to_string()).await.json();
    assert_eq!(refused["errors"][0]["pointer"], "/applicant/uscc", "{refused}");
    assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("18"), "{refused}");
    let command = json!({ "type": "assign_agent", "person": "clerk" }).to_string();
    let refused = hall.api("head", "POST", &format!("/cases/{}/commands", hall.case), &[], &command).await.json();
    assert_eq!(refused["clause"], "S7");
}

pub fn new_case() -> Value {
    json!({
        "applicant": {
            "name": "云梯新能源（筹）",
            "founder": { "name": "阿拉坦·其其格", "id_number": "11010519491231002X" },
            "contact": { "name": "欧阳𠮷", "phone": "0476-7800000" },
        },
        "project": { "name": "风光储", "investment_fen": 100 },
        "matters": ["QY-01"], "channel": "walk_in", "delivery": "in_person",
    })
}

/// The fields that the contract names are there, by its names.
#[tokio::test]
async fn a_case_has_the_fields_of_the_contract() {
    let hall = Hall::open().await;
    let case = hall.api("agent", "GET", &format!("/cases/{}", hall.case), &[], "").await.json();
    for field in [
        "id",
        "number",
        "version",
        "status",
        "mode",
        "proposal",
        "applicant",
        "lead_office",
        "agent",
        "stand_in",
        "matters",
        "materials",
        "items",
        "results",
        "documents",
        "actions",
    ] {
        assert!(case.get(field).is_some(), "no {field}");
    }
    for (list, fields) in [
        ("matters", &["code", "office", "status", "due_on", "colour"][..]),
        ("materials", &["id", "name", "matters", "status"]),
        ("documents", &["id", "kind", "hash"]),
        ("actions", &["type", "allowed", "clause"]),
    ] {
        for field in fields {
            assert!(case[list][0].get(field).is_some(), "{list} have no {field}");
        }
    }
    assert!(!case.to_string().contains("13800000000"), "the telephone is masked");
    assert!(!case.to_string().contains("11010519491231002X"), "the identity number is masked");
    let start = case["actions"].as_array().unwrap().iter().find(|action| action["type"] == "start").unwrap();
    assert_eq!((start["allowed"].as_bool(), start["clause"].as_str()), (Some(false), Some("S3.2")));
    assert!(start["reason"].as_str().unwrap().contains("收齐"), "{start}");
}
