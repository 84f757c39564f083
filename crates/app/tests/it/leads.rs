//! S5.3, 提前介入: a lead is followed and becomes a case once, with nothing typed again.

use app::{AppError, AssignLead, Contact, LeadQuery, NewApplicant, NewCase, NewLead};
use domain::case::{CaseChannel, DeliveryWay};
use domain::ids::LeadId;
use domain::lead::{LeadLine, LeadProject, LeadSource, LeadStatus, NextStep, Visit};
use testkit::{TestApp, TestDb};

fn new_lead(name: &str) -> NewLead {
    NewLead {
        applicant: NewApplicant {
            name: name.to_owned(),
            uscc: None,
            founder: Some(app::Founder { name: "张三".to_owned(), id_number: "11010519491231002X".to_owned() }),
            contact: Contact { name: "王小明".to_owned(), phone: "13800000000".to_owned() },
        },
        project: LeadProject {
            name: format!("{name}冷链园"),
            investment_fen: Some(1_800_000_000),
            site: Some("林东镇".to_owned()),
            kind: None,
            wanted_start: Some("2027-04-20".parse().unwrap()),
        },
        source: LeadSource::Visit,
        template: None,
        matters: vec!["QY-02".into(), "LX-02".into()],
        agent: None,
        steps: vec![NextStep { what: "送清单".to_owned(), due: "2026-11-27".parse().unwrap() }],
    }
}

fn from_lead(id: &LeadId) -> NewCase {
    NewCase {
        consultation: None,
        lead: Some(id.clone()),
        applicant: None,
        project: None,
        template: None,
        matters: Vec::new(),
        mode: None,
        channel: CaseChannel::WalkIn,
        delivery: DeliveryWay::InPerson,
    }
}

