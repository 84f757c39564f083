use super::*;
use crate::access::{Action, Actor, Denied, On, Relation, may};
use crate::people::{Office, Person, Role};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    time("2026-11-24T02:00:00Z")
}

fn after() -> DateTime<Utc> {
    time("2026-11-26T04:00:00Z")
}

fn directory() -> Directory {
    let mut directory = Directory { business_office: Some("B01".into()), ..Directory::default() };
    for (code, kind) in [
        ("B01", OfficeKind::Bureau),
        ("B02", OfficeKind::Bureau),
        ("D02", OfficeKind::Department),
        ("D15", OfficeKind::Department),
        ("X01", OfficeKind::Outside),
    ] {
        let office = Office { code: code.into(), name: code.to_owned(), kind, phone: String::new() };
        directory.offices.insert(code.into(), office);
    }
    for (username, role, office) in [
        ("head", Role::OfficeHead, "B01"),
        ("agent", Role::ServiceStaff, "B01"),
        ("supervisor", Role::Supervisor, "B02"),
        ("director", Role::Director, "B02"),
        ("admin", Role::Administrator, "D15"),
        ("window-d02", Role::WindowClerk, "D02"),
        ("head-d15", Role::OfficeHead, "D15"),
    ] {
        let person = Person {
            username: username.into(),
            name: username.to_owned(),
            roles: BTreeSet::from([role]),
            office: Some(office.into()),
            enterprises: Vec::new(),
            phone: String::new(),
            post: String::new(),
            qualified: false,
            active: true,
            absences: Vec::new(),
        };
        directory.people.insert(username.into(), person);
    }
    directory
}

fn item(case: &str) -> Item {
    Item {
        about: Subject::Case(case.into()),
        question: "用地预审和规划许可谁先出".to_owned(),
        by: "agent".into(),
        office: Some("B01".into()),
    }
}

fn new() -> NewMeeting {
    NewMeeting {
        id: "m1".into(),
        topic: "冷链园区用地".to_owned(),
        at: time("2026-11-26T01:00:00Z"),
        place: "三楼会议室".to_owned(),
        called_by: "head".into(),
        host: Some("B01".into()),
        offices: vec!["D15".into(), "D02".into(), "D15".into()],
        items: vec![item("c1")],
    }
}

fn planned() -> Meeting {
    Meeting::call(new(), &directory(), now()).unwrap().0
}

fn minutes() -> Minutes {
    Minutes {
        attendance: vec![
            Attendance { office: "D15".into(), who: "张科长".to_owned(), absent: None },
            Attendance { office: "D02".into(), who: String::new(), absent: Some("下乡".to_owned()) },
        ],
        text: "先出规划条件，再办用地预审。".to_owned(),
        decisions: vec![NewDecision {
            what: "出具规划条件".to_owned(),
            office: "D15".into(),
            person: Some("head-d15".into()),
            due: date("2026-12-03"),
        }],
    }
}

fn held() -> Meeting {
    let mut meeting = planned();
    meeting.hold(minutes(), &directory(), after()).unwrap();
    meeting
}

#[test]
fn s9_1_a_meeting_is_called_with_topic_offices_and_items() {
    let (meeting, line) = Meeting::call(new(), &directory(), now()).unwrap();
    assert_eq!(meeting.offices, ["D15".into(), "D02".into()]);
    assert!(matches!(line, MeetingLine::Called { meeting: first } if *first == meeting));
    assert_eq!(meeting.concerned().len(), 3, "the host and both guests");
    let json = serde_json::to_string(&held()).unwrap();
    assert_eq!(serde_json::from_str::<Meeting>(&json).unwrap(), held());

    let refused = |edit: fn(&mut NewMeeting)| {
        let mut new = new();
        edit(&mut new);
        Meeting::call(new, &directory(), now()).unwrap_err()
    };
    assert_eq!(refused(|new| new.topic = String::new()).field(), "/topic");
    assert_eq!(refused(|new| new.offices = vec!["B01".into()]), MeetingError::NoOffice, "the host alone is no meeting");
    assert_eq!(refused(|new| new.offices.push("X01".into())), MeetingError::UnknownOffice { field: "/offices".into() });
    assert_eq!(refused(|new| new.at = time("2026-11-24T01:59:00Z")), MeetingError::InThePast);
    assert_eq!(refused(|new| new.items.push(item("c1"))), MeetingError::ItemTwice);
}

#[test]
fn s9_1_a_case_is_put_on_a_meeting_to_come_once() {
    let mut meeting = planned();
    meeting.refer(item("c2")).unwrap();
    assert_eq!(meeting.refer(item("c2")), Err(MeetingError::ItemTwice));
    let blank = Item { question: " ".to_owned(), ..item("c3") };
    assert_eq!(meeting.refer(blank).unwrap_err().field(), "/question");
    assert_eq!(held().refer(item("c9")), Err(MeetingError::NotPlanned));
}

