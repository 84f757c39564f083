//! What must hold of time: caps of special procedures, a machine's clock set back, all of 2026 day by day.

use super::fixture::Play;
use super::hall::{at, calendar};
use crate::calendar::Calendar;
use crate::case::*;
use crate::catalogue::Limit;
use crate::clock::Clock;
use chrono::{Datelike, NaiveDate, TimeDelta};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A food licence, submitted on Monday, 2 March 2026; its inspection (现场核查整改) takes at most ten working days.
fn submitted() -> Play {
    let mut play = Play::of_matters(&["YY-02", "SZ-03"]).running();
    play.claim("YY-02");
    play.submit("YY-02");
    play
}

fn stop(name: &str, until: NaiveDate, beyond: Option<&str>) -> Value {
    json!({"type": "stop_clock", "matter": "YY-02", "kind": "special", "name": name, "reason": "核查", "until": until,
        "beyond_cap": beyond})
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn s8_2_a_special_procedure_beyond_its_cap_says_why() {
    let mut play = submitted();
    let who = "office-d15";
    let name = "现场核查整改";
    play.clone().ok(who, stop(name, day("2026-03-16"), None));
    let refusal = play.refused(who, stop(name, day("2026-03-17"), None));
    assert_eq!(refusal.code, Code::BeyondCap);
    let told = ["name", "cap", "unit", "date"].map(|param| refusal.params[param].as_str());
    assert_eq!(told, [name, "10", "working_day", "2026-03-16"]);
    assert_eq!(play.code(who, stop(name, day("2026-03-17"), Some(" "))), Code::BeyondCap);
    assert_eq!(
        play.code(who, stop("另起的名字", day("2026-03-17"), None)),
        Code::BeyondCap,
        "a new name is no way around"
    );
    let events = play.clone().ok(who, stop(name, day("2026-03-17"), Some("整改工程量大")));
    assert!(
        matches!(&events[0], Event::Matter(MatterEvent::ClockStopped { beyond_cap: Some(why), .. }) if why == "整改工程量大")
    );
    let events = play.ok(who, stop(name, day("2026-03-06"), Some("用不上")));
    assert!(matches!(&events[0], Event::Matter(MatterEvent::ClockStopped { beyond_cap: None, .. })));
}

#[test]
fn s8_2_a_special_procedure_where_none_is_listed_needs_a_reason_beyond_thirty_working_days() {
    let mut play = submitted();
    play.claim("SZ-03");
    play.submit("SZ-03");
    assert!(play.matter("SZ-03").scope.special.is_empty(), "the catalogue lists none");
    let last = calendar().add_working_days(day("2026-03-02"), 30).date;
    let stop = |until: NaiveDate, beyond: Option<&str>| {
        json!({"type": "stop_clock", "matter": "SZ-03", "kind": "special", "name": "专家论证", "reason": "论证", "until": until,
            "beyond_cap": beyond})
    };
    play.clone().ok("office-d28", stop(last, None));
    let refusal = play.refused("office-d28", stop(last.succ_opt().unwrap(), None));
    assert_eq!((refusal.code, refusal.params["cap"].as_str()), (Code::BeyondCap, "30"));
    assert_eq!(refusal.params["date"], last.to_string());
    play.ok("office-d28", stop(day("2027-03-02"), Some("专家论证要一年")));
}

#[test]
fn s8_2_a_remote_session_entered_late_is_marked() {
    let mut play = submitted();
    let mut late = |started: &str| {
        let session = json!({"type": "record_remote_session", "channel": "wechat", "topic": "怎么填", "started_at": started,
            "minutes": 5, "outcome": "填好了"});
        let events = play.ok("agent", session);
        matches!(&events[0], Event::Record(RecordEvent::RemoteSessionRecorded { late: true, .. }))
    };
    assert!(late("2026-02-02T01:00:00Z"));
    assert!(!late("2026-03-02T01:00:00Z"));
}

#[test]
fn s8_2_a_special_procedure_in_pieces_has_one_cap() {
    let mut play = submitted();
    play.ok("office-d15", stop("现场核查整改", day("2026-03-10"), None));
    play.later_days(8);
    play.ok("office-d15", json!({"type": "resume_clock", "matter": "YY-02"}));
    // Six working days are used, four are left: from Tuesday, 10 March, to Monday, 16 March.
    assert_eq!(play.code("office-d15", stop("现场核查整改", day("2026-03-17"), None)), Code::BeyondCap);
    play.ok("office-d15", stop("现场核查整改", day("2026-03-16"), None));
}

#[test]
fn s8_2_a_new_name_is_no_new_time() {
    let mut play = submitted();
    play.ok("office-d15", stop("甲", day("2026-03-10"), None));
    play.later_days(8);
    play.ok("office-d15", json!({"type": "resume_clock", "matter": "YY-02"}));
    assert_eq!(play.code("office-d15", stop("乙", day("2026-03-17"), None)), Code::BeyondCap);
    play.ok("office-d15", stop("现场核查整改", day("2026-03-24"), None));
}

#[test]
fn s8_2_a_clock_is_not_stopped_twice_nor_resumed_before_the_stop() {
    let mut play = submitted();
    assert_eq!(play.code("office-d15", json!({"type": "resume_clock", "matter": "YY-02"})), Code::ClockNotStopped);
    play.ok("office-d15", stop("现场核查整改", day("2026-03-10"), None));
    assert_eq!(play.code("office-d15", stop("现场核查整改", day("2026-03-10"), None)), Code::ClockStopped);
    let mut clock = Clock::start(Limit::working_days(3), at("2026-03-02 09:00"));
    let until = Some(day("2026-03-10"));
    clock.stop(crate::clock::IntervalKind::Special, Some("评审".to_owned()), until, at("2026-03-03 09:00")).unwrap();
    assert_eq!(clock.resume(at("2026-03-03 08:59")), Err(crate::clock::ClockError::Earlier));
}

#[test]
fn s8_2_a_machine_clock_set_back_is_told_and_two_machines_may_differ_a_little() {
    let mut play = submitted();
    let last = play.case.changed_at;
    play.hall.now -= TimeDelta::seconds(6);
    let offer = json!({"type": "claim_matter", "matter": "SZ-03"});
    let refusal = play.refused("office-d28", offer.clone());
    assert_eq!(refusal.code, Code::ClockSetBack);
    play.hall.now += TimeDelta::seconds(2);
    play.ok("office-d28", offer);
    assert_eq!(play.log.last().unwrap().at, last, "an event has the moment of the one before it, never an earlier one");
    assert_eq!(play.matter("SZ-03").claimed_at, Some(last));
}

/// The hall's day and hours come from a fixed offset, not from the machine: `chrono::Local`, which alone would ask the
/// machine, is forbidden in the whole house (`clippy.toml`).
#[test]
fn s8_2_the_hall_lives_in_shanghai_whatever_the_machine_says() {
    let moment = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(crate::calendar::today(moment("2026-03-01T15:59:59Z")), day("2026-03-01"));
    assert_eq!(crate::calendar::today(moment("2026-03-01T16:00:00Z")), day("2026-03-02"));
    // A country with summer time would have another hour in July.
    assert_eq!(calendar().closes_at(day("2026-07-01")), moment("2026-07-01T09:30:00Z"));
    assert_eq!(calendar().closes_at(day("2026-12-01")), moment("2026-12-01T09:30:00Z"));
    let late = Clock::start(Limit::working_days(1), moment("2026-03-01T16:30:00Z"));
    assert_eq!(late.due(calendar(), moment("2026-03-01T16:30:00Z")).unwrap().date, day("2026-03-03"), "Monday already");
}

/// A day of 2026 that the hall works, told from the State Council's lists alone and without the calendar's own code.
struct Naive {
    off: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
}

impl Naive {
    fn read() -> Self {
        let file: Value = serde_json::from_str(include_str!("../../../../../reference/holidays.json")).unwrap();
        let days = |list: &str| -> BTreeSet<NaiveDate> {
            let years = file.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with('_'));
            let dates = years.flat_map(|(_, year)| year[list].as_array().unwrap().clone());
            dates.map(|date| day(date.as_str().unwrap())).collect()
        };
        Self { off: days("off"), work: days("work") }
    }

    fn works(&self, date: NaiveDate) -> bool {
        self.work.contains(&date) || (date.weekday().number_from_monday() < 6 && !self.off.contains(&date))
    }
}