fn assign_office() -> domain::case::Command {
    serde_json::from_str(r#"{"type":"assign_lead_office","office":"B01"}"#).unwrap()
}

fn code(error: AppError) -> String {
    match error {
        AppError::Invalid(errors) => format!("{}:{}", errors[0].pointer, errors[0].code),
        other => other.to_string(),
    }
}

#[testkit::db_test]
async fn s5_3_a_lead_becomes_a_case_with_nothing_typed_again_and_only_once(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (agent, head) = (app.user("agent"), app.user("head"));
    let id = app.record_lead(&agent, new_lead("草原云仓"), None).await.unwrap();
    app.assign_lead(&head, &id, AssignLead { agent: "agent2".into() }, None).await.unwrap();
    assert!(matches!(app.lead(&agent, &id).await, Err(AppError::NotFound)), "it is another's now");
    let agent2 = app.user("agent2");
    let visit = Visit {
        on: "2026-11-24".parse().unwrap(),
        who: "包丽、王小明".to_owned(),
        place: "园区".to_owned(),
        said: "看地".to_owned(),
        done: vec![1],
        next: None,
    };
    app.visit_lead(&agent2, &id, visit, None).await.unwrap();
    let view = app.lead(&agent2, &id).await.unwrap();
    assert!(view.applicant.contact.phone.contains('*'), "{}", view.applicant.contact.phone);
    assert!(!db.store.lead(&id).await.unwrap().unwrap().applicant_json.contains("13800000000"), "kept encrypted");

    // Two at the same moment: one is first.
    let (one, two) =
        tokio::join!(app.create_case(&agent2, from_lead(&id), None), app.create_case(&head, from_lead(&id), None));
    let (made, refused): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 1));
    assert_eq!(code(refused.into_iter().next().unwrap().unwrap_err()), "/lead:lead_used");
    assert_eq!(code(app.create_case(&agent2, from_lead(&id), None).await.unwrap_err()), "/lead:lead_used");

    let case = made.into_iter().next().unwrap().unwrap().id;
    let open = app.open_case(&head, &case).await.unwrap();
    assert_eq!(open.party.name, "草原云仓");
    assert_eq!(open.case.project.as_ref().map(|project| project.name.as_str()), Some("草原云仓冷链园"));
    assert_eq!(open.case.matters.len(), 2);
    let goal = open.case.goal.as_ref().map(|goal| (goal.milestone.as_str(), goal.date.to_string()));
    assert_eq!((goal, open.case.version), (Some(("MS-KG", "2027-04-20".to_owned())), 2), "when they want to build");
    assert_eq!(app.lead_before(&head, &open).await.unwrap().as_ref(), Some(&id));
    assert_eq!(
        app.lead_before(&app.user("clerk"), &open).await.unwrap(),
        Some(id.clone()),
        "the reception lists leads"
    );
    assert_eq!(app.lead_before(&app.user("agent"), &open).await.unwrap(), None, "another's lead");
    assert_eq!(app.agent_before(&agent2, &open).await.unwrap(), None, "who cannot name the agent is not told");
    app.perform(&head, &case, assign_office(), None, None).await.unwrap();
    let open = app.open_case(&head, &case).await.unwrap();
    assert_eq!(app.agent_before(&head, &open).await.unwrap(), Some("agent2".into()));
    let view = app.lead(&agent2, &id).await.unwrap();
    assert_eq!(view.lead.status, LeadStatus::Applied { case });
    let lines = app.lead_lines(&head, &id).await.unwrap();
    assert!(
        matches!(
            lines.iter().map(|line| &line.line).collect::<Vec<_>>().as_slice(),
            [LeadLine::Recorded { .. }, LeadLine::Assigned { .. }, LeadLine::Visited { .. }, LeadLine::Applied { .. }]
        ),
        "{lines:?}"
    );
    // Where nothing is built, the wanted start of building is no goal, and in nobody's way.
    let id =
        app.record_lead(&agent, NewLead { matters: vec!["QY-02".into()], ..new_lead("白云商行") }, None).await.unwrap();
    let case = app.create_case(&agent, from_lead(&id), None).await.unwrap().id;
    assert_eq!(app.open_case(&head, &case).await.unwrap().case.goal, None);
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s5_3_the_list_of_leads_begins_with_what_is_overdue_and_shows_no_others_leads(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (agent, head) = (app.user("agent"), app.user("head"));
    let due = |name: &str, day: &str| {
        let mut new = new_lead(name);
        new.steps[0].due = day.parse().unwrap();
        new
    };
    for (who, new) in
        [(&agent, due("乙", "2026-12-10")), (&agent, due("甲", "2026-11-24")), (&head, due("丙", "2026-12-01"))]
    {
        app.record_lead(who, new, None).await.unwrap();
    }
    app.clock().set("2026-11-26T02:00:00Z".parse().unwrap());
    let names = async |who: &app::User, query: LeadQuery| -> Vec<String> {
        let page = app.leads(who, &query, None, 50).await.unwrap();
        page.items.iter().map(|view| view.lead.name.to_string()).collect()
    };
    assert_eq!(names(&head, LeadQuery::default()).await, ["甲", "丙", "乙"]);
    assert_eq!(names(&agent, LeadQuery::default()).await, ["甲", "乙"]);
    assert_eq!(names(&head, LeadQuery { overdue: true, ..LeadQuery::default() }).await, ["甲"]);
    assert_eq!(names(&head, LeadQuery { mine: true, ..LeadQuery::default() }).await, ["丙"]);
    assert_eq!(names(&head, LeadQuery { q: Some("冷链".to_owned()), ..LeadQuery::default() }).await.len(), 3);
    assert_eq!(names(&app.user("agent2"), LeadQuery::default()).await, Vec::<String>::new());
    for who in ["enterprise", "office", "admin"] {
        assert!(
            matches!(app.leads(&app.user(who), &LeadQuery::default(), None, 50).await, Err(AppError::Forbidden)),
            "{who}"
        );
    }
    // Page by page in the same order.
    let first = app.leads(&head, &LeadQuery::default(), None, 2).await.unwrap();
    let rest = app.leads(&head, &LeadQuery::default(), first.next_cursor.as_deref(), 2).await.unwrap();
    assert_eq!((first.total, first.items.len(), rest.items.len(), rest.next_cursor), (Some(3), 2, 1, None));
}
