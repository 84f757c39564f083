//! What bad input gets over the API: a refusal that says what to do, in both languages, and nothing half-written.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod fuzz;
mod names;
mod refused;
mod uploads;
mod wire;

use crate::contract::new_case;
use crate::hall::Hall;
pub use refused::{content, running};
use refused::{fields, refusal, refused};
use serde_json::{Value, json};

/// An application with one place changed.
fn with(pointer: &str, value: Value) -> String {
    let mut body = new_case();
    match body.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[name] = value;
        }
    }
    body.to_string()
}

#[tokio::test]
async fn s5_3_a_wrong_check_character_is_named_with_its_place() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let create = ("clerk", "POST", "/cases");
    for (code, wrong) in [
        ("91150422XTEXTEXT5E", "uscc_check"),
        ("91150422XTEXTEXT5", "uscc_length"),
        ("9115O422XTEXTEXT5D", "uscc_character"),
        ("9115企422XTEXTEXT5D", "uscc_character"),
    ] {
        let body = with("/applicant/uscc", json!(code));
        refused(&hall, create, &[], &body, &fields(&[("/applicant/uscc", wrong)])).await;
    }
    let told = refused(
        &hall,
        create,
        &[],
        &with("/applicant/uscc", json!("91150422XTEXTEXT5E")),
        &fields(&[("/applicant/uscc", "uscc_check")]),
    )
    .await;
    assert!(told["errors"][0]["detail"].as_str().unwrap().contains("第 18 位"), "{told}");
    for (number, wrong) in [
        ("110105194912310020", "id_check"),
        ("11010519490230002X", "id_date"),
        ("99010519491231002X", "id_region"),
        ("110105491231002", "id_old"),
        ("", "required"),
    ] {
        let body = with("/applicant/founder/id_number", json!(number));
        refused(&hall, create, &[], &body, &fields(&[("/applicant/founder/id_number", wrong)])).await;
    }
    let asked = json!({ "applicant": { "name": "张三", "uscc": "91150422XTEXTEXT5E", "phone": "138" },
        "channel": "phone", "question": "" });
    let wrong = [("/applicant/uscc", "uscc_check"), ("/applicant/phone", "phone_length"), ("/question", "required")];
    refused(&hall, ("clerk", "POST", "/consultations"), &[], &asked.to_string(), &fields(&wrong)).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let attach = json!({ "type": "attach_uscc", "uscc": "91150422XTEXTEXT5E" }).to_string();
    refused(&hall, ("agent", "POST", &commands), &[], &attach, &refusal(422, "uscc_invalid")).await;
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn s5_3_nothing_is_submitted_before_what_must_come_first() {
    let hall = Hall::open().await;
    let id = running(&hall).await;
    let before = content(&hall).await;
    let commands = format!("/cases/{id}/commands");
    let submit = json!({ "type": "submit_matter", "matter": "YY-03" }).to_string();
    let told = refused(&hall, ("agent", "POST", &commands), &[], &submit, &refusal(422, "prerequisite_open")).await;
    assert_eq!(told["clause"], "S5.3");
    assert!(told["detail"].as_str().unwrap().contains("个体工商户设立登记"), "{told}");
    assert_eq!(told["params"]["matters"], "QY-03");
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn who_may_not_hears_403_and_who_may_not_know_hears_404() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let forbidden = refusal(403, "forbidden");
    let unknown = refusal(404, "not_found");
    let accept = r#"{"type":"accept"}"#;
    refused(&hall, ("agent", "POST", &commands), &[], accept, &forbidden).await;
    refused(&hall, ("supervisor", "POST", &commands), &[], accept, &forbidden).await;
    refused(&hall, ("director", "POST", &commands), &[("If-Match", "*")], r#"{"type":"archive"}"#, &forbidden).await;
    refused(&hall, ("supervisor", "POST", "/cases"), &[], &new_case().to_string(), &forbidden).await;
    refused(&hall, ("admin", "GET", "/cases"), &[], "", &forbidden).await;
    // Somebody else's case: not even that there is one.
    for path in ["", "/events", "/documents", "/documents/D1.pdf", "/archive.zip"] {
        refused(&hall, ("rival", "GET", &format!("/cases/{}{path}", hall.case)), &[], "", &unknown).await;
    }
    let withdraw = r#"{"type":"withdraw","reason":"不办了"}"#;
    refused(&hall, ("rival", "POST", &commands), &[("If-Match", "*")], withdraw, &unknown).await;
    refused(&hall, ("", "POST", &commands), &[], accept, &refusal(401, "unauthorized")).await;
    // An enterprise that is known already cannot be taken by somebody else.
    let known = with("/applicant/uscc", json!("91150422XTEXTEXT5D"));
    assert_eq!(hall.api("clerk", "POST", "/cases", &[], &known).await.status, 201);
    let before = (before.0 + 1, before.1 + 1, before.2, before.3, before.4);
    let yours = fields(&[("/applicant/uscc", "uscc_not_yours")]);
    refused(&hall, ("rival", "POST", "/cases"), &[], &known, &yours).await;
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn what_was_seen_and_is_no_longer_so_is_refused() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let to = ("agent", "POST", commands.as_str());
    let start = r#"{"type":"start"}"#;
    refused(&hall, to, &[], start, &refusal(428, "version_needed")).await;
    let stale = refused(&hall, to, &[("If-Match", "\"1\"")], start, &refusal(412, "stale")).await;
    assert_eq!(stale["params"]["current"], before.4[1].to_string(), "{stale}");
    for tag in ["7", "\"seven\"", "\"-1\"", "\"99999999999999999999\"", "", ","] {
        refused(&hall, to, &[("If-Match", tag)], start, &refusal(400, "version_invalid")).await;
    }
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let hall = Hall::open().await;
    let key = [("Idempotency-Key", "once")];
    let wrong = with("/applicant/contact/phone", json!("12"));
    let phone = fields(&[("/applicant/contact/phone", "phone_length")]);
    refused(&hall, ("clerk", "POST", "/cases"), &key, &wrong, &phone).await;
    let made = hall.api("clerk", "POST", "/cases", &key, &new_case().to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let before = content(&hall).await;
    let reused = refusal(409, "key_reused");
    refused(&hall, ("clerk", "POST", "/cases"), &key, &wrong, &reused).await;
    refused(&hall, ("clerk", "POST", "/consultations"), &key, &new_case().to_string(), &reused).await;
    for key in ["", " ", "𠮷", &"k".repeat(201)] {
        let key = [("Idempotency-Key", key)];
        refused(&hall, ("clerk", "POST", "/cases"), &key, &new_case().to_string(), &refusal(400, "key_invalid")).await;
    }
    assert_eq!(content(&hall).await, before);
}

/// S2.2: only what a law lets an authority charge is noted, and with its receipt.
#[tokio::test]
async fn s2_2_a_fee_without_legal_basis_is_not_noted() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let to = ("agent", "POST", commands.as_str());
    let fee = |fee: &str, amount: Value| {
        json!({ "type": "note_fee", "matter": "QY-02", "fee": fee, "amount_fen": amount, "receipt": "1号" }).to_string()
    };
    let told = refused(&hall, to, &[], &fee("加急费", json!(100)), &refusal(422, "fee_not_listed")).await;
    assert_eq!(told["clause"], "S2.2");
    assert!(told["detail"].as_str().unwrap().contains("加急费"), "{told}");
    for (amount, wrong) in [
        (json!("100"), "not_number"),
        (json!(1.5), "not_whole"),
        (json!(1e30), "not_whole"),
        (json!(18_446_744_073_709_551_615_u64), "out_of_range"),
        (Value::Null, "required"),
    ] {
        refused(&hall, to, &[], &fee("加急费", amount), &fields(&[("/amount_fen", wrong)])).await;
    }
    let without = json!({ "type": "note_fee", "matter": "QY-02", "fee": "x", "amount_fen": 1 }).to_string();
    refused(&hall, to, &[], &without, &fields(&[("/receipt", "required")])).await;
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn dates_that_do_not_exist_are_refused_at_their_field() {
    let hall = Hall::open().await;
    let id = running(&hall).await;
    hall.command(&id, "agent", r#"{"type":"submit_matter","matter":"QY-03"}"#).await;
    let before = content(&hall).await;
    let commands = format!("/cases/{id}/commands");
    let days = ["2026-02-30", "2026-13-01", "tomorrow", "99999-01-01", "", "2026-11-24T00:00:00Z", "2026/11/30"];
    for day in days {
        let stop =
            json!({ "type": "stop_clock", "matter": "QY-03", "kind": "correction", "reason": "补", "until": day });
        refused(&hall, ("office", "POST", &commands), &[], &stop.to_string(), &fields(&[("/until", "date")])).await;
    }
    for time in ["2026-02-30T09:00:00Z", "2026-11-24", "tomorrow", "99999-01-01T00:00:00Z", "2026-11-24T25:00:00Z", ""]
    {
        let receipt = json!({ "type": "confirm_receipt", "signed_by": "张三", "at": time });
        refused(&hall, ("agent", "POST", &commands), &[], &receipt.to_string(), &fields(&[("/at", "time")])).await;
        let session = json!({ "type": "record_remote_session", "channel": "phone", "topic": "t", "started_at": time,
            "minutes": 5, "outcome": "o" });
        let at = [("/started_at", "time")];
        refused(&hall, ("agent", "POST", &commands), &[], &session.to_string(), &fields(&at)).await;
    }
    // Days that a calendar has, and no plan: the answer comes at once, for nobody counts so far.
    let begun = std::time::Instant::now();
    for until in ["9999-12-31", "+262142-12-31"] {
        let far = json!({ "type": "stop_clock", "matter": "QY-03", "kind": "correction", "reason": "补",
            "until": until });
        refused(&hall, ("office", "POST", &commands), &[], &far.to_string(), &refusal(422, "date_too_far")).await;
        let due =
            hall.api("head", "GET", &format!("/cases?due_before=%2B{}", until.trim_start_matches('+')), &[], "").await;
        assert!(matches!(due.status.as_u16(), 200 | 400), "{}", due.text());
    }
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    let past = json!({ "type": "stop_clock", "matter": "QY-03", "kind": "correction", "reason": "补",
        "until": "2026-11-23" });
    refused(&hall, ("office", "POST", &commands), &[], &past.to_string(), &refusal(422, "date_in_past")).await;
    let later = json!({ "type": "record_remote_session", "channel": "phone", "topic": "t", "outcome": "o",
        "started_at": "2026-11-25T00:00:00Z", "minutes": 5 });
    refused(&hall, ("agent", "POST", &commands), &[], &later.to_string(), &refusal(422, "session_time_invalid")).await;
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn numbers_and_kinds_are_refused_at_their_place_inside_lists() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let to = ("agent", "POST", commands.as_str());
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let material = open.case.materials[0].spec.id.as_str();
    let item = |name: &str, value: Value| {
        let mut item = json!({ "material": material, "form": "original", "pages": 1, "copies": 1, "return": true });
        item[name] = value;
        item
    };
    for (name, value, wrong) in [
        ("pages", json!(-1), "out_of_range"),
        ("pages", json!(4_294_967_296_u64), "out_of_range"),
        ("pages", json!(1e30), "not_whole"),
        ("copies", json!(0.5), "not_whole"),
        ("copies", json!("1"), "not_number"),
        ("material", json!(7), "not_text"),
        ("form", json!("gold"), "unknown_value"),
        ("return", json!("yes"), "not_bool"),
        ("file", json!([]), "not_text"),
    ] {
        let good = || item("pages", json!(1));
        let body = json!({ "type": "receive_materials", "items": [good(), good(), item(name, value)] }).to_string();
        refused(&hall, to, &[], &body, &fields(&[(&format!("/items/2/{name}"), wrong)])).await;
    }
    for name in ["pages", "copies"] {
        let body = json!({ "type": "receive_materials", "items": [item(name, json!(0))] }).to_string();
        refused(&hall, to, &[], &body, &refusal(422, "count_invalid")).await;
    }
    let body = json!({ "type": "check_materials", "checks": [{ "material": 1, "result": "fine" }, {}, []] });
    let wrong = [
        ("/checks/0/material", "not_text"),
        ("/checks/0/result", "unknown_value"),
        ("/checks/1/material", "required"),
        ("/checks/1/result", "required"),
        ("/checks/2", "not_object"),
    ];
    refused(&hall, to, &[], &body.to_string(), &fields(&wrong)).await;
    let body = json!({ "type": "check_materials", "checks": "all" }).to_string();
    refused(&hall, to, &[], &body, &fields(&[("/checks", "not_list")])).await;
    let body = json!({ "type": "check_materials", "checks": [{ "material": "M-0", "result": "ok" }] }).to_string();
    refused(&hall, to, &[], &body, &refusal(422, "unknown_material")).await;
    for (amount, wrong) in
        [(json!(-1), "amount"), (json!(i64::MAX), "amount"), (json!(1.5), "not_whole"), (json!("1"), "not_number")]
    {
        let body = with("/project/investment_fen", amount);
        let wrong = [("/project/investment_fen", wrong)];
        refused(&hall, ("clerk", "POST", "/cases"), &[], &body, &fields(&wrong)).await;
    }
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn queries_that_ask_for_nothing_that_there_is_are_refused_by_name() {
    let hall = Hall::open().await;
    let list = |query: &str| format!("/cases?{query}");
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=99999999999", "limit"),
        ("limit=ten", "limit"),
        ("status=unknown", "status"),
        ("status=running,unknown", "status"),
        ("colour=pink", "colour"),
        ("green=maybe", "green"),
        ("order=price", "order"),
        ("due_before=2026-02-30", "due_before"),
        ("due_before=2026-13-01", "due_before"),
        ("due_before=tomorrow", "due_before"),
        ("due_before=99999-01-01", "due_before"),
    ] {
        let told = refused(&hall, ("head", "GET", &list(query)), &[], "", &refusal(400, "wrong_query")).await;
        assert_eq!(told["params"]["name"], name, "{told}");
    }
    let unknown = refusal(400, "unknown_field");
    refused(&hall, ("head", "GET", &list("page=2")), &[], "", &unknown).await;
    for cursor in ["nonsense", "%F0%9F%98%80", "AAAA", "eyJhIjoxfQ", &"x".repeat(10_000)] {
        let wrong = fields(&[("/cursor", "cursor")]);
        refused(&hall, ("head", "GET", &list(&format!("cursor={cursor}"))), &[], "", &wrong).await;
    }
    refused(&hall, ("head", "GET", &list("q=%00")), &[], "", &refusal(400, "unreadable")).await;
    // Found or not, these are questions like others.
    let long = ["q=".to_owned() + &"长".repeat(3_000), "q=".to_owned() + &"ab ".repeat(3_000).replace(' ', "+")];
    for query in ["limit=1000000", "q=%FF%FE", "q=%22%27%25_*%20OR%201=1", "agent=%27;--", "office=none", "matter=*"]
        .into_iter()
        .chain(long.iter().map(String::as_str))
    {
        let encoded = query.bytes().fold(String::new(), |mut text, byte| {
            if byte.is_ascii() {
                text.push(char::from(byte))
            } else {
                text.push_str(&format!("%{byte:02X}"))
            }
            text
        });
        let answer = hall.api("head", "GET", &list(&encoded), &[], "").await;
        assert_eq!(answer.status, 200, "{}: {}", &query[..20.min(query.len())], answer.text());
    }
    let events = format!("/cases/{}/events", hall.case);
    for after in ["-1", "x", "99999999999999999999"] {
        let path = format!("{events}?after={after}");
        refused(&hall, ("agent", "GET", &path), &[], "", &refusal(400, "wrong_query")).await;
    }
    let none = hall.api("agent", "GET", &format!("{events}?after={}", u64::MAX), &[], "").await;
    assert_eq!(none.json()["items"], json!([]), "{}", none.text());
}

#[tokio::test]
async fn ids_of_nothing_lead_nowhere() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let not_found = refusal(404, "not_found");
    let long = "x".repeat(5_000);
    let ids = ["0190a000-0000-7000-8000-000000000001", "x", "%F0%A0%AE%B7", "..%2F..%2Fetc%2Fpasswd", "*", &long];
    for id in ids {
        for path in ["", "/events", "/documents", "/documents/agreement.pdf", "/archive.zip"] {
            refused(&hall, ("head", "GET", &format!("/cases/{id}{path}")), &[], "", &not_found).await;
        }
        let commands = format!("/cases/{id}/commands");
        refused(&hall, ("head", "POST", &commands), &[], r#"{"type":"accept"}"#, &not_found).await;
        let document = format!("/cases/{}/documents/{id}", hall.case);
        refused(&hall, ("agent", "GET", &document), &[], "", &not_found).await;
        let document = format!("/cases/{}/documents/{id}.pdf", hall.case);
        refused(&hall, ("agent", "GET", &document), &[], "", &not_found).await;
    }
    refused(&hall, ("head", "GET", "/cases/%00"), &[], "", &refusal(400, "unreadable")).await;
    refused(&hall, ("head", "GET", "/cases/%FF%FE"), &[], "", &refusal(400, "unreadable")).await;
    for page in ["/cases/x", "/cases/x/do/start", "/reception/x", "/cases/x/papers/D1", "/matters/x", "/check/x"] {
        let answer = hall.visit("agent", page).await;
        assert!(!answer.status.is_server_error() && answer.status != 403, "{page}: {}", answer.status);
    }
    let consultation = with("/consultation", json!("0190a000-0000-7000-8000-000000000001"));
    let wrong = fields(&[("/consultation", "unknown_consultation")]);
    refused(&hall, ("clerk", "POST", "/cases"), &[], &consultation, &wrong).await;
    let template = with("/template", json!("T-00"));
    refused(&hall, ("clerk", "POST", "/cases"), &[], &template, &refusal(422, "unknown_template")).await;
    let matter = with("/matters", json!(["QY-01", "XX-99"]));
    refused(&hall, ("clerk", "POST", "/cases"), &[], &matter, &refusal(422, "unknown_matter")).await;
    refused(&hall, ("clerk", "POST", "/cases"), &[], &with("/matters", json!([])), &refusal(422, "no_matters")).await;
    assert_eq!(content(&hall).await, before);
}
