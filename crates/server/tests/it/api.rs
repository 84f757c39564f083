//! What the contract says of every call: tokens, repeated requests, versions, refusals.

use crate::contract::new_case;
use crate::hall::{Hall, PASSWORD, PNG};
use serde_json::json;

#[tokio::test]
async fn thirty_logins_a_minute_pass_and_a_flood_is_held_up() {
    let hall = Hall::open().await;
    let mut refused = 0;
    for attempt in 1..=70 {
        let body = json!({ "username": format!("somebody-{attempt}"), "password": "x" }).to_string();
        let answer = hall.api("", "POST", "/tokens", &[], &body).await;
        if answer.status == 429 {
            assert!(attempt > 30, "attempt {attempt}");
            assert!(answer.header("retry-after").parse::<u64>().is_ok());
            refused += 1;
        }
    }
    assert!(refused > 0);
    // With the minute gone, the right password passes.
    hall.app.clock().advance(chrono::TimeDelta::seconds(61));
    let body = json!({ "username": "agent", "password": PASSWORD }).to_string();
    let answer = hall.api("", "POST", "/tokens", &[], &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert!(answer.json()["expires_at"].is_string());
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_before_anything_else() {
    let hall = Hall::open().await;
    let key = [("Idempotency-Key", "one")];
    let body = new_case().to_string();
    let first = hall.api("clerk", "POST", "/cases", &key, &body).await;
    assert_eq!(first.status, 201, "{}", first.text());
    assert!(first.header("location").ends_with(first.json()["id"].as_str().unwrap()));
    assert_eq!(first.header("etag"), "\"1\"");
    let again = hall.api("clerk", "POST", "/cases", &key, &body).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!((again.header("location"), again.header("etag")), (first.header("location"), "\"1\""));
    let other = hall.api("clerk", "POST", "/cases", &key, &body.replace("风光储", "别的")).await;
    assert_eq!((other.status.as_u16(), other.json()["code"].as_str().unwrap()), (409, "key_reused"));
    let elsewhere = hall.api("clerk", "POST", "/consultations", &key, &body).await;
    assert_eq!(elsewhere.status, 409, "a key belongs to one request");
    let someone_else = hall.api("enterprise", "POST", "/cases", &key, &body).await;
    assert_eq!(someone_else.status, 201, "keys of different people do not meet: {}", someone_else.text());

    // A command whose time has passed is still answered as the first time, without a version.
    let path = format!("/cases/{}/commands", hall.case);
    let body = r#"{"type":"set_stand_in","person":"agent2"}"#;
    let first = hall.api("head", "POST", &path, &[("Idempotency-Key", "two")], body).await;
    assert_eq!(first.status, 200, "{}", first.text());
    hall.command(&hall.case, "head", r#"{"type":"terminate","reason_code":"project_abandoned","reason":"不办了"}"#)
        .await;
    let again = hall.api("head", "POST", &path, &[("Idempotency-Key", "two")], body).await;
    assert_eq!((again.status, again.body), (first.status, first.body));

    let file = hall.upload("agent", &[("Idempotency-Key", "three")], "a.png", PNG).await;
    let again = hall.upload("agent", &[("Idempotency-Key", "three")], "a.png", PNG).await;
    assert_eq!(file.json()["id"], again.json()["id"]);
    let other = hall.upload("agent", &[("Idempotency-Key", "three")], "b.png", PNG).await;
    assert_eq!(other.status, 409);
}

#[tokio::test]
async fn two_of_the_same_at_once_make_one_case() {
    let hall = Hall::open().await;
    let body = new_case().to_string();
    let key = [("Idempotency-Key", "at once")];
    let (one, two) = tokio::join!(
        hall.api("clerk", "POST", "/cases", &key, &body),
        hall.api("clerk", "POST", "/cases", &key, &body)
    );
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 201), "{} {}", one.text(), two.text());
    assert_eq!(one.json()["id"], two.json()["id"]);
}

#[tokio::test]
async fn signing_and_its_like_need_the_version_that_was_seen() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/commands", hall.case);
    let version = hall.api("agent", "GET", &format!("/cases/{}", hall.case), &[], "").await.header("etag").to_owned();
    let start = r#"{"type":"start"}"#;
    let code =
        |answer: &crate::hall::Answer| (answer.status.as_u16(), answer.json()["code"].as_str().unwrap().to_owned());
    let bare = hall.api("agent", "POST", &path, &[], start).await;
    assert_eq!(code(&bare), (428, "version_needed".to_owned()));
    let stale = hall.api("agent", "POST", &path, &[("If-Match", "\"1\"")], start).await;
    assert_eq!(code(&stale), (412, "stale".to_owned()));
    for tag in [version.clone(), format!("W/{version}"), "*".to_owned(), format!("\"1\", {version}")] {
        let seen = hall.api("agent", "POST", &path, &[("If-Match", &tag)], start).await;
        assert_eq!(code(&seen), (422, "materials_incomplete".to_owned()), "{tag}");
        assert_eq!(seen.json()["clause"], "S3.2");
    }
    assert_eq!(hall.api("agent", "POST", &path, &[("If-Match", "seven")], start).await.status, 400);
    // Another command may leave it out, and is held to it when it names it.
    let other = r#"{"type":"set_stand_in","person":"agent2"}"#;
    assert_eq!(hall.api("head", "POST", &path, &[("If-Match", "\"1\"")], other).await.status, 412);
    let done = hall.api("head", "POST", &path, &[], other).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(done.header("etag"), format!("\"{}\"", done.json()["version"]));
    assert_eq!(done.json()["events"][0]["event"]["type"], "stand_in_set");
    let known =
        hall.api("agent", "GET", &format!("/cases/{}", hall.case), &[("If-None-Match", done.header("etag"))], "").await;
    assert_eq!(known.status, 304);
}

