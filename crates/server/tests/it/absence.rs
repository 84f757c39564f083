//! S5.3: an agent is away, its stand-in acts in its name, and the record says so.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::{Answer, Hall};
use domain::ids::CaseId;
use serde_json::{Value, json};

async fn record(hall: &Hall, who: &str, person: &str, from: &str, to: &str) -> Answer {
    let body = json!({ "from": from, "to": to, "reason": "annual_leave" }).to_string();
    hall.api(who, "POST", &format!("/people/{person}/absences"), &[], &body).await
}

async fn send(hall: &Hall, id: &CaseId, who: &str, body: Value) -> Answer {
    hall.api(who, "POST", &format!("/cases/{id}/commands"), &[], &body.to_string()).await
}

/// A case with the stand-in `agent2` whose one matter was claimed and can be submitted.
pub async fn ready_to_submit(hall: &Hall) -> CaseId {
    let mut body = new_case();
    body["matters"] = json!(["QY-02"]);
    body["mode"] = json!("agency");
    let made = hall.api("clerk", "POST", "/cases", &[], &body.to_string()).await.json();
    let id = CaseId::from(made["id"].as_str().unwrap());
    for (who, command) in [
        ("head", r#"{"type":"assign_lead_office","office":"B01"}"#),
        ("head", r#"{"type":"accept"}"#),
        ("head", r#"{"type":"assign_agent","person":"agent"}"#),
        ("head", r#"{"type":"set_stand_in","person":"agent2"}"#),
    ] {
        hall.command(&id, who, command).await;
    }
    hall.sign_and_start(&id).await;
    hall.command(&id, "office", r#"{"type":"claim_matter","matter":"QY-02"}"#).await;
    id
}

#[tokio::test]
async fn s5_3_the_stand_in_acts_in_the_agents_name_while_the_absence_lasts() {
    let hall = Hall::open().await;
    let id = ready_to_submit(&hall).await;
    let submit = json!({ "type": "submit_matter", "matter": "QY-02" });
    let escort = json!({ "type": "record_escort", "matter": "QY-02", "window": "3", "outcome": "postponed" });
    assert_eq!(send(&hall, &id, "agent2", submit.clone()).await.status, 403, "the agent is here");

    let away = record(&hall, "head", "agent", "2026-11-24", "2026-11-27").await;
    assert_eq!(away.status, 201, "{}", away.text());
    let done = send(&hall, &id, "agent2", submit).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let event = &done.json()["events"][0];
    assert_eq!(
        (event["actor"].as_str(), event["on_behalf_of"].as_str(), event["event"]["type"].as_str()),
        (Some("agent2"), Some("agent"), Some("matter_submitted")),
        "{event}"
    );
    let kept = hall.api("head", "GET", &format!("/cases/{id}/events"), &[], "").await.json();
    let last = kept["items"].as_array().unwrap().iter().rev().find(|one| one["actor"] == "agent2").unwrap().clone();
    assert_eq!(last["on_behalf_of"], "agent");

    // Back on the third day: the stand-in's time is over at once, and what it did stays.
    hall.later_days(2);
    assert_eq!(send(&hall, &id, "agent2", escort.clone()).await.status, 200);
    let path = format!("/people/agent/absences/{}", away.json()["id"].as_str().unwrap());
    let back = hall.api("agent", "DELETE", &path, &[], "").await;
    assert_eq!((back.status.as_u16(), back.json()["back_on"].as_str()), (200, Some("2026-11-26")), "{}", back.text());
    assert_eq!(send(&hall, &id, "agent2", escort.clone()).await.status, 403);
    assert_eq!(send(&hall, &id, "agent", escort).await.status, 200);
    let again = hall.api("head", "DELETE", &path, &[], "").await;
    assert_eq!((again.status, again.json()), (back.status, back.json()), "ending it twice changes nothing");
}

#[tokio::test]
async fn s5_3_an_absence_begins_and_ends_with_its_days() {
    let hall = Hall::open().await;
    hall.command(&hall.case, "head", r#"{"type":"set_stand_in","person":"agent2"}"#).await;
    let call = json!({ "type": "record_remote_session", "channel": "phone", "topic": "x",
        "started_at": "2026-11-24T01:00:00Z", "minutes": 5, "outcome": "y" });
    assert_eq!(record(&hall, "admin", "agent", "2026-11-25", "2026-11-26").await.status, 201);
    let statuses = |hall: &Hall| {
        let people = hall.app.reference();
        people.directory.person(&"agent".into()).unwrap().is_absent(domain::calendar::today(hall.app.now()))
    };
    for (day, expected) in [(24, 403), (25, 200), (26, 200), (27, 403)] {
        let answer = send(&hall, &hall.case, "agent2", call.clone()).await;
        assert_eq!(answer.status, expected, "the {day}th: {}", answer.text());
        assert_eq!(statuses(&hall), expected == 200, "the {day}th");
        hall.later_days(1);
    }
}

#[tokio::test]
async fn s5_3_only_those_who_answer_for_a_person_record_its_absence() {
    let hall = Hall::open().await;
    for (who, person, status) in [
        ("", "agent", 401),
        ("enterprise", "agent", 403),
        ("clerk", "agent", 403),
        ("agent2", "agent", 403),
        ("office", "agent", 403),
        ("supervisor", "agent", 403),
        ("director", "agent", 403),
        ("head", "nobody", 404),
        ("head", "enterprise", 404),
        ("agent", "agent", 201),
        ("head", "agent2", 201),
        ("head", "clerk", 201),
        ("admin", "archivist", 201),
        ("office", "office", 201),
    ] {
        let answer = record(&hall, who, person, "2026-11-24", "2026-11-24").await;
        assert_eq!(answer.status, status, "{who} for {person}: {}", answer.text());
    }
    let id = hall.api("head", "GET", "/people", &[], "").await.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["username"] == "agent")
        .unwrap()["absences"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (who, person, status) in
        [("agent2", "agent", 403), ("head", "clerk", 404), ("enterprise", "agent", 403), ("agent", "agent", 200)]
    {
        let answer = hall.api(who, "DELETE", &format!("/people/{person}/absences/{id}"), &[], "").await;
        assert_eq!(answer.status, status, "{who}: {}", answer.text());
    }
}

#[tokio::test]
async fn s5_3_days_that_cannot_be_are_refused_with_what_to_do() {
    let hall = Hall::open().await;
    assert_eq!(record(&hall, "head", "agent", "2026-11-26", "2026-11-30").await.status, 201);
    for (from, to, pointer, says) in [
        ("2026-11-25", "2026-11-24", "/to", "核对日期"),
        ("2026-10-31", "2026-11-24", "/from", "2026-11-01"),
        ("2026-12-01", "2062-12-01", "/to", "366"),
        ("2026-11-30", "2026-12-02", "/from", "2026-11-26 至 2026-11-30"),
    ] {
        let answer = record(&hall, "head", "agent", from, to).await;
        let error = &answer.json()["errors"][0];
        assert_eq!((answer.status.as_u16(), error["pointer"].as_str()), (422, Some(pointer)), "{}", answer.text());
        assert!(error["detail"].as_str().unwrap().contains(says), "{error}");
    }
    let path = "/people/agent/absences";
    for (body, status) in [
        (json!({ "from": "2026-11-31", "to": "2026-12-01", "reason": "sick" }), 422),
        (json!({ "from": "2026-12-01", "to": "2026-12-01", "reason": "bored" }), 422),
        (json!({ "from": "2026-12-01", "to": "2026-12-01" }), 422),
        (json!({ "from": "2026-12-01", "to": "2026-12-01", "reason": "sick", "why": "x" }), 400),
    ] {
        let answer = hall.api("head", "POST", path, &[], &body.to_string()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
    }
    let listed = hall.api("head", "GET", "/people?role=service_staff", &[], "").await.json();
    assert_eq!(listed["items"][0]["absences"].as_array().unwrap().len(), 1, "nothing half written: {listed}");
    hall.later_days(10);
    let id = listed["items"][0]["absences"][0]["id"].as_str().unwrap();
    let over = hall.api("head", "DELETE", &format!("{path}/{id}"), &[], "").await;
    assert_eq!((over.status.as_u16(), over.json()["errors"][0]["code"].as_str()), (422, Some("absence_over")));
}

#[tokio::test]
async fn s5_3_the_recorder_is_told_which_cases_nobody_stands_in_for() {
    let hall = Hall::open().await;
    let case = hall.app.open_case(&hall.user("head"), &hall.case).await.unwrap().case;
    let first = record(&hall, "admin", "agent", "2026-11-24", "2026-11-24").await.json();
    assert_eq!(first["cases_without_stand_in"], json!([case.number]), "{first}");
    let page = hall.visit("head", "/people").await.text();
    assert!(page.contains("1 件没有B角") && page.contains(&format!("href=\"/cases/{}\"", hall.case)), "{page}");
    let page = hall.visit("admin", "/people").await.text();
    assert!(page.contains(&case.number) && !page.contains(&format!("/cases/{}", hall.case)), "no way in, no link");

    hall.command(&hall.case, "head", r#"{"type":"set_stand_in","person":"agent2"}"#).await;
    let covered = record(&hall, "head", "agent", "2026-11-25", "2026-11-25").await.json();
    assert_eq!(covered["cases_without_stand_in"], json!([]));
    assert!(hall.visit("head", "/people").await.text().contains("在办的都有B角"));
    // The stand-in is away at the same time.
    assert_eq!(record(&hall, "head", "agent2", "2026-11-27", "2026-11-28").await.status, 201);
    let both = record(&hall, "head", "agent", "2026-11-28", "2026-11-30").await.json();
    assert_eq!(both["cases_without_stand_in"], json!([case.number]));
    hall.command(&hall.case, "head", r#"{"type":"terminate","reason_code":"project_abandoned","reason":"不办了"}"#)
        .await;
    let ended = record(&hall, "head", "agent", "2026-12-01", "2026-12-01").await.json();
    assert_eq!(ended["cases_without_stand_in"], json!([]), "an ended case needs nobody");
}

#[tokio::test]
async fn s5_3_staff_see_who_is_away_and_only_heads_see_why() {
    let hall = Hall::open().await;
    let body = json!({ "from": "2026-11-24", "to": "2026-11-27", "reason": "sick" }).to_string();
    assert_eq!(hall.api("head", "POST", "/people/agent/absences", &[], &body).await.status, 201);
    for (who, sees) in [("head", true), ("agent", true), ("admin", true), ("agent2", false), ("director", false)] {
        let people = hall.api(who, "GET", "/people?role=service_staff", &[], "").await.json();
        let agent = &people["items"][0];
        assert_eq!((agent["username"].as_str(), agent["absent"].as_bool()), (Some("agent"), Some(true)), "{who}");
        let absence = &agent["absences"][0];
        assert_eq!((absence["from"].as_str(), absence["to"].as_str()), (Some("2026-11-24"), Some("2026-11-27")));
        assert_eq!(absence.get("reason").is_some(), sees, "{who}: {absence}");
        let page = hall.visit(who, "/people").await.text();
        assert!(page.contains("11月24日（周二）至 11月27日（周五）"), "{who}: {page}");
        let row = page.split("id=\"record\"").next().unwrap();
        assert_eq!(row.contains("病假"), sees, "{who}");
        assert_eq!(page.contains("/end\""), sees, "{who}");
    }
    assert_eq!(hall.visit("enterprise", "/people").await.status, 403);
}

#[tokio::test]
async fn s5_3_absences_are_recorded_on_the_page() {
    let hall = Hall::open().await;
    let number = hall.app.open_case(&hall.user("head"), &hall.case).await.unwrap().case.number;
    let page = hall.visit("head", "/people").await.text();
    assert!(page.contains("现在没有人请假或外出") && page.contains("name=\"reason\""));
    let own = hall.visit("clerk", "/people").await.text();
    let people = own.split("id=\"person\"").nth(1).unwrap().split("</select>").next().unwrap();
    assert_eq!(people.matches("<option value=\"clerk\">").count(), 1, "a clerk records its own: {people}");
    assert_eq!(people.matches("<option").count(), 1, "{people}");

    let wrong = hall.post("head", "POST", "/people/absences", "person=agent&from=2026-11-25&to=&reason=sick").await;
    let text = wrong.text();
    assert_eq!(wrong.status, 422);
    assert!(text.contains("id=\"to-w\"") && text.contains("value=\"2026-11-25\""), "what was typed is kept: {text}");
    assert!(text.contains("value=\"sick\" required checked") && text.contains("value=\"agent\" selected"), "{text}");
    let fields = "person=agent&from=2026-11-24&to=2026-11-25&reason=sick&once=k1";
    let done = hall.post("head", "POST", "/people/absences", fields).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/people"), "{}", done.text());
    let again = hall.post("head", "POST", "/people/absences", fields).await;
    assert_eq!(again.status, 303, "the same form sent again is led where the first was: {}", again.text());
    assert!(hall.visit("head", "/people").await.text().contains(&number));
    assert_eq!(hall.post("clerk", "POST", "/people/absences", &fields.replace("k1", "k2")).await.status, 403);
    let overlap = hall.post("head", "POST", "/people/absences", &fields.replace("k1", "k3")).await;
    assert!(overlap.status == 422 && overlap.text().contains("已经记过请假"), "{}", overlap.text());

    let id = hall.app.reference().absences[0].id.clone();
    let path = format!("/people/absences/{id}/end");
    assert_eq!(hall.post("clerk", "POST", &path, "person=agent").await.status, 403);
    let back = hall.post("agent", "POST", &path, "person=agent").await;
    assert_eq!((back.status.as_u16(), back.header("location")), (303, "/people"));
    assert!(hall.visit("head", "/people").await.text().contains("现在没有人请假或外出"));
}

#[tokio::test]
async fn s5_3_a_repeated_record_is_one_absence() {
    let hall = Hall::open().await;
    let body = json!({ "from": "2026-11-24", "to": "2026-11-25", "reason": "training" }).to_string();
    let key = [("Idempotency-Key", "away")];
    let (one, two) = tokio::join!(
        hall.api("head", "POST", "/people/agent/absences", &key, &body),
        hall.api("head", "POST", "/people/agent/absences", &key, &body)
    );
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 201), "{} {}", one.text(), two.text());
    assert_eq!(one.json(), two.json());
    assert_eq!(hall.app.reference().absences.len(), 1);
}