/// Every day of 2026 as a day of submission, with every limit up to thirty days: the due day is the one that somebody finds
/// who crosses out the days on a sheet.
#[test]
fn s8_2_every_day_of_2026_is_due_where_a_sheet_says_so() {
    let naive = Naive::read();
    let first = day("2026-01-01");
    let made_up = first.iter_days().take(365).filter(|date| naive.work.contains(date)).count();
    assert!(made_up >= 5, "the year has make-up days, or this test says little: {made_up}");
    for date in first.iter_days().take(365) {
        let start = crate::calendar::utc(date.and_hms_opt(10, 0, 0).unwrap());
        let mut sheet = date.iter_days().skip(1).filter(|date| naive.works(*date));
        for days in 1..=30u32 {
            let expected = sheet.next().unwrap();
            let clock = Clock::start(Limit::working_days(days), start);
            assert_eq!(clock.due(calendar(), start).unwrap().date, expected, "{date} + {days}");
        }
        let natural = Clock::start(Limit::natural_days(20), start).due(calendar(), start).unwrap().date;
        let twentieth = date + chrono::Days::new(20);
        assert_eq!(natural, twentieth.iter_days().find(|date| naive.works(*date)).unwrap(), "{date} + 20 natural days");
    }
}

/// A clock that runs through a whole year uses exactly the working days that the sheet has.
#[test]
fn s8_2_a_year_long_clock_uses_the_working_days_of_2026() {
    let naive = Naive::read();
    let clock = Clock::start(Limit::working_days(400), at("2025-12-31 10:00"));
    let mut used = 0;
    for date in day("2026-01-01").iter_days().take(365) {
        used += u32::from(naive.works(date));
        let evening = calendar().closes_at(date);
        assert_eq!(clock.split(calendar(), evening).office, used, "{date}");
        assert_eq!(
            clock.split(calendar(), evening - TimeDelta::minutes(1)).office,
            used - u32::from(naive.works(date))
        );
    }
}

