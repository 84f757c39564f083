use super::*;
use crate::access::{Action, Actor, Denied, On, Relation, may};
use crate::people::{Office, OfficeKind, Person, Role};

fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../../reference/matters.json")).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    date("2026-11-24")
}

fn directory() -> Directory {
    let mut directory = Directory { business_office: Some("B01".into()), ..Directory::default() };
    for code in ["B01", "B03"] {
        let office =
            Office { code: code.into(), name: code.to_owned(), kind: OfficeKind::Bureau, phone: String::new() };
        directory.offices.insert(code.into(), office);
    }
    for (username, role, office, qualified) in [
        ("agent", Role::ServiceStaff, "B01", true),
        ("agent2", Role::ServiceStaff, "B01", true),
        ("novice", Role::ServiceStaff, "B01", false),
        ("head", Role::OfficeHead, "B01", false),
        ("chief", Role::OfficeHead, "B03", false),
        ("clerk", Role::WindowClerk, "B03", false),
        ("supervisor", Role::Supervisor, "B03", false),
        ("director", Role::Director, "B03", false),
        ("admin", Role::Administrator, "B03", false),
    ] {
        let person = Person {
            username: username.into(),
            name: username.to_owned(),
            roles: BTreeSet::from([role]),
            office: Some(office.into()),
            enterprises: Vec::new(),
            phone: String::new(),
            post: String::new(),
            qualified,
            active: true,
            absences: Vec::new(),
        };
        directory.people.insert(username.into(), person);
    }
    directory
}

fn new() -> NewLead {
    NewLead {
        id: "l1".into(),
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        recorded_by: "agent2".into(),
        name: OrgName::parse("草原云仓（筹）").unwrap(),
        uscc: None,
        project: LeadProject {
            name: "草原云仓冷链物流园".to_owned(),
            investment_fen: Some(1_800_000_000),
            site: Some("林东镇工业园区".to_owned()),
            kind: Some(" 新建厂房 ".to_owned()),
            wanted_start: Some(date("2027-04-20")),
        },
        source: LeadSource::Investment,
        template: Some("T5".into()),
        matters: vec!["QY-02".into(), "QY-02".into()],
        steps: vec![NextStep { what: "送选址材料清单".to_owned(), due: date("2026-11-30") }],
    }
}

fn open() -> Lead {
    Lead::record(new(), &catalogue(), today()).unwrap().0
}

fn visit() -> Visit {
    Visit {
        on: today(),
        who: "代办员包丽、企业王总".to_owned(),
        place: "企业临时办公室".to_owned(),
        said: "看了两块地，倾向园区北侧".to_owned(),
        done: vec![1],
        next: Some(NextStep { what: "约自然资源局看地".to_owned(), due: date("2026-12-03") }),
    }
}

#[test]
fn s5_3_a_lead_keeps_who_what_project_and_the_next_step() {
    let (lead, line) = Lead::record(new(), &catalogue(), today()).unwrap();
    assert_eq!((lead.project.kind.as_deref(), lead.matters.len()), (Some("新建厂房"), 1));
    assert_eq!(lead.next_step().map(|step| step.due), Some(date("2026-11-30")));
    assert_eq!((lead.owner(), &lead.status), (&"agent2".into(), &LeadStatus::Open));
    assert!(matches!(line, LeadLine::Recorded { lead: first } if *first == lead));
    let json = serde_json::to_string(&lead).unwrap();
    assert_eq!(serde_json::from_str::<Lead>(&json).unwrap(), lead);
}

#[test]
fn s5_3_a_lead_is_refused_with_the_field_that_is_not_right() {
    let refused = |edit: fn(&mut NewLead)| {
        let mut new = new();
        edit(&mut new);
        Lead::record(new, &catalogue(), today()).unwrap_err()
    };
    assert_eq!(refused(|new| new.matters.push("XX-01".into())), LeadError::UnknownMatter("XX-01".into()));
    assert_eq!(refused(|new| new.template = Some("T99".into())), LeadError::UnknownTemplate);
    assert_eq!(refused(|new| new.steps[0].due = date("2026-11-23")), LeadError::StepInThePast { field: "/steps" });
    let empty = refused(|new| new.steps[0].what = " ".to_owned());
    assert_eq!((empty.field(), empty.told().0), ("/steps", "required"));
}

