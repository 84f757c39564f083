//! Every route × every role, against a reviewed table. A route that is not in the table fails the test; after a look at what
//! changed, `BANGBAN_REVIEWED=1 cargo test -p server --test it access` writes it anew.

use crate::hall::{CAST, Hall, PNG};
use serde_json::json;
use server::{Area, RouteInfo, routes};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

const TABLE: &str = "tests/it/access.txt";

/// The address to call: the hall's own case, its document, something that there is of everything else.
fn address(hall: &Hall, pattern: &str) -> String {
    let mut address = String::new();
    for part in pattern.split('/').skip(1) {
        let part = match part {
            "{id}" | "{case}" => hall.case.as_str(),
            "{document}" => "D1",
            "{item}" => "I1",
            "{name}" => "one-time-notice.pdf",
            "{*name}" => "theme.css",
            "{username}" => "agent",
            "{number}" => "1",
            "{matter}" => "QY-01",
            "{kind}" if pattern.contains("/do/") => "check_materials",
            "{kind}" => "one-time-notice",
            "{field}" => "contact_phone",
            "{code}" if pattern.contains("/templates/") => "T1",
            "{code}" => "QY-01",
            "{table}" => "matters",
            "{book}" => "people",
            part if part.starts_with('{') => "x",
            part => part,
        };
        address.push('/');
        address.push_str(part);
    }
    address
}

/// A body that is right, so that only access can be in the way; a command that nothing but its version holds up.
fn api_body(route: &RouteInfo, who: &str) -> String {
    match (route.method, route.path) {
        ("POST", "/api/v1/tokens") => json!({ "username": who, "password": "wrong" }).to_string(),
        ("POST", "/api/v1/cases") => crate::contract::new_case().to_string(),
        // Each on days of its own, for those of one person must not overlap.
        ("POST", "/api/v1/people/{username}/absences") => {
            let number = CAST.iter().position(|(name, ..)| *name == who).unwrap_or_default();
            let day = format!("2027-01-{:02}", number + 1);
            json!({ "from": day, "to": day, "reason": "training" }).to_string()
        }
        ("POST", "/api/v1/leads") => crate::leads::new_lead().to_string(),
        ("POST", "/api/v1/leads/{id}/visits") => {
            json!({ "on": "2026-11-24", "who": "A", "place": "B", "said": "C" }).to_string()
        }
        ("POST", "/api/v1/leads/{id}/assign") => json!({ "agent": "agent" }).to_string(),
        ("POST", "/api/v1/leads/{id}/close" | "/api/v1/meetings/{id}/cancel") => json!({ "reason": "R" }).to_string(),
        ("POST", "/api/v1/meetings") => crate::leads::new_meeting().to_string(),
        ("POST", "/api/v1/meetings/{id}/items") => json!({ "case": "x", "question": "Q" }).to_string(),
        ("POST", "/api/v1/meetings/{id}/minutes") => json!({ "attendance": [], "text": "T" }).to_string(),
        ("POST", "/api/v1/meetings/{id}/decisions/{number}/done") => json!({ "outcome": "O" }).to_string(),
        ("POST", "/api/v1/consultations") => {
            json!({ "applicant": { "name": "张三" }, "channel": "phone", "question": "怎么办？", "answer": "这样办。" })
                .to_string()
        }
        ("POST", "/api/v1/cases/{id}/chase") => json!({ "matter": "QY-01" }).to_string(),
        ("POST", _) => json!({ "type": "start" }).to_string(),
        _ => String::new(),
    }
}

async fn status(hall: &Hall, route: &RouteInfo, who: &str) -> u16 {
    let path = address(hall, route.path);
    let answer = match (route.area, route.method) {
        (Area::Api, _) if route.path == "/api/v1/files" => hall.upload(who, &[], "a.png", PNG).await,
        (Area::Api, method) => {
            let body = api_body(route, who);
            hall.api(who, method, path.trim_start_matches("/api/v1"), &[], &body).await
        }
        (_, "GET") => hall.visit(who, &path).await,
        (_, "POST") if route.path.contains("/sign/") => hall.post_files(who, &path).await,
        (_, method) => hall.post(who, method, &path, &format!("username={who}&password=wrong")).await,
    };
    if route.path == "/logout" {
        hall.forget_session(who);
    }
    answer.status.as_u16()
}

#[tokio::test]
async fn every_route_answers_every_role_as_reviewed() {
    let hall = Hall::open().await;
    let mut table = String::from("# Reviewed: what each route answers to each role. See access.rs.\n#");
    let everybody: Vec<&str> = std::iter::once("").chain(CAST.iter().map(|(name, ..)| *name)).collect();
    for who in &everybody {
        write!(table, " {}", if who.is_empty() { "nobody" } else { who }).unwrap();
    }
    table.push('\n');
    let mut routes = routes();
    routes.sort();
    for route in &routes {
        write!(table, "{:4} {:44}", route.method, route.path).unwrap();
        for who in &everybody {
            write!(table, " {}", status(&hall, route, who).await).unwrap();
        }
        table.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    if std::env::var_os("BANGBAN_REVIEWED").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (now, before) = (lines(&table), lines(&reviewed));
    let new: Vec<_> = now.difference(&before).collect();
    let gone: Vec<_> = before.difference(&now).collect();
    assert!(new.is_empty() && gone.is_empty(), "access has changed.\nnow: {new:#?}\nreviewed: {gone:#?}");
}

/// Nobody sees anything that is not for everybody, whatever the table says.
#[tokio::test]
async fn nobody_passes_a_guarded_route() {
    let hall = Hall::open().await;
    for route in routes() {
        let status = status(&hall, &route, "").await;
        match route.access {
            server::Access::Open => {}
            server::Access::Token => assert_eq!(status, 401, "{route:?}"),
            _ => assert_eq!(status, 303, "{route:?}"),
        }
    }
}

/// No route is there twice, and every path is plain.
#[test]
fn routes_are_named_once() {
    let mut seen = BTreeSet::new();
    for route in routes() {
        assert!(seen.insert((route.method, route.path)), "{route:?} is there twice");
        assert!(route.path.starts_with('/'), "{route:?}");
    }
    assert!(seen.len() > 20);
}