#[test]
fn s9_1_the_minutes_say_of_every_office_who_came_or_why_nobody_did() {
    let meeting = held();
    assert_eq!(meeting.attendance[1].absent.as_deref(), Some("下乡"));
    assert_eq!(meeting.status, MeetingStatus::Held);
    let refused = |edit: fn(&mut Minutes)| {
        let (mut meeting, mut minutes) = (planned(), minutes());
        edit(&mut minutes);
        let before = meeting.clone();
        let error = meeting.hold(minutes, &directory(), after()).unwrap_err();
        assert_eq!(meeting, before, "nothing is changed by what is refused");
        error
    };
    assert_eq!(refused(|m| drop(m.attendance.pop())), MeetingError::AttendanceMissing("D02".into()));
    assert_eq!(refused(|m| m.attendance[1].absent = None).field(), "/attendance/1/who");
    assert_eq!(refused(|m| m.text.clear()).field(), "/text");
    assert_eq!(refused(|m| m.decisions[0].what.clear()).field(), "/decisions/0/what");
    assert_eq!(refused(|m| m.decisions[0].office = "X01".into()).field(), "/decisions/0/office");
    assert_eq!(refused(|m| m.decisions[0].person = Some("head".into())).field(), "/decisions/0/person");
    assert_eq!(refused(|m| m.decisions[0].due = date("2026-11-25")).field(), "/decisions/0/due");
    assert_eq!(planned().hold(minutes(), &directory(), now()), Err(MeetingError::NotBegun));
    assert_eq!(held().hold(minutes(), &directory(), after()), Err(MeetingError::NotPlanned));
}

#[test]
fn s9_1_a_decision_is_followed_until_it_is_done_and_done_once() {
    let mut meeting = held();
    let by = Username::from("head-d15");
    assert_eq!(meeting.carry_out(1, &by, "", after()).unwrap_err().field(), "/outcome");
    meeting.carry_out(1, &by, "已出具", after()).unwrap();
    assert_eq!(meeting.decisions[0].done.as_ref().map(|done| done.outcome.as_str()), Some("已出具"));
    for number in [0, 1, 2] {
        assert_eq!(meeting.carry_out(number, &by, "又一次", after()), Err(MeetingError::UnknownDecision), "{number}");
    }
}

#[test]
fn s9_1_the_owner_is_reminded_a_working_day_before_and_after_the_day() {
    let calendar = Calendar::parse(include_str!("../../../../reference/holidays.json")).unwrap();
    let on = |day: &str| Reminder::of(date("2026-11-30"), date(day), &calendar);
    assert_eq!(on("2026-11-26"), None, "Thursday: Friday and Monday are left");
    assert_eq!(on("2026-11-27"), Some(Reminder::Ahead), "Friday");
    assert_eq!(on("2026-11-30"), Some(Reminder::Ahead), "the day itself");
    assert_eq!(on("2026-12-01"), Some(Reminder::Overdue));
}

#[test]
fn s9_1_a_cancelled_meeting_says_why_and_is_over() {
    let mut meeting = planned();
    assert_eq!(meeting.cancel("").unwrap_err().field(), "/reason");
    meeting.cancel("企业撤回").unwrap();
    assert_eq!(meeting.hold(minutes(), &directory(), after()), Err(MeetingError::NotPlanned));
    assert_eq!(meeting.cancel("再次"), Err(MeetingError::NotPlanned));
}

#[test]
fn s9_1_who_sees_a_meeting_and_who_ticks_a_decision() {
    let directory = directory();
    let meeting = held();
    let may = |who: &str, action| {
        let person = directory.person(&who.into()).unwrap();
        may(&Actor::of(person, &directory), action, On::Meeting(&meeting, Some(1))).map(|grant| grant.relation())
    };
    assert_eq!(may("head", Action::RunMeeting), Ok(Relation::BusinessHead));
    assert_eq!(may("head-d15", Action::CarryOutDecision), Ok(Relation::Concerned));
    assert_eq!(may("head-d15", Action::RunMeeting), Err(Denied::Forbidden));
    assert_eq!(may("window-d02", Action::SeeMeeting), Ok(Relation::Concerned));
    assert_eq!(may("window-d02", Action::CarryOutDecision), Err(Denied::Forbidden), "it is another office's");
    assert_eq!(may("agent", Action::SeeMeeting), Ok(Relation::Concerned), "of the office that called it");
    for who in ["supervisor", "director"] {
        assert_eq!(may(who, Action::SeeMeeting), Ok(Relation::Role), "{who}");
        assert_eq!(may(who, Action::CarryOutDecision), Err(Denied::Forbidden), "{who}");
    }
    assert_eq!(may("admin", Action::SeeMeeting), Err(Denied::Unknown), "sees no content, whatever its office");
}

#[test]
fn s9_1_a_meeting_or_a_decision_more_than_ten_years_off_is_a_wrong_year() {
    let far = NewMeeting { at: DateTime::<Utc>::MAX_UTC, ..new() };
    let refused = Meeting::call(far, &directory(), now()).unwrap_err();
    assert_eq!((refused.field(), refused.told().0), ("/at", "date_too_far"));
    let (mut meeting, _) = Meeting::call(new(), &directory(), now()).unwrap();
    let came = |code: &str| Attendance { office: code.into(), who: "张科长".to_owned(), absent: None };
    let decision =
        NewDecision { what: "出条件".to_owned(), office: "D15".into(), person: None, due: date("+12026-12-01") };
    let minutes =
        Minutes {
            attendance: vec![came("D15"), came("D02")], text: "先出条件".to_owned(), decisions: vec![decision]
        };
    let refused = meeting.hold(minutes, &directory(), after()).unwrap_err();
    assert_eq!(refused, MeetingError::DateTooFar { field: "/decisions/0/due".to_owned() });
}

#[test]
fn s3_3_an_administrator_who_also_applies_sees_no_meetings() {
    let mut roles = BTreeSet::from([Role::Administrator, Role::Applicant]);
    let list = |roles: &BTreeSet<Role>| {
        let directory = directory();
        let admin = Person { roles: roles.clone(), ..directory.people[&Username::from("admin")].clone() };
        may(&Actor::of(&admin, &directory), Action::ListMeetings, On::Hall).is_ok()
    };
    assert!(!list(&roles));
    roles.insert(Role::OfficeHead);
    assert!(list(&roles));
}