#[test]
fn s5_3_only_qualified_staff_is_named_and_naming_again_changes_nothing() {
    let (mut lead, directory) = (open(), directory());
    assert_eq!(lead.assign(&"novice".into(), &directory), Err(LeadError::NotQualified));
    assert_eq!(lead.assign(&"nobody".into(), &directory), Err(LeadError::NotQualified));
    let line = lead.assign(&"agent".into(), &directory).unwrap();
    assert_eq!(line, Some(LeadLine::Assigned { agent: "agent".into(), was: None }));
    assert_eq!(lead.assign(&"agent".into(), &directory), Ok(None));
    let line = lead.assign(&"agent2".into(), &directory).unwrap();
    assert_eq!(line, Some(LeadLine::Assigned { agent: "agent2".into(), was: Some("agent".into()) }));
    assert_eq!(lead.owner(), &"agent2".into());
}

#[test]
fn s5_3_a_visit_settles_steps_and_plans_the_next() {
    let mut lead = open();
    lead.visit(visit(), today()).unwrap();
    assert_eq!(lead.steps.iter().map(|step| step.done_on).collect::<Vec<_>>(), [Some(today()), None]);
    assert_eq!(lead.next_step().map(|step| step.what.as_str()), Some("约自然资源局看地"));
    let refused = |edit: fn(&mut Visit)| {
        let (mut lead, mut visit) = (lead.clone(), Visit { done: Vec::new(), ..visit() });
        edit(&mut visit);
        let before = lead.clone();
        let error = lead.visit(visit, today()).unwrap_err();
        assert_eq!(lead, before, "nothing is changed by what is refused");
        error
    };
    assert_eq!(refused(|visit| visit.on = date("2026-11-25")), LeadError::VisitToCome);
    assert_eq!(refused(|visit| visit.done = vec![1]), LeadError::UnknownStep(1), "it is settled already");
    assert_eq!(refused(|visit| visit.done = vec![0]), LeadError::UnknownStep(0));
    assert_eq!(refused(|visit| visit.said = String::new()).field(), "/said");
    assert_eq!(
        refused(|visit| visit.next = Some(NextStep { what: "再约".to_owned(), due: date("2026-11-01") })),
        LeadError::StepInThePast { field: "/next" }
    );
}

#[test]
fn s5_3_a_lead_becomes_a_case_once_and_then_is_only_read() {
    let mut lead = open();
    lead.turn_into(&"c1".into()).unwrap();
    let used = LeadError::Applied("c1".into());
    assert_eq!(lead.turn_into(&"c2".into()), Err(used.clone()));
    assert_eq!(lead.visit(visit(), today()), Err(used.clone()));
    assert_eq!(lead.assign(&"agent".into(), &directory()), Err(used.clone()));
    assert_eq!(lead.close("不做了"), Err(used));
    assert_eq!(lead.next_step(), None, "nothing is due of what is a case");

    let mut lead = open();
    assert_eq!(lead.close(" ").unwrap_err().field(), "/reason");
    lead.close("企业另选他处").unwrap();
    assert_eq!(lead.turn_into(&"c1".into()), Err(LeadError::Closed));
}

#[test]
fn s5_3_the_likely_matters_are_planned_before_any_application() {
    let lead = open();
    let catalogue = catalogue();
    let codes = lead.likely_matters(&catalogue);
    let plan = lead.plan(&catalogue).unwrap();
    assert_eq!(plan.plan, Plan::compute(&catalogue, &codes, Edges::All, false));
    assert!(plan.days_to_building.unwrap() <= plan.plan.days && !plan.plan.critical.is_empty());
    assert_eq!(Lead { template: None, matters: Vec::new(), ..lead }.plan(&catalogue), None);
}