#[tokio::test]
async fn refusals_are_problems_in_the_readers_language() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/commands", hall.case);
    let body = r#"{"type":"assign_agent","person":"clerk"}"#;
    let zh = hall.api("head", "POST", &path, &[], body).await;
    assert_eq!(zh.header("content-type"), "application/problem+json");
    assert!(zh.json()["detail"].as_str().unwrap().contains("clerk·其其格"), "{}", zh.text());
    let en = hall.api("head", "POST", &path, &[("Accept-Language", "en-GB,en;q=0.9")], body).await;
    assert!(en.json()["detail"].as_str().unwrap().contains("not qualified"), "{}", en.text());
    assert_eq!(en.json()["code"], zh.json()["code"]);
    let en = hall.api("head", "GET", "/cases/x", &[("Accept-Language", "en")], "").await;
    assert!(en.json()["detail"].as_str().unwrap().starts_with("Not found"), "{}", en.text());
}

#[tokio::test]
async fn what_cannot_be_read_is_said_by_code_and_with_what_to_do() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/commands", hall.case);
    for (method, path, headers, body, status, code) in [
        ("POST", path.as_str(), &[][..], "{", 400, "unreadable"),
        ("POST", path.as_str(), &[], r#"{"type":"accept","colour":1}"#, 400, "unknown_field"),
        ("POST", path.as_str(), &[], r#"{"type":"fly"}"#, 400, "unknown_value"),
        ("POST", path.as_str(), &[], r#"{"type":"claim_matter"}"#, 422, "invalid_fields"),
        ("POST", path.as_str(), &[("Content-Type", "text/plain")], "{}", 415, "unsupported_media_type"),
        ("POST", "/files", &[], "{}", 415, "unsupported_media_type"),
        ("GET", "/nowhere", &[], "", 404, "not_found"),
        ("GET", "/cases/x", &[], "", 404, "not_found"),
        ("PUT", "/cases", &[], "{}", 405, "method_not_allowed"),
        ("GET", "/cases?colour=pink", &[], "", 400, "wrong_query"),
        ("GET", "/cases?size=1", &[], "", 400, "unknown_field"),
        ("GET", "/cases?cursor=nonsense", &[], "", 422, "invalid_fields"),
    ] {
        let answer = hall.api("head", method, path, headers, body).await;
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{method} {path} {body}: {}",
            answer.text()
        );
        let problem = answer.json();
        assert_eq!(
            (answer.status.as_u16(), problem["code"].as_str().unwrap()),
            (status, code),
            "{method} {path} {body}"
        );
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().unwrap().ends_with(['。', '.']), "{problem}");
    }
}

#[tokio::test]
async fn bodies_are_bounded_and_tokens_needed() {
    let hall = Hall::open().await;
    let large = hall.api("clerk", "POST", "/cases", &[], &" ".repeat(1024 * 1024 + 1)).await;
    assert_eq!((large.status.as_u16(), large.json()["code"].as_str().unwrap()), (413, "too_large"));
    let large = hall.upload("agent", &[], "a.png", &vec![0; 26 * 1024 * 1024]).await;
    assert_eq!(large.status, 413);
    assert!(hall.api("", "GET", "/cases", &[], "").await.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(hall.api("", "GET", "/cases", &[("Authorization", "Bearer nonsense")], "").await.status, 401);
}

#[tokio::test]
async fn lists_go_page_by_page() {
    let hall = Hall::open().await;
    for n in 0..4 {
        let body = new_case().to_string().replace("云梯", &format!("云梯{n}"));
        assert_eq!(hall.api("clerk", "POST", "/cases", &[], &body).await.status, 201);
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = hall.api("supervisor", "GET", &format!("/cases?limit=2&cursor={cursor}"), &[], "").await.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    let own = hall.api("enterprise", "GET", "/cases", &[], "").await.json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1, "an enterprise sees its own: {own}");
}
