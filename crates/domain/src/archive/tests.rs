use super::*;
use crate::access::{Actor, Denied, On, Relation, may};
use crate::calendar::utc;
use crate::people::{Office, OfficeKind, Person};
use std::collections::BTreeSet;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(day: &str) -> DateTime<Utc> {
    utc(date(day).and_hms_opt(9, 0, 0).unwrap())
}

fn directory() -> Directory {
    let mut directory = Directory { business_office: Some("B01".into()), ..Directory::default() };
    for code in ["B01", "B03", "D02"] {
        let office =
            Office { code: code.into(), name: code.to_owned(), kind: OfficeKind::Bureau, phone: String::new() };
        directory.offices.insert(code.into(), office);
    }
    for (username, role, office) in [
        ("archivist", Role::Archivist, "B03"),
        ("chief", Role::OfficeHead, "B01"),
        ("led", Role::OfficeHead, "D02"),
        ("other", Role::OfficeHead, "B03"),
        ("supervisor", Role::Supervisor, "B03"),
        ("director", Role::Director, "B03"),
        ("agent", Role::ServiceStaff, "B01"),
        ("enterprise", Role::Applicant, "B01"),
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

fn sealed() -> ArchivedFile {
    ArchivedFile {
        case: "c1".into(),
        number: "2026-0001".to_owned(),
        mode: Mode::Agency,
        office: Some("D02".into()),
        ended_on: date("2026-03-02"),
        sealed_on: date("2026-03-05"),
        volumes: 1,
        retention: Retention::of(Mode::Agency),
        permanent: None,
        place: None,
        loan: None,
        hold: None,
        disposal: None,
    }
}

/// A file and what is done to it.
struct Play {
    file: ArchivedFile,
    directory: Directory,
}

impl Play {
    fn new() -> Self {
        Self { file: sealed(), directory: directory() }
    }

    fn act(&mut self, who: &str, day: &str, command: ArchiveCommand) -> Result<ArchiveLine, ArchiveError> {
        self.file.act(command, &who.into(), at(day), &self.directory)
    }
}

fn lend(to: &str, until: &str) -> ArchiveCommand {
    ArchiveCommand::Lend { to: to.into(), purpose: "复核".to_owned(), until: date(until) }
}

fn propose() -> ArchiveCommand {
    ArchiveCommand::ProposeDisposal { reason: "保管期满".to_owned() }
}

#[test]
fn s6_5_the_period_begins_after_the_year_in_which_the_case_ended() {
    assert_eq!(Retention::of(Mode::Agency), Retention::ThirtyYears);
    assert_eq!(Retention::of(Mode::Assistance), Retention::TenYears);
    for ended in ["2026-01-01", "2026-12-31"] {
        assert_eq!(Retention::ThirtyYears.until(date(ended)), Some(date("2056-12-31")));
        assert_eq!(Retention::TenYears.until(date(ended)), Some(date("2036-12-31")));
        assert_eq!(Retention::Permanent.until(date(ended)), None);
    }
    let file = sealed();
    assert!(!file.is_due(date("2056-12-31")) && file.is_due(date("2057-01-01")));
}

#[test]
fn s6_5_a_file_is_lent_to_one_at_a_time_and_comes_back() {
    let mut play = Play::new();
    assert_eq!(play.act("archivist", "2026-04-01", ArchiveCommand::GiveBack {}), Err(ArchiveError::NotLent));
    let out = |to: &str, until: &str| lend(to, until);
    assert_eq!(play.act("archivist", "2026-04-01", out("enterprise", "2026-04-10")), Err(ArchiveError::Borrower));
    assert_eq!(play.act("archivist", "2026-04-01", out("nobody", "2026-04-10")), Err(ArchiveError::Borrower));
    assert_eq!(play.act("archivist", "2026-04-01", out("agent", "2026-03-31")), Err(ArchiveError::UntilPast));
    play.act("archivist", "2026-04-01", out("agent", "2026-04-10")).unwrap();
    let lent = Err(ArchiveError::Lent("agent".into()));
    assert_eq!(play.act("archivist", "2026-04-02", out("led", "2026-04-20")), lent);
    let place = ShelfPlace { shelf: "3".to_owned(), container: "12".to_owned(), folder: "7".to_owned() };
    assert_eq!(play.act("archivist", "2026-04-02", ArchiveCommand::Shelve { place }), lent, "it is not there");
    assert!(!play.file.is_overdue(date("2026-04-10")) && play.file.is_overdue(date("2026-04-11")));
    play.act("archivist", "2026-04-11", ArchiveCommand::GiveBack {}).unwrap();
    assert_eq!(play.file.loan, None);
}

#[test]
fn s6_5_a_file_is_disposed_of_after_its_period_by_two_people_and_never_while_lent_or_held() {
    let mut play = Play::new();
    assert_eq!(play.act("archivist", "2056-12-31", propose()), Err(ArchiveError::NotDue(date("2056-12-31"))));
    play.act("archivist", "2057-01-02", lend("agent", "2057-01-10")).unwrap();
    assert_eq!(play.act("archivist", "2057-01-02", propose()), Err(ArchiveError::Lent("agent".into())));
    play.act("archivist", "2057-01-03", ArchiveCommand::GiveBack {}).unwrap();
    play.act("supervisor", "2057-01-03", ArchiveCommand::Hold { reason: "投诉未结".to_owned() }).unwrap();
    assert_eq!(play.act("archivist", "2057-01-03", propose()), Err(ArchiveError::Held));
    play.act("supervisor", "2057-01-04", ArchiveCommand::Release { reason: "已答复".to_owned() }).unwrap();
    assert_eq!(play.act("led", "2057-01-04", ArchiveCommand::ApproveDisposal {}), Err(ArchiveError::NotProposed));
    play.act("archivist", "2057-01-05", propose()).unwrap();
    assert_eq!(play.act("archivist", "2057-01-05", propose()), Err(ArchiveError::Proposed));
    assert_eq!(play.act("archivist", "2057-01-05", lend("agent", "2057-01-10")), Err(ArchiveError::Proposed));
    assert_eq!(play.act("archivist", "2057-01-05", ArchiveCommand::ApproveDisposal {}), Err(ArchiveError::SamePerson));
    play.act("led", "2057-01-06", ArchiveCommand::ApproveDisposal {}).unwrap();
    assert!(play.file.is_disposed() && !play.file.is_due(date("2057-01-07")));
    assert_eq!(play.act("archivist", "2057-01-07", lend("agent", "2057-01-10")), Err(ArchiveError::Disposed));
}

#[test]
fn s6_5_what_is_kept_for_ever_has_a_reason_and_is_never_disposed_of() {
    let mut play = Play::new();
    let forever = |reason: &str| ArchiveCommand::KeepForever { reason: reason.to_owned() };
    let empty = ArchiveError::Text { field: "/reason", error: crate::identity::TextError::Empty };
    assert_eq!(play.act("archivist", "2026-04-01", forever(" ")), Err(empty));
    play.act("archivist", "2026-04-01", forever("自治区重大项目")).unwrap();
    assert_eq!(play.act("archivist", "2126-04-01", propose()), Err(ArchiveError::Permanent));
    assert_eq!(play.act("archivist", "2126-04-01", forever("再次")), Err(ArchiveError::Permanent));
}

#[test]
fn s6_5_who_keeps_a_file_does_not_decide_its_disposal() {
    let (directory, file) = (directory(), sealed());
    let asked = |who: &str, action| {
        let actor = Actor::of(directory.person(&who.into()).unwrap(), &directory);
        may(&actor, action, On::File(&file)).map(|grant| grant.relation())
    };
    let (role, no) = (Ok(Relation::Role), Err(Denied::Forbidden));
    assert_eq!(asked("archivist", Action::KeepArchive), role);
    assert_eq!(asked("archivist", Action::DecideDisposal), no);
    assert_eq!(asked("led", Action::DecideDisposal), Ok(Relation::LeadHead));
    assert_eq!(asked("chief", Action::DecideDisposal), Ok(Relation::BusinessHead));
    assert_eq!((asked("supervisor", Action::WatchArchive), asked("supervisor", Action::KeepArchive)), (role, no));
    assert_eq!((asked("director", Action::SeeArchiveRoom), asked("director", Action::WatchArchive)), (role, no));
    for who in ["other", "agent", "enterprise"] {
        assert_eq!(asked(who, Action::SeeArchiveRoom), Err(Denied::Unknown), "{who}");
    }
}

fn candidates() -> Vec<Candidate> {
    let file = |office: &str, n: u32| Candidate {
        case: format!("{office}-{n}").as_str().into(),
        number: n.to_string(),
        office: Some(office.into()),
    };
    (1..=40).map(|n| file("B01", n)).chain((1..=2).map(|n| file("D02", n))).collect()
}

#[test]
fn s8_4_a_sample_follows_from_its_seed_alone_and_takes_of_every_office() {
    let all = candidates();
    let drawn = |all: &[Candidate], seed: &str| -> Vec<CaseId> {
        draw(all, 3, seed).into_iter().map(|candidate| candidate.case.clone()).collect()
    };
    let first = drawn(&all, "aa");
    let of = |office: &str| first.iter().filter(|case| case.as_str().starts_with(office)).count();
    assert_eq!((of("B01"), of("D02")), (3, 2), "as many as there are");
    let mut turned = all.clone();
    turned.reverse();
    assert_eq!(drawn(&turned, "aa"), first, "the order of the register does not matter");
    let others: BTreeSet<Vec<CaseId>> = (0..20).map(|n| drawn(&all, &n.to_string())).collect();
    assert!(others.len() > 15, "another seed draws others: {}", others.len());
    let sampling = |from: &str, to: &str, per_office| Sampling { from: date(from), to: date(to), per_office };
    assert_eq!(sampling("2026-01-01", "2026-12-31", 0).check(), Err(ArchiveError::SampleSize));
    assert_eq!(sampling("2026-02-01", "2026-01-31", 3).check(), Err(ArchiveError::PeriodTurned));
    assert_eq!(sampling("2026-02-01", "2026-02-01", 3).check(), Ok(()));
}

#[test]
fn s8_4_a_deficient_file_needs_words_and_a_judgement_can_be_mended() {
    let file = |case: &str| Inspected {
        case: case.into(),
        number: case.to_owned(),
        office: None,
        percent: 100,
        lacking: Vec::new(),
        judgement: None,
    };
    let mut sheet = Inspection {
        id: "i".to_owned(),
        at: at("2026-11-24"),
        by: "supervisor".into(),
        sampling: Sampling { from: date("2026-01-01"), to: date("2026-11-24"), per_office: 3 },
        seed: "aa".to_owned(),
        population: 9,
        files: vec![file("c1"), file("c2")],
    };
    let by = Username::from("supervisor");
    let mut judge = |case: &str, verdict, remark: &str| {
        let done = sheet.judge(&case.into(), verdict, remark, &by, at("2026-11-25"));
        (done, sheet.open(), sheet.deficient())
    };
    assert_eq!(judge("c3", Verdict::Sound, "").0, Err(ArchiveError::NotOnSheet));
    assert!(matches!(judge("c1", Verdict::Deficient, " ").0, Err(ArchiveError::Text { field: "/remark", .. })));
    assert_eq!(judge("c1", Verdict::Deficient, "目录缺一页"), (Ok(()), 1, 1));
    assert_eq!(judge("c2", Verdict::Sound, ""), (Ok(()), 0, 1));
    assert_eq!(judge("c1", Verdict::Sound, "已补齐"), (Ok(()), 0, 0));
}
