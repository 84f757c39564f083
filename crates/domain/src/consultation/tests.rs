use super::*;

fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../../reference/matters.json")).unwrap()
}

fn user(name: &str) -> Username {
    name.into()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn new() -> NewConsultation {
    NewConsultation {
        id: "0190a000-0000-7000-8000-000000000001".into(),
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        channel: ConsultationChannel::WalkIn,
        applicant: Caller {
            display_name: PersonName::parse("张先生").unwrap(),
            enterprise: Some(OrgName::parse("巴林左旗示例食品有限公司").unwrap()),
            uscc: Some(Uscc::parse("91150422XTEXTEXT5D").unwrap()),
            party: None,
        },
        question: " 开办食品厂先办什么？ ".to_owned(),
        answer: None,
        told: vec!["《食品安全法》".to_owned(), " ".to_owned()],
        matters: vec!["QY-02".into(), "YY-01".into(), "QY-02".into()],
        owner: user("clerk"),
    }
}

fn open() -> Consultation {
    Consultation::record(new(), &catalogue()).unwrap()
}

#[test]
fn s6_1_a_record_keeps_who_how_what_and_the_laws_told() {
    let consultation = open();
    assert_eq!(consultation.question, "开办食品厂先办什么？");
    assert_eq!(consultation.told, ["《食品安全法》"]);
    assert_eq!(consultation.matters, ["QY-02".into(), "YY-01".into()]);
    assert_eq!(consultation.owner, user("clerk"));
    assert!(consultation.is_open() && consultation.turned_into.is_none());
}

#[test]
fn s6_1_no_consultation_without_an_owner_and_a_question() {
    let refused = |edit: fn(&mut NewConsultation)| {
        let mut new = new();
        edit(&mut new);
        Consultation::record(new, &catalogue()).unwrap_err()
    };
    assert_eq!(refused(|new| new.owner = user(" ")), ConsultationError::OwnerMissing);
    assert_eq!(refused(|new| new.question = "\n".to_owned()), ConsultationError::QuestionMissing);
    let text = |field, error| ConsultationError::Text { field, error };
    let too_long = TextError::TooLong { found: 4001, most: 4000 };
    assert_eq!(refused(|new| new.question = "问".repeat(4001)), text("question", too_long));
    assert_eq!(refused(|new| new.told = vec!["法".repeat(4001)]), text("told", too_long));
    let hidden = TextError::Character { position: 2 };
    assert_eq!(refused(|new| new.answer = Some("答\0".to_owned())), text("answer", hidden));
    assert_eq!(refused(|new| new.matters.push("XX-01".into())), ConsultationError::UnknownMatter("XX-01".into()));
}

#[test]
fn s6_1_an_empty_answer_leaves_it_open() {
    let answer = |text: &str| {
        Consultation::record(NewConsultation { answer: Some(text.to_owned()), ..new() }, &catalogue()).unwrap()
    };
    assert!(answer("  ").is_open());
    assert_eq!(answer(" 先办公司设立登记 ").answer.as_deref(), Some("先办公司设立登记"));
}

#[test]
fn s6_1_the_first_person_asked_stays_responsible_until_a_colleague_accepts() {
    let mut consultation = open();
    assert_eq!(consultation.accept(&user("agent")), Err(ConsultationError::NotOffered));
    consultation.offer(&user("clerk"), &user("agent")).unwrap();
    assert_eq!(consultation.owner, user("clerk"), "an offer moves nothing");
    assert_eq!(
        consultation.answer(&user("agent"), "可以", &[]),
        Err(ConsultationError::NotOwner { owner: user("clerk") })
    );
    assert_eq!(consultation.accept(&user("agent2")), Err(ConsultationError::NotOffered));
    consultation.accept(&user("agent")).unwrap();
    assert_eq!((&consultation.owner, &consultation.offered_to), (&user("agent"), &None));
    assert_eq!(
        consultation.offer(&user("clerk"), &user("agent2")),
        Err(ConsultationError::NotOwner { owner: user("agent") })
    );
    assert_eq!(consultation.offer(&user("agent"), &user("agent")), Err(ConsultationError::NotOffered));
}

#[test]
fn s6_1_an_answer_ends_the_responsibility() {
    let mut consultation = open();
    consultation.offer(&user("clerk"), &user("agent")).unwrap();
    assert_eq!(consultation.answer(&user("clerk"), " ", &[]), Err(ConsultationError::AnswerMissing));
    let told = ["《食品安全法》".to_owned(), "食品生产许可办事指南".to_owned()];
    consultation.answer(&user("clerk"), "先办公司设立登记。", &told).unwrap();
    assert_eq!(consultation.told, told);
    assert!(!consultation.is_open());
    assert_eq!(consultation.accept(&user("agent")), Err(ConsultationError::AlreadyAnswered));
    assert_eq!(consultation.offer(&user("clerk"), &user("agent")), Err(ConsultationError::AlreadyAnswered));
    consultation.answer(&user("clerk"), "先办名称申报，再办设立登记。", &[]).unwrap();
}

#[test]
fn s6_1_a_joint_reply_has_offices_and_a_date_and_shows_when_overdue() {
    let (mut consultation, catalogue) = (open(), catalogue());
    let today = date("2026-11-24");
    let mut study = |offices: &[&str], due: &str| {
        let offices = offices.iter().map(|code| (*code).into()).collect();
        consultation.study_jointly(&user("clerk"), offices, date(due), today, &catalogue)
    };
    assert_eq!(study(&[], "2026-11-26"), Err(ConsultationError::NoOffice));
    assert_eq!(study(&["D99"], "2026-11-26"), Err(ConsultationError::UnknownOffice("D99".into())));
    assert_eq!(study(&["D15"], "2026-11-23"), Err(ConsultationError::DueInThePast));
    study(&["D15", "D04"], "2026-11-26").unwrap();
    assert!(!consultation.is_overdue(date("2026-11-26")) && consultation.is_overdue(date("2026-11-27")));
    consultation.answer(&user("clerk"), "已研究答复。", &[]).unwrap();
    assert!(!consultation.is_overdue(date("2026-11-27")));
}

#[test]
fn s6_1_a_consultation_becomes_one_case_only() {
    let mut consultation = open();
    consultation.turn_into("case-1".into()).unwrap();
    consultation.turn_into("case-1".into()).unwrap();
    assert_eq!(consultation.turn_into("case-2".into()), Err(ConsultationError::AlreadyCase("case-1".into())));
}

#[test]
fn s2_1_channels_are_written_as_the_contract_says() {
    use ConsultationChannel::{Online, Phone, WalkIn};
    assert_eq!(serde_json::to_string(&[WalkIn, Phone, Online]).unwrap(), r#"["walk_in","phone","online"]"#);
    let consultation = open();
    let json = serde_json::to_string(&consultation).unwrap();
    assert_eq!(serde_json::from_str::<Consultation>(&json).unwrap(), consultation);
}
