//! Names and texts: long, hidden, marked up, rare.

use super::refused::{content, fields, refusal, refused};
use super::with;
use crate::contract::new_case;
use crate::hall::Hall;
use serde_json::{Value, json};

/// Where names stand in an application.
const PLACES: [(&str, usize); 4] = [
    ("/applicant/name", 200),
    ("/applicant/contact/name", 100),
    ("/applicant/founder/name", 100),
    ("/project/name", 200),
];

#[tokio::test]
async fn a_name_that_is_too_long_hears_the_limit() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let create = ("clerk", "POST", "/cases");
    for (place, most) in PLACES {
        for found in [most + 1, 10_000] {
            let body = with(place, json!("名".repeat(found)));
            let told = refused(&hall, create, &[], &body, &fields(&[(place, "too_long")])).await;
            let detail = told["errors"][0]["detail"].as_str().unwrap();
            assert!(detail.contains(&most.to_string()) && detail.contains(&found.to_string()), "{detail}");
        }
    }
    let site = with("/project/site", json!("地".repeat(201)));
    refused(&hall, create, &[], &site, &fields(&[("/project/site", "too_long")])).await;
    let phone = with("/applicant/contact/phone", json!("1".repeat(10_000)));
    refused(&hall, create, &[], &phone, &fields(&[("/applicant/contact/phone", "phone_length")])).await;
    let long = "问".repeat(4_001);
    let asked = json!({ "applicant": { "name": "名".repeat(10_000) }, "channel": "phone", "question": long,
        "answer": long, "told": [long] });
    let ask = ("clerk", "POST", "/consultations");
    let wrong = [("/applicant/name", "too_long"), ("/answer", "too_long")];
    refused(&hall, ask, &[], &asked.to_string(), &fields(&wrong)).await;
    for field in ["question", "answer", "told"] {
        let mut asked = json!({ "applicant": { "name": "张三" }, "channel": "phone", "question": "怎么办？" });
        asked[field] = if field == "told" { json!([long]) } else { json!(long) };
        let wrong = [(format!("/{field}"), "too_long")];
        refused(&hall, ask, &[], &asked.to_string(), &fields(&[(&wrong[0].0, wrong[0].1)])).await;
    }
    let commands = format!("/cases/{}/commands", hall.case);
    let reason = json!({ "type": "assign_agent", "person": "agent2", "reason": "长".repeat(10_000) }).to_string();
    refused(&hall, ("head", "POST", &commands), &[], &reason, &refusal(422, "text_invalid")).await;
    assert_eq!(content(&hall).await, before);
}

/// Nothing that a page or a paper cannot show, or would show as something else.
#[tokio::test]
async fn characters_that_deceive_reach_no_page_and_no_paper() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let deceiving =
        ["\0", "\u{1b}", "\u{7f}", "\u{85}", "\u{200b}", "\u{202e}", "\u{2066}", "\u{61c}", "\u{feff}", "\u{fffd}"];
    for sign in deceiving {
        for (place, _) in PLACES {
            let body = with(place, json!(format!("张{sign}三")));
            let told = refused(&hall, ("clerk", "POST", "/cases"), &[], &body, &fields(&[(place, "character")])).await;
            assert!(told["errors"][0]["detail"].as_str().unwrap().contains("第 2 个"), "{sign:?}: {told}");
        }
        let asked = json!({ "applicant": { "name": "张三", "contact": { "name": format!("李{sign}四"), "phone": "" } },
            "channel": "phone", "question": format!("问{sign}题") });
        let wrong = fields(&[("/applicant/contact/name", "character"), ("/question", "character")]);
        refused(&hall, ("clerk", "POST", "/consultations"), &[], &asked.to_string(), &wrong).await;
        let reason = json!({ "type": "assign_agent", "person": "agent2", "reason": format!("忙{sign}碌") }).to_string();
        let expected = match sign {
            "\0" => fields(&[("/reason", "character")]),
            _ => refusal(422, "text_invalid"),
        };
        refused(&hall, ("head", "POST", &commands), &[], &reason, &expected).await;
    }
    let lines = with("/applicant/name", json!("第一行\n第二行"));
    refused(&hall, ("clerk", "POST", "/cases"), &[], &lines, &fields(&[("/applicant/name", "character")])).await;
    assert_eq!(content(&hall).await, before);
}

