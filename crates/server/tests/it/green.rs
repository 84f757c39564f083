//! S6.4: green cases come first in every list, marked, and the case says who opened the channel and why.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::Hall;
use domain::ids::CaseId;

/// A case after it, with agent and stand-in.
async fn another(hall: &Hall, name: &str) -> (CaseId, String) {
    let body = new_case().to_string().replace("云梯", name);
    let made = hall.api("clerk", "POST", "/cases", &[], &body).await.json();
    let id = CaseId::from(made["id"].as_str().unwrap());
    for command in [
        r#"{"type":"assign_lead_office","office":"B01"}"#,
        r#"{"type":"accept"}"#,
        r#"{"type":"assign_agent","person":"agent"}"#,
    ] {
        hall.command(&id, "head", command).await;
    }
    (id, made["number"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn s6_4_green_cases_come_first_for_everybody_and_say_why() {
    let hall = Hall::open().await;
    let (_, before) = another(&hall, "甲").await;
    let (id, green) = another(&hall, "乙").await;
    let (_, after) = another(&hall, "丙").await;
    hall.command(&id, "head", r#"{"type":"open_green_channel","reason":"雨季前要开工","person":"clerk"}"#).await;

    for who in ["clerk", "agent", "head", "supervisor", "director"] {
        let list = hall.visit(who, "/cases").await.text();
        let at = |number: &str| list.find(&format!(">{number}<")).unwrap_or_else(|| panic!("{who}: no {number}"));
        assert!(at(&green) < at(&before) && at(&green) < at(&after), "{who}");
        let row = list.split("<tr>").find(|row| row.contains(&green)).unwrap();
        assert!(row.contains("<span class=\"st green\">绿色通道</span>"), "{who}: {row}");
        assert_eq!(list.matches("class=\"st green\"").count(), 1, "{who}");
        let listed = hall.api(who, "GET", "/cases", &[], "").await.json();
        assert_eq!(
            (listed["items"][0]["number"].as_str(), listed["items"][0]["green"].as_bool()),
            (Some(&*green), Some(true)),
            "{who}"
        );
    }
    // Work that is the agent's own: in each part of the page the green case leads.
    let work = hall.visit("agent", "/work").await.text();
    for part in work.split("<section").filter(|part| part.contains(&green)) {
        let first = [&before, &after].into_iter().filter_map(|number| part.find(number.as_str())).min();
        assert!(first.is_none_or(|first| part.find(&green).unwrap() < first), "{part}");
        assert!(part.contains("绿色通道</span>"), "{part}");
    }
    assert!(work.contains(&green) && work.contains(&after));

    let page = hall.visit("agent", &format!("/cases/{id}")).await.text();
    assert!(page.contains("雨季前要开工。盯办人clerk·其其格，head·其其格批准。"), "who opened it and why: {page}");
    assert!(page.contains("<span class=\"st green\">绿色通道</span>"));
}
