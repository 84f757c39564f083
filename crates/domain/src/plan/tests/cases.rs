//! From a case to the plan's matters, and from its finished matters to history.

use super::{calendar, catalogue, day};
use crate::calendar::{today, utc};
use crate::case::*;
use crate::catalogue::propose_mode;
use crate::chain::Envelope;
use crate::ids::MatterCode;
use crate::plan::*;
use chrono::{DateTime, Utc};

/// A moment in Asia/Shanghai.
fn at(text: &str) -> DateTime<Utc> {
    utc(format!("{text}:00").parse().unwrap())
}

struct Course {
    case: Case,
}

impl Course {
    fn of(codes: &[&str]) -> Self {
        let codes: Vec<MatterCode> = codes.iter().map(|code| MatterCode::from(*code)).collect();
        let scope = |code: &MatterCode| {
            let matter = catalogue().matter(code).unwrap();
            let text = serde_json::json!({
                "code": code, "office": matter.department, "outside": false, "prerequisites": matter.depends_on,
                "limit": matter.promised, "special": matter.special_procedures, "after": matter.soft_after,
            });
            serde_json::from_value(text).unwrap()
        };
        let event = ApplicationEvent::ApplicationSubmitted {
            number: "2026-0001".to_owned(),
            applicant: "P1".into(),
            founding: false,
            project: None,
            channel: CaseChannel::WalkIn,
            delivery: DeliveryWay::InPerson,
            consultation: None,
            template: None,
            mode: crate::catalogue::Mode::Agency,
            proposal: propose_mode(catalogue(), &codes),
            matters: codes.iter().map(scope).collect(),
            materials: Vec::new(),
        };
        let first = envelope(1, "2026-03-02T09:00", event.into());
        let mut course = Self { case: Case::begin(&first).unwrap() };
        course.then("2026-03-02T10:00", DocumentEvent::AgencyStarted {});
        course.then("2026-03-02T10:00", MatterEvent::MattersOffered { matters: codes });
        course
    }

    fn then(&mut self, when: &str, event: impl Into<Event>) {
        self.case.apply(&envelope(self.case.version + 1, when, event.into()));
    }

    fn submit(&mut self, when: &str, code: &str) {
        let limit = self.case.matter(&code.into()).unwrap().scope.limit;
        self.then(when, MatterEvent::MatterSubmitted { matter: code.into(), number: None, limit, items: Vec::new() });
    }

    fn finish(&mut self, when: &str, code: &str, outcome: Outcome) {
        let event = serde_json::json!({
            "type": "matter_finished", "matter": code, "outcome": outcome, "results": [], "moves": [],
        });
        self.then(when, serde_json::from_value::<Event>(event).unwrap());
    }

    fn items(&self, now: &str) -> Vec<PlanItem> {
        items_of(&self.case, calendar(), at(now))
    }
}

fn envelope(seq: u64, when: &str, event: Event) -> Envelope {
    Envelope { case: "C1".into(), seq, at: at(when), actor: "agent".into(), on_behalf_of: None, event }
}

#[test]
fn s5_3_a_case_is_planned_from_what_is_finished_what_runs_and_what_remains() {
    // Registration, seal, land pre-examination after it.
    let mut course = Course::of(&["QY-02", "QY-04", "YD-01"]);
    let states = |course: &Course, now: &str| course.items(now).iter().map(|item| item.state).collect::<Vec<_>>();
    assert_eq!(states(&course, "2026-03-02T11:00"), [ItemState::Ready, ItemState::Waiting, ItemState::Ready]);
    course.submit("2026-03-03T09:00", "QY-02");
    course.submit("2026-03-03T09:00", "YD-01");
    let due =
        course.case.matter(&"YD-01".into()).unwrap().clock.as_ref().unwrap().due(calendar(), at("2026-03-04T09:00"));
    let items = course.items("2026-03-04T09:00");
    let due_date = due.unwrap().date;
    assert_eq!(items[2].state, ItemState::Running { since: day("2026-03-03"), due: Some(due_date), overdue: false });
    let left = calendar().working_days_between(day("2026-03-04"), due_date);
    assert_eq!(i64::from(items[2].days), left);
    let plan = schedule(&items, &[], calendar(), day("2026-03-04"), None);
    assert_eq!(plan.item(&"YD-01".into()).unwrap().finish.date, due_date, "the plan and the clock say the same day");
    course.finish("2026-03-04T11:00", "QY-02", Outcome::Granted);
    let after = states(&course, "2026-03-04T12:00");
    assert_eq!(
        after[..2],
        [ItemState::Done { since: Some(day("2026-03-03")), on: day("2026-03-04") }, ItemState::Ready]
    );
    // Long after the due day: overdue, not expected today.
    let late = &course.items("2026-12-01T09:00")[2];
    assert!(matches!(late.state, ItemState::Running { overdue: true, .. }) && late.days == 1);
}

