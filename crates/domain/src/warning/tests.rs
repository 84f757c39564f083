//! Cases made by hand: one matter, its clock, and an office whose people come and go.

use super::*;
use crate::calendar::utc;
use crate::case::{Application, CaseChannel, DeliveryWay, Facts, submit};
use crate::catalogue::{Catalogue, Limit};
use crate::chain::Envelope;
use crate::people::{Absence, Office, OfficeKind};
use chrono::{NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const MATTER: &str = "YY-16";

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::parse(include_str!("../../../../reference/matters.json")).unwrap())
}

fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::parse(include_str!("../../../../reference/holidays.json")).unwrap())
}

/// A moment in the hall's own time.
fn at(text: &str) -> DateTime<Utc> {
    utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn shown(at: DateTime<Utc>) -> String {
    crate::calendar::local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// A case that runs, with one matter, and the hall around it.
#[derive(Clone)]
struct Stage {
    case: Case,
    directory: Directory,
    policy: Policy,
}

impl Stage {
    fn new() -> Self {
        let mut directory = Directory { business_office: Some("B01".into()), ..Directory::default() };
        for (code, kind) in [("B01", OfficeKind::Bureau), ("B02", OfficeKind::Bureau), ("D09", OfficeKind::Department)]
        {
            let office = Office { code: code.into(), name: code.to_owned(), kind, phone: String::new() };
            directory.offices.insert(code.into(), office);
        }
        for (name, role, office) in [
            ("window", Role::WindowClerk, "D09"),
            ("window2", Role::WindowClerk, "D09"),
            ("chief", Role::OfficeHead, "D09"),
            ("agent", Role::ServiceStaff, "B01"),
            ("agent2", Role::ServiceStaff, "B01"),
            ("head", Role::OfficeHead, "B01"),
            ("supervisor", Role::Supervisor, "B02"),
            ("director", Role::Director, "B02"),
            ("boss", Role::Applicant, ""),
        ] {
            directory.people.insert(name.into(), person(name, role, office));
        }
        let now = at("2026-09-01 09:00");
        let policy = Policy::default();
        let files = BTreeMap::new();
        let facts = Facts {
            now,
            calendar: calendar(),
            catalogue: catalogue(),
            directory: &directory,
            policy: &policy,
            files: &files,
            head: None,
        };
        let application = Application {
            number: "2026-0001".to_owned(),
            applicant: "p-1".into(),
            founding: false,
            project: None,
            channel: CaseChannel::Online,
            delivery: DeliveryWay::InPerson,
            consultation: None,
            template: None,
            matters: vec![MATTER.into()],
            mode: None,
        };
        let event = submit(&application, &facts).unwrap();
        let first = Envelope { case: "c-1".into(), seq: 1, at: now, actor: "boss".into(), on_behalf_of: None, event };
        let mut case = Case::begin(&first).unwrap();
        case.status = Status::Running;
        case.lead_office = Some("B01".into());
        case.agent = Some("agent".into());
        case.stand_in = Some("agent2".into());
        case.matters[0].office = "D09".into();
        case.matters[0].outside = false;
        Self { case, directory, policy }
    }

    /// The matter was submitted with so many working days, and `window` has claimed it.
    fn submitted(days: u32, from: &str) -> Self {
        let mut stage = Self::new();
        let matter = &mut stage.case.matters[0];
        matter.status = MatterStatus::Submitted;
        matter.claimed_by = Some("window".into());
        matter.submitted_at = Some(at(from));
        matter.clock = Some(Clock::start(Limit { days, unit: DayUnit::WorkingDay }, at(from)));
        stage
    }

    fn offered(from: &str) -> Self {
        let mut stage = Self::new();
        stage.case.matters[0].status = MatterStatus::Offered;
        stage.case.matters[0].offered_at = Some(at(from));
        stage
    }

    fn outside(mut self) -> Self {
        self.case.matters[0].outside = true;
        self.case.matters[0].office = "D44".into();
        self.case.matters[0].claimed_by = None;
        self
    }

    fn clock(&mut self) -> &mut Clock {
        self.case.matters[0].clock.as_mut().unwrap()
    }

    fn away(&mut self, names: &[&str]) {
        let absence = Absence { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
        for name in names {
            self.directory.people.get_mut(&Username::from(*name)).unwrap().absences = vec![absence];
        }
    }

    fn ahead(&self, now: &str) -> Vec<Warning> {
        ahead(&self.case, calendar(), &self.policy, &self.directory, at(now))
    }

    fn due(&self, now: DateTime<Utc>) -> Vec<Warning> {
        due(&self.case, calendar(), &self.policy, &self.directory, now)
    }

    /// Cause, step, when, who; of everything that falls due if nothing happens.
    fn told(&self, now: &str) -> Vec<(&'static str, &'static str, String, String)> {
        let names = |to: &[Username]| to.iter().map(Username::as_str).collect::<Vec<_>>().join(" ");
        let line = |w: &Warning| (w.cause.name(), w.step.name(), shown(w.since), names(&w.to));
        self.ahead(now).iter().map(line).collect()
    }
}

fn person(name: &str, role: Role, office: &str) -> Person {
    Person {
        username: name.into(),
        name: name.to_owned(),
        roles: BTreeSet::from([role]),
        office: (!office.is_empty()).then(|| office.into()),
        enterprises: if role == Role::Applicant { vec!["p-1".into()] } else { Vec::new() },
        phone: String::new(),
        post: String::new(),
        qualified: false,
        active: true,
        absences: Vec::new(),
    }
}

fn line(cause: &'static str, step: &'static str, at: &str, to: &str) -> (&'static str, &'static str, String, String) {
    (cause, step, at.to_owned(), to.to_owned())
}

#[test]
fn s8_2_a_limit_warns_the_handler_then_up_the_ladder() {
    // Ten working days from Tuesday, 1 September: due on Tuesday, the 15th.
    let stage = Stage::submitted(10, "2026-09-01 10:00");
    let expected = [
        line("nearly_overdue", "person", "2026-09-08 08:30", "window"),
        line("nearly_overdue", "office_head", "2026-09-14 08:30", "chief"),
        line("overdue", "person", "2026-09-16 08:30", "window"),
        line("overdue", "office_head", "2026-09-16 08:30", "chief"),
        line("overdue", "lead_head", "2026-09-17 08:30", "head"),
        // Sunday, the 20th, is worked for the National Day.
        line("overdue", "supervision", "2026-09-20 08:30", "supervisor"),
    ];
    assert_eq!(stage.told("2026-09-02 09:00"), expected);
    assert_eq!(stage.due(at("2026-09-08 08:29")), []);
    assert_eq!(stage.due(at("2026-09-08 08:30")).len(), 1);
    assert_eq!(stage.due(at("2026-09-30 09:00")).len(), expected.len());
}

/// The National Day of 2026: 1 to 7 October off, the 20th of September and the 10th of October worked.
#[test]
fn s8_2_nothing_leaves_in_the_holidays_and_nothing_at_midnight() {
    let mut stage = Stage::submitted(3, "2026-09-28 10:00");
    // Counted: 29 September, 30 September, 8 October.
    stage.policy.thresholds = Thresholds { percent_left: 0, days_left: 1 };
    let told = stage.told("2026-09-28 11:00");
    let expected = [
        // Only one working day is left from the evening of the 30th on; the holidays pass in silence.
        line("nearly_overdue", "person", "2026-09-30 08:30", "window"),
        line("nearly_overdue", "office_head", "2026-09-30 08:30", "chief"),
        line("overdue", "person", "2026-10-09 08:30", "window"),
        line("overdue", "office_head", "2026-10-09 08:30", "chief"),
        line("overdue", "lead_head", "2026-10-10 08:30", "head"),
        line("overdue", "supervision", "2026-10-13 08:30", "supervisor"),
    ];
    assert_eq!(told, expected);
    // Submitted on the last day before: the light turns in the holidays, the warning waits for the hall to open.
    let mut stage = Stage::submitted(1, "2026-09-30 17:29");
    stage.policy.thresholds = Thresholds { percent_left: 0, days_left: 0 };
    stage.policy.ladder.office_head_before = 0;
    assert_eq!(stage.told("2026-10-03 09:00")[0], line("nearly_overdue", "person", "2026-10-08 08:30", "window"));
    let quiet = at("2026-09-30 17:30");
    for hours in 0..24 * 7 + 15 {
        assert_eq!(stage.due(quiet + TimeDelta::hours(hours)), [], "{}", shown(quiet + TimeDelta::hours(hours)));
    }
    assert_eq!(stage.due(at("2026-10-08 08:30")).len(), 1);
}

#[test]
fn s5_3_what_nobody_claims_goes_up_after_four_hours_of_office_time() {
    // Offered on Friday at 16:30: one hour is left of the day, three go over to Monday.
    let stage = Stage::offered("2026-09-04 16:30");
    let expected = [
        line("unclaimed", "office_head", "2026-09-07 11:30", "chief"),
        line("unclaimed", "lead_head", "2026-09-09 08:30", "head"),
        line("unclaimed", "supervision", "2026-09-11 08:30", "supervisor"),
    ];
    assert_eq!(stage.told("2026-09-05 09:00"), expected);
    let mut claimed = stage;
    claimed.case.matters[0].status = MatterStatus::Claimed;
    assert_eq!(claimed.told("2026-09-20 09:00"), []);
}

#[test]
fn s8_2_a_stop_is_watched_by_its_planned_end_and_hides_nothing() {
    let mut stage = Stage::submitted(10, "2026-09-01 10:00");
    let until = Some("2026-09-09".parse().unwrap());
    stage.clock().stop(IntervalKind::Special, Some("现场踏勘".to_owned()), until, at("2026-09-02 10:00")).unwrap();
    let expected = [
        line("special_procedure_over", "person", "2026-09-10 08:30", "window"),
        line("special_procedure_over", "lead_head", "2026-09-11 08:30", "head"),
        line("special_procedure_over", "supervision", "2026-09-15 08:30", "supervisor"),
    ];
    assert_eq!(stage.told("2026-09-30 09:00"), expected, "a stopped clock is not overdue, however long it stands");
    let mut late = Stage::submitted(1, "2026-09-01 10:00");
    late.clock().stop(IntervalKind::Correction, None, until, at("2026-09-04 10:00")).unwrap();
    let overdue = late.due(at("2026-09-30 09:00")).iter().filter(|w| w.cause == Cause::Overdue).count();
    assert_eq!(overdue, 4, "it was overdue before it was stopped");
}

#[test]
fn s5_3_what_the_enterprise_owes_is_told_to_the_agent_and_to_the_enterprise() {
    let mut stage = Stage::submitted(10, "2026-09-01 10:00");
    let until = Some("2026-09-09".parse().unwrap());
    stage.clock().stop(IntervalKind::Correction, None, until, at("2026-09-02 10:00")).unwrap();
    let expected = [
        line("correction_over", "client", "2026-09-10 08:30", "boss"),
        line("correction_over", "person", "2026-09-10 08:30", "agent"),
    ];
    assert_eq!(stage.told("2026-09-02 11:00"), expected);
    stage.directory.people.get_mut(&Username::from("boss")).unwrap().active = false;
    stage.away(&["agent"]);
    let to: Vec<_> = stage.told("2026-09-02 11:00").into_iter().map(|(_, _, _, to)| to).collect();
    assert_eq!(to, ["agent2", "agent2"], "an enterprise without account is called by the agent, or by its stand-in");
}

#[test]
fn s8_2_the_time_of_an_outside_body_is_nobodys_fault_inside() {
    let stage = Stage::submitted(3, "2026-09-01 10:00").outside();
    let told = stage.told("2026-09-30 09:00");
    let expected = [
        line("nearly_overdue", "person", "2026-09-02 08:30", "agent"),
        line("overdue", "person", "2026-09-07 08:30", "agent"),
        line("outside_unchecked", "person", "2026-09-09 08:30", "agent"),
        line("outside_unchecked", "lead_head", "2026-09-10 08:30", "head"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn s8_2_an_extension_and_a_resumption_warn_anew() {
    let mut stage = Stage::submitted(3, "2026-09-01 10:00");
    let keys = |stage: &Stage| -> BTreeSet<String> {
        stage.due(at("2026-09-30 09:00")).iter().map(|warning| format!("{:?}", warning.key())).collect()
    };
    let first = keys(&stage);
    stage.clock().extend(2).unwrap();
    let second = keys(&stage);
    assert!(first.is_disjoint(&second) && !second.is_empty(), "{first:?} {second:?}");
    stage.clock().stop(IntervalKind::Special, Some("检测".to_owned()), None, at("2026-09-10 10:00")).unwrap();
    assert!(second.is_superset(&keys(&stage)), "a stop begins no new run");
    stage.clock().resume(at("2026-09-11 10:00")).unwrap();
    assert!(second.is_disjoint(&keys(&stage)));
}

#[test]
fn s8_2_a_case_that_rests_or_has_ended_warns_nobody() {
    let mut stage = Stage::submitted(1, "2026-09-01 10:00");
    for status in [Status::Suspended, Status::Withdrawn, Status::Terminated, Status::Delivering, Status::Ended] {
        stage.case.status = status;
        assert_eq!(stage.due(at("2026-09-30 09:00")), [], "{status:?}");
    }
    stage.case.status = Status::Running;
    stage.clock().finish(at("2026-09-03 10:00")).unwrap();
    assert_eq!(stage.due(at("2026-09-30 09:00")), [], "finished");
}

/// Everybody may be away at once: somebody is told all the same, and whoever is told is there if anybody is.
#[test]
fn s5_3_a_warning_reaches_somebody_who_is_there_or_goes_one_step_up() {
    let staff = ["window", "window2", "chief", "agent", "agent2", "head", "supervisor", "director"];
    let mut stages = vec![
        Stage::submitted(1, "2026-09-01 10:00"),
        Stage::offered("2026-09-01 10:00"),
        Stage::submitted(1, "2026-09-01 10:00").outside(),
    ];
    for kind in [IntervalKind::Special, IntervalKind::Correction] {
        let mut stage = Stage::submitted(9, "2026-09-01 10:00");
        let until = Some("2026-09-09".parse().unwrap());
        stage.clock().stop(kind, Some("检测".to_owned()), until, at("2026-09-02 10:00")).unwrap();
        stages.push(stage);
    }
    let now = at("2026-09-30 09:00");
    for stage in &stages {
        assert!(!stage.due(now).is_empty());
        for mask in 0..1_u32 << staff.len() {
            let mut stage = stage.clone();
            let gone = staff.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, name)| *name);
            let gone: Vec<&str> = gone.collect();
            stage.away(&gone);
            for warning in stage.due(now) {
                assert!(!warning.to.is_empty(), "{warning:?} without {gone:?}");
                let is_there = |name: &Username| !gone.contains(&name.as_str());
                let nobody_above = ["supervisor", "director"].iter().all(|name| gone.contains(name));
                assert!(warning.to.iter().all(is_there) || nobody_above, "{warning:?} without {gone:?}");
            }
        }
    }
}

#[test]
fn s5_3_whoever_waits_knows_whom_to_chase() {
    let today = "2026-09-07".parse().unwrap();
    let holder = |stage: &Stage| -> Vec<String> {
        let names = holder(&stage.case, &stage.case.matters[0], &stage.directory, today);
        names.into_iter().map(|name| name.0).collect()
    };
    let mut stage = Stage::submitted(9, "2026-09-01 10:00");
    assert_eq!(holder(&stage), ["window"]);
    stage.away(&["window"]);
    assert_eq!(holder(&stage), ["window2"], "whoever claimed it is away: the colleagues of the window");
    assert_eq!(holder(&stage.clone().outside()), ["agent"]);
    stage.clock().stop(IntervalKind::Correction, None, None, at("2026-09-02 10:00")).unwrap();
    assert_eq!(holder(&stage), ["agent"], "the enterprise owes something: the agent sees to it");
    let mut stage = Stage::offered("2026-09-01 10:00");
    assert_eq!(holder(&stage), ["window", "window2"]);
    for (status, expected) in [
        (MatterStatus::Claimed, vec!["agent"]),
        (MatterStatus::Declined, vec!["head"]),
        (MatterStatus::Planned, vec![]),
        (MatterStatus::Finished, vec![]),
    ] {
        stage.case.matters[0].status = status;
        assert_eq!(holder(&stage), expected, "{status:?}");
    }
}

/// What happens to a clock: hours that pass, then a stop, a resumption or an extension.
fn history() -> impl Strategy<Value = Vec<(u32, u8)>> {
    prop::collection::vec((1_u32..200, 0_u8..5), 0..6)
}

/// A stage whose clock went through this; and the moment of its last change.
fn after(days: u32, start: u32, outside: bool, steps: &[(u32, u8)]) -> (Stage, DateTime<Utc>) {
    let mut now = at("2026-01-05 00:00") + TimeDelta::minutes(i64::from(start));
    let mut stage = Stage::submitted(days, &shown(now));
    if outside {
        stage = stage.outside();
    }
    for (hours, step) in steps {
        now += TimeDelta::hours(i64::from(*hours));
        let until = Some(today(now) + chrono::Days::new(u64::from(*hours % 9)));
        let clock = stage.clock();
        // What the clock refuses did not happen.
        let _ = match step {
            0 => clock.stop(IntervalKind::Special, Some("检测".to_owned()), until, now),
            1 => clock.stop(IntervalKind::Correction, None, until, now),
            2 => clock.extend(*hours % 4 + 1),
            _ => clock.resume(now),
        };
    }
    if stage.clock().state() != Some(IntervalKind::Running) {
        stage.case.matters[0].status = MatterStatus::Stopped;
    }
    (stage, now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn s8_2_time_never_takes_a_warning_back_and_none_leaves_outside_office_hours(
        days in 0_u32..25, start in 0_u32..400_000, outside: bool, steps in history(),
        hours in prop::collection::vec(0_i64..400, 1..8),
    ) {
        let (stage, mut now) = after(days, start, outside, &steps);
        let mut before: BTreeSet<String> = BTreeSet::new();
        for hours in hours {
            now += TimeDelta::hours(hours);
            let due = stage.due(now);
            let keys: BTreeSet<String> = due.iter().map(|warning| format!("{:?}", warning.key())).collect();
            prop_assert_eq!(keys.len(), due.len(), "a warning is there twice: {:?}", due);
            prop_assert!(keys.is_superset(&before), "taken back: {:?} at {}", before.difference(&keys), shown(now));
            for warning in &due {
                prop_assert!(calendar().is_open(warning.since), "{:?} at {}", warning, shown(warning.since));
                prop_assert!(!warning.to.is_empty());
            }
            before = keys;
        }
    }
}
