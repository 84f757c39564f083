//! Requests that come twice: at the very same moment, later, after a restart, with another body, after a refusal.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::{Answer, Hall, PASSWORD, PNG};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{TestDb, db_test};

/// A request under a key, to be sent by several at once.
#[derive(Clone)]
struct Request {
    who: &'static str,
    path: String,
    key: String,
    version: Option<String>,
    body: Value,
}

impl Request {
    fn new(who: &'static str, path: &str, key: String, body: Value) -> Self {
        Self { who, path: path.to_owned(), key, version: None, body }
    }

    async fn send(&self, hall: &Hall) -> Answer {
        let mut headers = vec![("Idempotency-Key", self.key.as_str())];
        if self.path == "/files" {
            return hall.upload(self.who, &headers, self.body.as_str().unwrap(), PNG).await;
        }
        if let Some(version) = &self.version {
            headers.push(("If-Match", version));
        }
        hall.api(self.who, "POST", &self.path, &headers, &self.body.to_string()).await
    }
}

/// All of them at the same moment, on threads of their own.
async fn at_once(hall: &Arc<Hall>, requests: Vec<Request>) -> Vec<Answer> {
    let sent: Vec<_> = requests
        .into_iter()
        .map(|request| {
            let hall = Arc::clone(hall);
            tokio::spawn(async move { request.send(&hall).await })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

/// One of each kind of request, each for a round of its own.
async fn one_of_each(hall: &Hall, round: usize) -> Vec<Request> {
    let created = hall.api("clerk", "POST", "/cases", &[], &new_case().to_string()).await.json();
    let leaving = format!("/cases/{}/commands", created["id"].as_str().unwrap());
    let case = format!("/cases/{}/commands", hall.case);
    let key = |kind: &str| format!("{kind} {round}");
    let call = json!({
        "type": "record_remote_session", "channel": "phone", "topic": format!("第 {round} 次"),
        "started_at": "2026-11-24T01:30:00Z", "minutes": 5, "outcome": "说清楚了",
    });
    let asked = json!({
        "applicant": { "name": "张三", "phone": "13800000000" }, "channel": "phone",
        "question": format!("第 {round} 问"), "answer": "先核名。",
    });
    let mut known = new_case();
    known["applicant"] = json!({
        "name": "㛃河牧业有限公司", "uscc": "91150422XTEXTEXT5D", "contact": { "name": "欧阳𠮷", "phone": "13800000001" },
    });
    let mut withdraw = Request::new("clerk", &leaving, key("withdraw"), json!({ "type": "withdraw" }));
    withdraw.version = Some("\"1\"".to_owned());
    let token = json!({ "username": "clerk", "password": PASSWORD });
    vec![
        Request::new("clerk", "/cases", key("case"), new_case()),
        Request::new("clerk", "/cases", key("case of a known enterprise"), known),
        Request::new("clerk", "/consultations", key("consultation"), asked),
        Request::new("agent", "/files", key("file"), json!(format!("{round}.png"))),
        Request::new("agent", &case, key("command"), call),
        withdraw,
        Request::new("", "/tokens", key("token"), token),
    ]
}

async fn events(hall: &Hall, case: &str) -> usize {
    let events = hall.api("director", "GET", &format!("/cases/{case}/events"), &[], "").await.json();
    events["items"].as_array().unwrap().len()
}

async fn cases(hall: &Hall) -> usize {
    hall.api("director", "GET", "/cases?limit=100", &[], "").await.json()["items"].as_array().unwrap().len()
}

async fn consultations(hall: &Hall) -> u64 {
    hall.app.consultations(&hall.user("clerk"), None).await.unwrap().total.unwrap()
}

async fn warm(hall: &Hall) {
    for who in ["clerk", "agent", "head", "director"] {
        hall.token(who).await;
    }
}

#[db_test]
async fn of_equal_requests_at_the_very_same_moment_one_is_done_and_all_get_its_answer(db: TestDb) {
    let hall = Arc::new(Hall::on(&db).await);
    warm(&hall).await;
    for round in 0..5 {
        for request in one_of_each(&hall, round).await {
            let (cases_before, events_before) = (cases(&hall).await, events(&hall, hall.case.as_str()).await);
            let asked_before = consultations(&hall).await;
            let answers = at_once(&hall, vec![request.clone(); 4]).await;
            let first = &answers[0];
            for answer in &answers {
                assert!(answer.status.is_success(), "{}: {} {}", request.key, answer.status, answer.text());
                assert_eq!((answer.status, &answer.body), (first.status, &first.body), "{}", request.key);
                assert_eq!(answer.header("etag"), first.header("etag"), "{}", request.key);
                assert_eq!(answer.header("location"), first.header("location"), "{}", request.key);
            }
            let done = answers.iter().filter(|answer| answer.header("idempotency-replayed").is_empty()).count();
            assert_eq!(done, 1, "{}: one was done and the others were told so", request.key);
            let is_case = usize::from(request.path == "/cases");
            assert_eq!(cases(&hall).await, cases_before + is_case, "{}", request.key);
            let is_asked = u64::from(request.path == "/consultations");
            assert_eq!(consultations(&hall).await, asked_before + is_asked, "{}", request.key);
            let is_command = usize::from(request.path.contains(hall.case.as_str()));
            assert_eq!(events(&hall, hall.case.as_str()).await, events_before + is_command, "{}", request.key);
        }
    }
    assert_eq!(hall.app.check().await.unwrap().findings, []);
}

#[db_test]
async fn one_key_for_two_bodies_at_the_very_same_moment_serves_one_of_them(db: TestDb) {
    let hall = Arc::new(Hall::on(&db).await);
    warm(&hall).await;
    for round in 0..3 {
        let mut requests = one_of_each(&hall, round).await;
        requests.retain(|request| request.path != "/tokens");
        for request in requests {
            let mut other = request.clone();
            match &mut other.body {
                Value::String(name) => name.insert(0, 'x'),
                body => {
                    let field = ["question", "project", "topic", "reason"].into_iter().find(|f| !body[*f].is_null());
                    body[field.unwrap_or("reason")] = match field {
                        Some("project") => json!({ "name": "别的" }),
                        _ => json!("别的"),
                    };
                }
            }
            let answers = at_once(&hall, vec![request.clone(), other.clone(), request.clone(), other]).await;
            let done: Vec<_> = answers.iter().filter(|answer| answer.status.is_success()).collect();
            assert!(!done.is_empty(), "{}", request.key);
            assert!(done.iter().all(|answer| answer.body == done[0].body), "{}", request.key);
            for refused in answers.iter().filter(|answer| !answer.status.is_success()) {
                assert_eq!(refused.status, 409, "{}: {}", request.key, refused.text());
                assert_eq!(refused.json()["code"], "key_reused", "{}", request.key);
            }
            assert!(answers.len() - done.len() == 2, "{}: of the other body none", request.key);
        }
    }
    assert_eq!(hall.app.check().await.unwrap().findings, []);
}

#[db_test]
async fn a_refusal_is_decided_anew_under_its_key(db: TestDb) {
    let hall = Hall::on(&db).await;
    let created = hall.api("clerk", "POST", "/cases", &[], &new_case().to_string()).await.json();
    let case = domain::ids::CaseId::from(created["id"].as_str().unwrap());
    for command in [
        r#"{"type":"assign_lead_office","office":"B01"}"#,
        r#"{"type":"accept"}"#,
        r#"{"type":"assign_agent","person":"agent"}"#,
    ] {
        hall.command(&case, "head", command).await;
    }
    let path = format!("/cases/{case}/commands");
    let body = json!({ "type": "issue_notice", "matters": ["QY-01"] });
    let notice = Request::new("agent", &path, "notice".to_owned(), body);
    for _ in 0..2 {
        let refused = notice.send(&hall).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str().unwrap()), (422, "not_all_checked"));
        assert_eq!(refused.header("idempotency-replayed"), "");
    }
    let materials = hall.api("agent", "GET", &format!("/cases/{case}"), &[], "").await.json()["materials"].clone();
    let missing = |material: &Value| json!({ "material": material["id"], "result": "missing" });
    let checks: Vec<Value> = materials.as_array().unwrap().iter().map(missing).collect();
    hall.command(&case, "agent", &json!({ "type": "check_materials", "checks": checks }).to_string()).await;
    let done = notice.send(&hall).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let again = notice.send(&hall).await;
    assert_eq!((again.status, &again.body, again.header("idempotency-replayed")), (done.status, &done.body, "true"));

    // What was stale may be sent again with the version that is there, under the same key: the body is the same.
    let mut withdraw = Request::new("clerk", &path, "withdraw".to_owned(), json!({ "type": "withdraw" }));
    withdraw.version = Some("\"1\"".to_owned());
    let stale = withdraw.send(&hall).await;
    assert_eq!(stale.status, 412);
    withdraw.version =
        Some(format!("\"{}\"", stale.json()["current"].as_u64().unwrap_or(done.json()["version"].as_u64().unwrap())));
    let done = withdraw.send(&hall).await;
    assert_eq!(done.status, 200, "{}", done.text());
    withdraw.version = Some("\"1\"".to_owned());
    assert_eq!(withdraw.send(&hall).await.body, done.body, "the first answer comes before the version");
}

#[db_test]
async fn after_a_restart_and_for_seven_days_the_first_answer_is_known(db: TestDb) {
    let hall = Hall::on(&db).await;
    let mut first = Vec::new();
    for request in one_of_each(&hall, 0).await {
        let answer = request.send(&hall).await;
        first.push((request, answer));
    }
    let hall = hall.restarted();
    for (request, first) in &first {
        let again = request.send(&hall).await;
        let is_known = (again.status, &again.body) == (first.status, &first.body);
        // A token is a secret and stands nowhere: another one is given out.
        assert_eq!(is_known, request.path != "/tokens", "{}: {}", request.key, again.text());
    }
    hall.app.clock().advance(chrono::TimeDelta::days(app::KEPT_DAYS) - chrono::TimeDelta::seconds(1));
    assert_eq!(hall.app.forget_old_answers().await.unwrap(), 0);
    hall.app.clock().advance(chrono::TimeDelta::seconds(2));
    assert_eq!(hall.app.forget_old_answers().await.unwrap(), 6);
}

#[tokio::test]
async fn who_does_not_know_the_password_learns_nothing_of_a_token_that_was_given() {
    let hall = Hall::open().await;
    let ask = |username: &str, password: &str| {
        Request::new("", "/tokens", "1".to_owned(), json!({ "username": username, "password": password }))
    };
    let token = ask("clerk", PASSWORD).send(&hall).await;
    assert_eq!(token.status, 201, "{}", token.text());
    assert_eq!(ask("clerk", PASSWORD).send(&hall).await.body, token.body);
    let elsewhere = ask("agent", PASSWORD).send(&hall).await;
    assert_eq!(elsewhere.status, 201, "keys of different people do not meet: {}", elsewhere.text());
    // Guessing under a key that was used is guessing: it says no more than elsewhere, and it locks the name.
    for attempt in 1..=10 {
        let guess = ask("clerk", &format!("guess-{attempt}")).send(&hall).await;
        assert_eq!((guess.status.as_u16(), guess.json()["code"].as_str().unwrap()), (401, "wrong_password"));
    }
    assert_eq!(ask("clerk", PASSWORD).send(&hall).await.status, 429);
    hall.app.clock().advance(chrono::TimeDelta::minutes(16));
    let later = ask("clerk", PASSWORD).send(&hall).await;
    assert_eq!(later.status, 201);
    assert_ne!(later.body, token.body, "the answer was kept for a quarter of an hour");
}
