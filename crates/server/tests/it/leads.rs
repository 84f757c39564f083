//! Leads, meetings and the green channel as pages and API show them: answers as described, forms that keep what was typed.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::hall::Hall;
use serde_json::{Value, json};

pub fn new_lead() -> Value {
    json!({
        "applicant": { "name": "草原云仓（筹）", "contact": { "name": "王小明", "phone": "13800000000" } },
        "project": { "name": "冷链园", "investment_fen": 1_800_000_000, "site": "林东镇" },
        "source": "visit", "template": "T5", "steps": [{ "what": "送清单", "due": "2026-11-27" }],
    })
}

pub fn new_meeting() -> Value {
    json!({ "topic": "园区用地", "at": "2026-11-24T06:00:00Z", "place": "三楼", "offices": ["D15"] })
}

async fn made(hall: &Hall, who: &str, path: &str, body: &Value) -> String {
    let answer = hall.api(who, "POST", path, &[], &body.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn s5_3_a_lead_is_followed_on_its_page_and_turned_into_a_case_with_nothing_typed_again() {
    let hall = Hall::open().await;
    let id = made(&hall, "agent", "/leads", &new_lead()).await;
    let page = hall.visit("agent", &format!("/leads/{id}")).await.text();
    assert!(page.contains("草原云仓（筹）") && page.contains("送清单") && page.contains("个工作日"), "{page}");
    assert!(!page.contains("13800000000"), "the telephone is masked");
    let list = hall.visit("agent", "/leads").await.text();
    assert!(list.contains("草原云仓（筹）") && list.contains("11月27日"), "{list}");
    assert_eq!(hall.visit("agent2", &format!("/leads/{id}")).await.status, 404, "another's");

    // A form that is not right keeps what was typed and says so at the field.
    let wrong = hall.post("agent", "POST", &format!("/leads/{id}/visits"), "on=2026-11-25&who=A&place=B&said=C").await;
    assert_eq!(wrong.status, 422);
    let text = wrong.text();
    assert!(
        text.contains("id=\"on-w\"") && text.contains("value=\"2026-11-25\"") && text.contains(">C</textarea>"),
        "{text}"
    );
    let right = "on=2026-11-24&who=A&place=B&said=C&done=1&next=D&next_due=2026-12-01";
    assert_eq!(hall.post("agent", "POST", &format!("/leads/{id}/visits"), right).await.status, 303);

    let form = hall.visit("agent", &format!("/leads/{id}/apply")).await;
    assert_eq!(form.status, 200, "{}", form.text());
    let text = form.text();
    for filled in
        ["value=\"草原云仓（筹）\"", "value=\"王小明\"", "value=\"冷链园\"", "value=\"1800\"", "value=\"T5\" selected"]
    {
        assert!(text.contains(filled), "{filled}: {text}");
    }
    let body = json!({ "lead": id, "channel": "walk_in", "delivery": "in_person" });
    let refused = hall.api("agent", "POST", "/cases", &[], &body.to_string()).await;
    assert_eq!(refused.status, 422, "it has neither code nor founder: {}", refused.text());
    let mut with = body.clone();
    with["applicant"] = json!({ "name": "草原云仓（筹）",
        "founder": { "name": "阿拉坦·其其格", "id_number": "11010519491231002X" },
        "contact": { "name": "王小明", "phone": "138****0000" } });
    let created = hall.api("agent", "POST", "/cases", &[], &with.to_string()).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let again = hall.api("agent", "POST", "/cases", &[], &with.to_string()).await.json();
    assert_eq!(again["errors"][0]["pointer"], "/lead", "{again}");
    let case = created.json()["id"].as_str().unwrap().to_owned();
    let lead = hall.api("head", "GET", &format!("/leads/{id}"), &[], "").await.json();
    assert_eq!((lead["status"].as_str(), lead["case"].as_str()), (Some("applied"), Some(case.as_str())));
    assert_eq!(hall.visit("agent", &format!("/leads/{id}/apply")).await.status, 303, "it is a case by now");
}

#[tokio::test]
async fn s5_3_who_followed_the_lead_is_proposed_as_agent() {
    let hall = Hall::open().await;
    let mut lead = new_lead();
    lead["agent"] = json!("agent2");
    lead["applicant"]["founder"] = json!({ "name": "阿拉坦·其其格", "id_number": "11010519491231002X" });
    assert_eq!(hall.api("agent", "POST", "/leads", &[], &lead.to_string()).await.status, 403, "only the head names");
    let id = made(&hall, "head", "/leads", &lead).await;
    let body = json!({ "lead": id, "channel": "walk_in", "delivery": "in_person" });
    let case = made(&hall, "clerk", "/cases", &body).await;
    let id = domain::ids::CaseId::from(case.as_str());
    hall.command(&id, "head", r#"{"type":"assign_lead_office","office":"B01"}"#).await;
    hall.command(&id, "head", r#"{"type":"accept"}"#).await;
    let form = hall.visit("head", &format!("/cases/{case}/do/assign_agent")).await.text();
    assert!(form.contains("value=\"agent2\" selected"), "{form}");
}

#[tokio::test]
async fn s9_1_a_meeting_is_called_written_down_and_its_decisions_ticked_by_their_office() {
    let hall = Hall::open().await;
    let called = "topic=%E7%94%A8%E5%9C%B0&on=2026-11-24&time=11:00&place=%E4%B8%89%E6%A5%BC&offices=D15";
    let none =
        hall.post("head", "POST", "/meetings", "topic=%E7%94%A8%E5%9C%B0&on=2026-11-24&time=11:00&place=x").await;
    assert_eq!(none.status, 422);
    assert!(none.text().contains("id=\"offices-w\""), "{}", none.text());
    let answer = hall.post("head", "POST", "/meetings", called).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let path = answer.header("location").to_owned();
    let case = hall.case.clone();
    let page = hall.visit("agent", &format!("/cases/{case}/refer")).await.text();
    let meeting = path.rsplit('/').next().unwrap();
    assert!(page.contains(meeting), "{page}");
    let referred =
        hall.post("agent", "POST", &format!("/cases/{case}/refer"), &format!("meeting={meeting}&question=Q")).await;
    assert_eq!(referred.status, 303, "{}", referred.text());

    let minutes = format!("{path}/minutes");
    let row = "who.D15=Zhang&text=T&what.0=W&office.0=D15&due.0=2026-11-27";
    assert_eq!(hall.post("office", "POST", &minutes, row).await.status, 403);
    let early = hall.post("head", "POST", &minutes, row).await;
    assert_eq!(early.status, 422, "it has not begun");
    hall.app.clock().set("2026-11-24T03:30:00Z".parse().unwrap());
    let wrong =
        hall.post("head", "POST", &minutes, "who.D15=&text=T&what.1=W&office.1=D15&due.1=2026-11-20&lines=3").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("id=\"who-D15-w\"") && wrong.text().contains("value=\"W\""), "{}", wrong.text());
    let wrong =
        hall.post("head", "POST", &minutes, "who.D15=Z&text=T&what.1=W&office.1=D15&due.1=2026-11-20&lines=3").await;
    assert!(wrong.text().contains("id=\"what-1-w\""), "the second line: {}", wrong.text());
    assert_eq!(hall.post("head", "POST", &minutes, row).await.status, 303);

    let list = hall.visit("office", "/decisions").await.text();
    assert!(list.contains(">W</a>") && list.contains("11月27日"), "{list}");
    assert_eq!(hall.visit("archivist", &path).await.status, 404, "of an office that it does not concern");
    let done = format!("{path}/decisions/1/done");
    assert_eq!(hall.post("agent", "POST", &done, "outcome=O").await.status, 403, "another office's");
    assert_eq!(hall.post("office", "POST", &done, "outcome=").await.status, 422);
    assert_eq!(hall.post("office", "POST", &done, "outcome=O").await.status, 303);
    let page = hall.visit("supervisor", &path).await.text();
    assert!(page.contains("议定的都办结了"), "{page}");
}

#[tokio::test]
async fn s6_4_the_use_of_the_green_channel_is_reported() {
    let hall = Hall::open().await;
    let case = hall.case.clone();
    assert!(hall.visit("head", "/green").await.text().contains("还没有开过绿色通道"));
    let open = r#"{"type":"open_green_channel","reason":"雨季前要开工","person":"clerk"}"#;
    hall.command(&case, "head", open).await;
    for who in ["head", "supervisor", "director"] {
        let page = hall.visit(who, "/green").await.text();
        assert!(page.contains("1 件走了绿色通道") && page.contains("雨季前要开工"), "{who}: {page}");
        assert!(page.contains("clerk·其其格") && page.contains("head·其其格"), "{who}");
        assert!(hall.visit(who, "/green?month=2026-10").await.text().contains("没有找到"), "{who}");
        let file = hall.visit(who, "/green.xlsx?month=2026-11").await;
        assert!(file.status == 200 && file.body.starts_with(b"PK"), "{who}");
    }
    assert_eq!(hall.visit("agent", "/green").await.status, 403);
}