#[test]
fn s5_3_who_sees_a_lead_and_who_may_do_what() {
    let directory = directory();
    let mut lead = open();
    let may = |lead: &Lead, who: &str, action| {
        let person = directory.person(&who.into()).unwrap();
        may(&Actor::of(person, &directory), action, On::Lead(lead)).map(|grant| grant.relation())
    };
    assert_eq!(may(&lead, "agent2", Action::FollowLead), Ok(Relation::Recorder), "until somebody is named");
    lead.assign(&"agent".into(), &directory).unwrap();
    assert_eq!(may(&lead, "agent2", Action::SeeLead), Err(Denied::Unknown));
    assert_eq!(may(&lead, "agent", Action::FollowLead), Ok(Relation::Agent));
    assert_eq!(may(&lead, "agent", Action::AssignLead), Err(Denied::Forbidden));
    assert_eq!(may(&lead, "agent", Action::TurnLead), Ok(Relation::Agent));
    assert_eq!(may(&lead, "head", Action::AssignLead), Ok(Relation::BusinessHead));
    assert_eq!(may(&lead, "clerk", Action::TurnLead), Ok(Relation::Reception));
    assert_eq!(may(&lead, "clerk", Action::FollowLead), Err(Denied::Forbidden));
    for who in ["supervisor", "director"] {
        assert_eq!(may(&lead, who, Action::SeeLead), Ok(Relation::Role), "{who}");
        for action in [Action::FollowLead, Action::AssignLead, Action::TurnLead] {
            assert_eq!(may(&lead, who, action), Err(Denied::Forbidden), "{who} {action:?}");
        }
    }
    for who in ["admin", "chief", "novice"] {
        assert_eq!(may(&lead, who, Action::SeeLead), Err(Denied::Unknown), "{who}");
    }
}

/// Who names an agent for a lead is the business office's head alone, whether one is named already or not.
#[test]
fn s5_3_the_business_offices_head_alone_refers_a_lead() {
    let directory = directory();
    let ask = |lead: &Lead, person: &Person| {
        may(&Actor::of(person, &directory), Action::AssignLead, On::Lead(lead)).map(|grant| grant.relation())
    };
    let of_nobody = open();
    let mut of_agent = open();
    of_agent.assign(&"agent".into(), &directory).unwrap();
    for lead in [&of_nobody, &of_agent] {
        for person in directory.people.values() {
            let expected = person.username.as_str() == "head";
            assert_eq!(ask(lead, person) == Ok(Relation::BusinessHead), expected, "{}", person.username);
            assert_eq!(ask(lead, person).is_ok(), expected, "{}", person.username);
        }
    }
    // A lead shown in a list lets nobody name an agent who could not do it on the lead itself.
    let mut gone = directory.people[&"head".into()].clone();
    gone.office = Some("B03".into());
    assert!(ask(&of_nobody, &gone).is_err(), "the head of another office");
}

#[test]
fn s5_3_a_day_more_than_ten_years_off_is_a_wrong_year() {
    let far = date("+12026-04-20");
    let mut lead = new();
    lead.project.wanted_start = Some(far);
    let refused = Lead::record(lead, &catalogue(), today()).unwrap_err();
    assert_eq!((refused.field(), refused.told().0), ("/project/wanted_start", "date_too_far"));
    let mut lead = new();
    lead.steps[0].due = far;
    assert_eq!(Lead::record(lead, &catalogue(), today()).unwrap_err(), LeadError::DateTooFar { field: "/steps" });
    let mut lead = open();
    let next = Visit { next: Some(NextStep { what: "再谈".to_owned(), due: far }), ..visit() };
    assert_eq!(lead.visit(next, today()), Err(LeadError::DateTooFar { field: "/next" }));
    let long_ago = Visit { on: date("0026-11-24"), ..visit() };
    assert_eq!(lead.visit(long_ago, today()), Err(LeadError::DateTooFar { field: "/on" }));
}