/// An application under these names, taken as far as its first paper; answers its id.
async fn taken(hall: &Hall, body: &Value) -> String {
    let made = hall.api("clerk", "POST", "/cases", &[], &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let case = domain::ids::CaseId::from(id.as_str());
    hall.command(&case, "head", r#"{"type":"assign_lead_office","office":"B01"}"#).await;
    hall.command(&case, "head", r#"{"type":"accept"}"#).await;
    hall.command(&case, "head", r#"{"type":"assign_agent","person":"agent"}"#).await;
    let open = hall.app.open_case(&hall.user("agent"), &case).await.unwrap();
    let material = open.case.materials[0].spec.id.as_str();
    let why = body["applicant"]["name"].as_str().unwrap();
    let checks = json!([{ "material": material, "result": "wrong", "why": why }]);
    hall.command(&case, "agent", &json!({ "type": "check_materials", "checks": checks }).to_string()).await;
    hall.command(&case, "agent", r#"{"type":"issue_notice","matters":["QY-01"]}"#).await;
    id
}

fn named(name: &str) -> Value {
    let mut body = new_case();
    body["applicant"]["name"] = json!(name);
    body["applicant"]["contact"]["name"] = json!(name);
    body["applicant"]["founder"]["name"] = json!(name);
    body["project"]["name"] = json!(name);
    body
}

fn escaped(text: &str) -> String {
    // The escapes of askama.
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;").replace('\'', "&#39;")
}

#[tokio::test]
async fn markup_is_a_text_like_any_other() {
    let hall = Hall::open().await;
    for name in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)> & 'son' {{ 7*7 }} ${7*7} %{name} [x]",
        "#panic(\"x\") $x$ *b* _c_ @d <e> `f` \\u{41} // /* #[",
        "'; DROP TABLE cases; -- %_\\",
    ] {
        let id = taken(&hall, &named(name)).await;
        let shown = hall.api("agent", "GET", &format!("/cases/{id}"), &[], "").await;
        assert_eq!(shown.json()["applicant"]["name"], name);
        assert_eq!(shown.json()["applicant"]["contact"]["name"], name);
        let listed = hall.api("head", "GET", "/cases", &[], "").await.json();
        assert!(listed.to_string().contains(&json!(name).to_string().trim_matches('"').to_owned()), "{listed}");
        let pdf = hall.api("agent", "GET", &format!("/cases/{id}/documents/one-time-notice.pdf"), &[], "").await;
        assert_eq!((pdf.status.as_u16(), &pdf.body[..5]), (200, &b"%PDF-"[..]));
        for page in [format!("/cases/{id}"), "/cases".to_owned(), format!("/cases/{id}/papers/D1"), "/work".to_owned()]
        {
            let who = if page == "/cases" { "head" } else { "agent" };
            let html = hall.visit(who, &page).await;
            assert_eq!(html.status, 200, "{page}");
            let html = html.text();
            assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{page}");
            assert!(html.contains(&escaped(name)), "{page} does not show {name}");
        }
    }
}

#[tokio::test]
async fn rare_characters_come_back_as_they_were() {
    let hall = Hall::open().await;
    for (name, query) in [
        ("𠮷䶮㛃·巴图", "𠮷䶮"),
        ("ᠮᠣᠩᠭᠣᠯ ᠤᠯᠤᠰ", "ᠮᠣᠩᠭᠣᠯ"),
        ("ᠰᠡᠴᠡᠨ\u{202f}ᠦ\u{180e}", "ᠰᠡᠴᠡᠨ"),
        ("阿拉坦·其其格公司", "坦·"),
        ("Ünïcødé & Söhne", "ünïcødé"),
    ] {
        let id = taken(&hall, &named(&format!("  {name}\u{3000}"))).await;
        let shown = hall.api("agent", "GET", &format!("/cases/{id}"), &[], "").await.json();
        assert_eq!(shown["applicant"]["name"], name, "blanks at the ends are no part of a name");
        let page = hall.visit("agent", &format!("/cases/{id}")).await.text();
        assert!(page.contains(&escaped(name)), "{name} is not on its page");
        let query = query.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
        let found = hall.api("head", "GET", &format!("/cases?q={query}"), &[], "").await.json();
        assert!(found["items"].as_array().unwrap().iter().any(|item| item["id"] == id.as_str()), "{name}: {found}");
        let paper = hall.api("agent", "GET", &format!("/cases/{id}/documents/one-time-notice.pdf"), &[], "").await;
        assert_eq!(paper.status, 200);
    }
}
