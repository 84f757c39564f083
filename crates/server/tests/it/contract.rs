//! What the API answers is what its own description says.
#![expect(clippy::unwrap_used, reason = "tests")]

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
        let path = pattern.replace("{id}", self.hall.case.as_str()).replace("{name}", "one-time-notice.pdf");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.hall.api(who, method, &format!("{path}{query}"), &[], &body).await;
        self.holds(method, pattern, &answer);
        answer
    }
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let hall = Hall::open().await;
    let document = hall.api("", "GET", "/openapi.json", &[], "").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut walk = Walk { hall: &hall, document, seen: BTreeSet::new() };
    let none = Value::Null;

    let good = json!({ "username": "clerk", "password": crate::hall::PASSWORD });
    assert_eq!(walk.call("", "POST", "/tokens", "", &good).await.status, 201);
    let bad = json!({ "username": "clerk", "password": "no" });
    assert_eq!(walk.call("", "POST", "/tokens", "", &bad).await.status, 401);
    for path in ["/me", "/matters", "/templates", "/offices"] {
        assert_eq!(walk.call("agent", "GET", path, "", &none).await.status, 200, "{path}");
        assert_eq!(walk.call("", "GET", path, "", &none).await.status, 401, "{path}");
    }
    assert_eq!(walk.call("enterprise", "GET", "/me", "", &none).await.json()["enterprises"].as_array().unwrap().len(), 1);
    assert_eq!(walk.call("head", "GET", "/people", "?role=service_staff", &none).await.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(walk.call("enterprise", "GET", "/people", "", &none).await.status, 403);
    assert_eq!(walk.call("head", "GET", "/people", "?role=king", &none).await.status, 400);

    let caller = json!({ "name": "张三", "phone": "13800000000" });
    let asked = json!({ "applicant": caller, "channel": "phone", "question": "怎么开店？", "answer": "先核名。" });
    assert_eq!(walk.call("clerk", "POST", "/consultations", "", &asked).await.status, 201);
    assert_eq!(walk.call("enterprise", "POST", "/consultations", "", &asked).await.status, 403);
    let made = new_case();
    assert_eq!(walk.call("clerk", "POST", "/cases", "", &made).await.status, 201);
    let mut wrong = made.clone();
    wrong["applicant"]["uscc"] = json!("91150422XTEXTEXT5E");
    let refused = walk.call("clerk", "POST", "/cases", "", &wrong).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "/applicant/uscc", "{}", refused.text());

    for query in ["", "?status=preparing&q=%E8%93%9D%E9%A9%AC&limit=1", "?status=&office=&agent=&matter=&green=&colour=&due_before=&q=&limit=&cursor="] {
        assert_eq!(walk.call("supervisor", "GET", "/cases", query, &none).await.status, 200, "{query}");
    }
    assert_eq!(walk.call("admin", "GET", "/cases", "", &none).await.status, 403);
    assert_eq!(walk.call("head", "GET", "/cases", "?colour=pink", &none).await.status, 400);
    let seen = walk.call("enterprise", "GET", "/cases/{id}", "", &none).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.header("etag"), format!("\"{}\"", seen.json()["version"]));
    for path in ["/cases/{id}", "/cases/{id}/events", "/cases/{id}/documents", "/cases/{id}/documents/{name}"] {
        assert_eq!(walk.call("agent", "GET", path, "", &none).await.status, 200, "{path}");
        assert_eq!(walk.call("rival", "GET", path, "", &none).await.status, 404, "{path}");
    }
    assert_eq!(walk.call("rival", "GET", "/cases/{id}/archive.zip", "", &none).await.status, 404);
    assert_eq!(walk.call("agent", "POST", "/cases/{id}/commands", "", &json!({ "type": "start" })).await.status, 428);
    let command = json!({ "type": "assign_agent", "person": "clerk" });
    let refused = walk.call("head", "POST", "/cases/{id}/commands", "", &command).await;
    assert_eq!((refused.status.as_u16(), refused.json()["clause"].as_str()), (422, Some("S7")), "{}", refused.text());
    let command = json!({ "type": "set_stand_in", "person": "agent2" });
    assert_eq!(walk.call("head", "POST", "/cases/{id}/commands", "", &command).await.status, 200);
    let file = hall.upload("agent", &[], "sign.png", PNG).await;
    assert_eq!(file.status, 201, "{}", file.text());
    walk.holds("POST", "/files", &file);
    let file = hall.upload("agent", &[], "sign.png", b"MZ not a picture at all").await;
    assert_eq!(file.status, 415, "{}", file.text());
    walk.holds("POST", "/files", &file);

    let described: BTreeSet<(String, String)> = routes()
        .into_iter()
        .filter(|route| route.area == Area::Api && !route.path.ends_with("openapi.json"))
        .map(|route| (route.method.to_lowercase(), route.path.to_owned()))
        .collect();
    assert_eq!(walk.seen, described, "every route of the API is described and was called");
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
        "id", "number", "version", "status", "mode", "proposal", "applicant", "lead_office", "agent", "stand_in", "matters",
        "materials", "items", "results", "documents", "actions",
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