proptest! {
    /// A further holiday never makes a matter due earlier, by promise or by law.
    #[test]
    fn s8_2_a_further_holiday_makes_no_due_day_earlier(days in 0i64..60, closed in 0i64..120, stopped in any::<bool>()) {
        let mut play = submitted();
        if stopped {
            play.ok("office-d15", stop("现场核查整改", day("2026-03-06"), None));
        }
        let mut after: Calendar = calendar().clone();
        after.close(day("2026-03-02") + TimeDelta::days(closed), "测试文件").unwrap();
        let now = play.hall.now + TimeDelta::days(days);
        let [before, after] = [calendar(), &after].map(|calendar| play.case.dues(&"YY-02".into(), calendar, now));
        prop_assert!(after.promised.unwrap().date >= before.promised.unwrap().date);
        prop_assert!(after.statutory.unwrap().date >= before.statutory.unwrap().date);
    }

    /// Whatever is entered when, the events of a case never run backwards, and nothing panics.
    #[test]
    fn s8_2_a_case_never_runs_backwards(shifts in prop::collection::vec(-90i64..90, 1..12)) {
        let mut play = submitted();
        for (index, seconds) in shifts.into_iter().enumerate() {
            play.hall.now += TimeDelta::seconds(seconds);
            let command = match index % 3 {
                0 => stop("现场核查整改", day("2026-03-06"), None),
                1 => json!({"type": "resume_clock", "matter": "YY-02"}),
                _ => json!({"type": "extend_limit", "matter": "YY-02", "days": 1, "reason": "复杂", "approver": "head"}),
            };
            let before = play.case.changed_at;
            let lags = play.hall.now + TimeDelta::seconds(5) < before;
            let done = play.run("office-d15", &super::fixture::command(command));
            prop_assert!(!lags || done.is_err());
        }
        prop_assert!(play.log.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let clock = play.matter("YY-02").clock.as_ref().unwrap();
        prop_assert!(clock.intervals.iter().all(|i| i.to.is_none_or(|to| i.from <= to)));
    }
}