#[test]
fn s5_3_a_refused_prerequisite_keeps_what_follows_waiting() {
    let mut course = Course::of(&["QY-02", "QY-04"]);
    course.submit("2026-03-03T09:00", "QY-02");
    course.finish("2026-03-04T09:00", "QY-02", Outcome::Refused);
    let items = course.items("2026-03-05T09:00");
    assert_eq!((items[0].state, items[1].state), (ItemState::Refused { on: day("2026-03-04") }, ItemState::Waiting));
    assert_eq!(items[0].days, 1);
}

#[test]
fn s5_3_the_usual_order_counts_until_a_preliminary_look_lifts_it() {
    let mut course = Course::of(&["YD-01", "LX-05", "LX-03"]);
    let soft = |course: &Course| course.items("2026-03-03T09:00")[2].soft.clone();
    let before = soft(&course);
    assert!(before.contains(&"LX-05".into()), "{before:?}");
    let event =
        serde_json::json!({ "type": "order_lifted", "matter": "LX-03", "before": "LX-05", "opinion": "可以先行" });
    course.then("2026-03-03T09:00", serde_json::from_value::<Event>(event).unwrap());
    assert!(!soft(&course).contains(&"LX-05".into()));
}

#[test]
fn s5_3_a_stop_and_its_time_stand_in_plan_and_history() {
    let mut course = Course::of(&["YD-01"]);
    course.submit("2026-03-04T09:00", "YD-01");
    let stop = serde_json::json!({
        "type": "clock_stopped", "matter": "YD-01", "kind": "special", "name": "专家评审", "reason": "评审", "until": "2026-03-13",
    });
    course.then("2026-03-05T09:00", serde_json::from_value::<Event>(stop).unwrap());
    let item = &course.items("2026-03-06T09:00")[0];
    assert_eq!(item.state, ItemState::Stopped { since: day("2026-03-04"), until: Some(day("2026-03-13")) });
    assert_eq!(item.special, 0, "it has had its special procedure");
    course.then("2026-03-10T09:00", MatterEvent::ClockResumed { matter: "YD-01".into() });
    course.finish("2026-03-12T16:00", "YD-01", Outcome::Granted);
    let runs = runs_of(&course.case, calendar());
    let run = &runs[0];
    // Submitted on Wednesday the 4th: 5, 6 and 9 were special, 10, 11 and the 12th itself the office's.
    assert_eq!((run.special_days, run.office_days, run.enterprise_days, run.suspended_days), (3, 3, 0, 0));
    assert_eq!((run.days(), run.lag_days), (6, 2), "free since Monday the 2nd");
}

#[test]
fn history_holds_what_was_decided_and_how_long_it_waited() {
    let mut course = Course::of(&["QY-02", "QY-04", "YD-01"]);
    let claimed = MatterEvent::MatterClaimed { matter: "QY-02".into(), office: "D01".into() };
    // From ten on Monday: two hours before noon, three in the afternoon, half an hour on Tuesday.
    course.then("2026-03-03T09:00", claimed);
    course.submit("2026-03-03T10:00", "QY-02");
    course.finish("2026-03-03T15:00", "QY-02", Outcome::Granted);
    course.finish("2026-03-03T15:00", "YD-01", Outcome::NotNeeded);
    let runs = runs_of(&course.case, calendar());
    assert_eq!(runs.len(), 1, "what is not needed or not decided is no history");
    let run = &runs[0];
    assert_eq!((run.days(), run.lag_days, run.waited_to_claim_minutes), (0, 1, Some(330)));
    assert_eq!((today(run.submitted_at), run.green, run.outside), (day("2026-03-03"), false, false));
}
