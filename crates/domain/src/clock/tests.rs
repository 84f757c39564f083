use super::*;
use crate::calendar::utc;
use chrono::{NaiveDateTime, TimeDelta};
use proptest::prelude::*;

fn calendar() -> Calendar {
    Calendar::parse(include_str!("../../../../reference/holidays.json")).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A clock of so many working days that started on Tuesday, 3 November 2026, at ten; the month has no holiday.
fn clock(days: u32) -> Clock {
    Clock::start(Limit::working_days(days), at("2026-11-03 10:00"))
}

fn due(clock: &Clock, now: &str) -> NaiveDate {
    clock.due(&calendar(), at(now)).unwrap().date
}

fn light(clock: &Clock, now: &str) -> Light {
    clock.light(&calendar(), at(now), &Thresholds::default())
}

#[test]
fn s5_3_the_day_of_the_start_is_not_counted() {
    assert_eq!(due(&clock(3), "2026-11-03 10:00"), date("2026-11-06"));
    assert_eq!(due(&clock(5), "2026-11-03 10:00"), date("2026-11-10"));
    assert_eq!(due(&clock(0), "2026-11-03 10:00"), date("2026-11-03"));
}

#[test]
fn a_start_on_a_holiday_counts_from_the_next_working_day() {
    let saturday = Clock::start(Limit::working_days(0), at("2026-11-07 10:00"));
    assert_eq!(due(&saturday, "2026-11-07 10:00"), date("2026-11-09"));
    let saturday = Clock::start(Limit::working_days(1), at("2026-11-07 10:00"));
    assert_eq!(due(&saturday, "2026-11-07 10:00"), date("2026-11-09"));
}

#[test]
fn natural_days_count_every_day_and_end_on_a_working_day() {
    let clock = Clock::start(Limit::natural_days(7), at("2026-11-01 10:00"));
    assert_eq!(due(&clock, "2026-11-01 10:00"), date("2026-11-09"));
    let clock = Clock::start(Limit::natural_days(8), at("2026-11-01 10:00"));
    assert_eq!(due(&clock, "2026-11-01 10:00"), date("2026-11-09"));
}

#[test]
fn s8_2_days_at_whose_close_the_clock_is_stopped_are_not_used() {
    let mut clock = clock(5);
    clock.stop(IntervalKind::Correction, None, None, at("2026-11-04 09:00")).unwrap();
    clock.resume(at("2026-11-06 16:00")).unwrap();
    // Wednesday and Thursday belong to the enterprise; Friday was running at the close.
    assert_eq!(due(&clock, "2026-11-06 17:00"), date("2026-11-12"));
    let split = clock.split(&calendar(), at("2026-11-09 18:00"));
    assert_eq!(split, TimeSplit { office: 2, enterprise: 2, special: 0, suspended: 0, outside: 0 });
}

#[test]
fn a_stop_within_one_day_changes_nothing() {
    let mut clock = clock(3);
    clock.stop(IntervalKind::Correction, None, None, at("2026-11-04 09:00")).unwrap();
    clock.resume(at("2026-11-04 11:00")).unwrap();
    assert_eq!(due(&clock, "2026-11-04 12:00"), date("2026-11-06"));
}

#[test]
fn while_stopped_the_due_day_rests_on_the_planned_end_or_on_now() {
    let mut planned = clock(3);
    planned
        .stop(IntervalKind::Special, Some("专家评审".to_owned()), Some(date("2026-11-12")), at("2026-11-04 09:00"))
        .unwrap();
    assert_eq!(due(&planned, "2026-11-05 10:00"), date("2026-11-16"));
    // The planned end has passed: every further day moves the due day.
    assert_eq!(due(&planned, "2026-11-16 10:00"), date("2026-11-18"));
    let mut open = clock(3);
    open.stop(IntervalKind::Correction, None, None, at("2026-11-04 09:00")).unwrap();
    assert_eq!(due(&open, "2026-11-05 10:00"), date("2026-11-09"));
    assert_eq!(due(&open, "2026-11-05 18:00"), date("2026-11-10"));
    // Resuming on the planned end gives exactly the day that was forecast.
    planned.resume(at("2026-11-12 09:00")).unwrap();
    assert_eq!(due(&planned, "2026-11-12 09:00"), date("2026-11-16"));
}

#[test]
fn s5_3_an_extension_moves_the_due_day() {
    let mut clock = clock(3);
    clock.extend(3).unwrap();
    assert_eq!(due(&clock, "2026-11-03 10:00"), date("2026-11-11"));
    clock.finish(at("2026-11-05 10:00")).unwrap();
    assert_eq!(clock.extend(1), Err(ClockError::Finished));
}

#[test]
fn s8_2_lights_go_from_green_over_yellow_to_red() {
    let mut clock = clock(10);
    assert_eq!(due(&clock, "2026-11-03 10:00"), date("2026-11-17"));
    assert_eq!(light(&clock, "2026-11-09 10:00"), Light::Green);
    assert_eq!(light(&clock, "2026-11-10 10:00"), Light::Yellow);
    assert_eq!(light(&clock, "2026-11-17 17:30"), Light::Yellow);
    assert_eq!(light(&clock, "2026-11-17 17:31"), Light::Red);
    clock.finish(at("2026-11-18 10:00")).unwrap();
    assert_eq!(light(&clock, "2026-11-18 10:00"), Light::Grey);
    assert!(clock.is_overdue(&calendar(), at("2026-11-30 10:00")), "it stays known that it was late");
}

#[test]
fn two_working_days_or_less_are_yellow_whatever_the_share() {
    let clock = clock(3);
    assert_eq!(light(&clock, "2026-11-03 10:00"), Light::Green);
    assert_eq!(light(&clock, "2026-11-04 10:00"), Light::Yellow);
    let strict = Thresholds { percent_left: 0, days_left: 0 };
    assert_eq!(clock.light(&calendar(), at("2026-11-04 10:00"), &strict), Light::Green);
}

#[test]
fn s8_2_a_stop_is_purple_but_does_not_hide_that_it_is_overdue() {
    let mut late = clock(1);
    late.stop(IntervalKind::Correction, None, None, at("2026-11-05 09:00")).unwrap();
    assert_eq!(light(&late, "2026-11-05 10:00"), Light::Red);
    let mut timely = clock(3);
    timely.stop(IntervalKind::Correction, None, None, at("2026-11-05 09:00")).unwrap();
    assert_eq!(light(&timely, "2026-11-30 10:00"), Light::Purple);
    assert_eq!(light(&Clock { intervals: Vec::new(), ..clock(3) }, "2026-11-05 10:00"), Light::Grey);
}

#[test]
fn remaining_counts_working_days_to_the_due_day() {
    let clock = clock(5);
    let remaining = |now: &str| clock.remaining(&calendar(), at(now));
    assert_eq!(remaining("2026-11-03 10:00"), 5);
    assert_eq!(remaining("2026-11-07 10:00"), 2);
    assert_eq!(remaining("2026-11-10 10:00"), 0);
    assert_eq!(remaining("2026-11-12 10:00"), -2);
}

#[test]
fn a_clock_refuses_what_cannot_be() {
    let mut clock = clock(3);
    let later = at("2026-11-04 09:00");
    assert_eq!(clock.resume(later), Err(ClockError::NotStopped));
    assert_eq!(clock.stop(IntervalKind::Running, None, None, later), Err(ClockError::NotAStop));
    assert_eq!(
        clock.stop(IntervalKind::Special, Some(" ".to_owned()), None, later),
        Err(ClockError::SpecialWithoutName)
    );
    let yesterday = Some(date("2026-11-03"));
    assert_eq!(clock.stop(IntervalKind::Correction, None, yesterday, later), Err(ClockError::EndsBeforeStop));
    assert_eq!(clock.stop(IntervalKind::Correction, None, None, at("2026-11-03 09:59")), Err(ClockError::Earlier));
    clock.stop(IntervalKind::Correction, None, None, later).unwrap();
    assert_eq!(clock.stop(IntervalKind::Correction, None, None, later), Err(ClockError::AlreadyStopped));
    assert_eq!(clock.resume(at("2026-11-04 08:59")), Err(ClockError::Earlier));
    clock.finish(at("2026-11-05 09:00")).unwrap();
    for refused in [clock.clone().resume(later), clock.clone().finish(later), clock.clone().suspend(None, later)] {
        assert_eq!(refused, Err(ClockError::Finished));
    }
}

#[test]
fn a_suspension_gives_back_what_it_interrupted() {
    let mut clock = clock(5);
    clock.stop(IntervalKind::Correction, None, Some(date("2026-11-20")), at("2026-11-04 09:00")).unwrap();
    clock.suspend(None, at("2026-11-05 09:00")).unwrap();
    assert_eq!(clock.suspend(None, at("2026-11-05 10:00")), Err(ClockError::AlreadyStopped));
    clock.resume(at("2026-11-09 09:00")).unwrap();
    assert_eq!(clock.state(), Some(IntervalKind::Correction), "the correction is still owed");
    assert_eq!(clock.intervals.last().unwrap().until, Some(date("2026-11-20")));
    clock.resume(at("2026-11-10 09:00")).unwrap();
    assert_eq!(clock.state(), Some(IntervalKind::Running));
    let split = clock.split(&calendar(), at("2026-11-10 18:00"));
    assert_eq!(split, TimeSplit { office: 1, enterprise: 2, special: 0, suspended: 2, outside: 0 });
}

#[test]
fn a_clock_survives_being_stored() {
    let mut clock = clock(5);
    clock
        .stop(IntervalKind::Special, Some("公示".to_owned()), Some(date("2026-11-20")), at("2026-11-04 09:00"))
        .unwrap();
    let json = serde_json::to_string(&clock).unwrap();
    assert!(json.contains(r#""kind":"special""#) && json.contains(r#""unit":"working_day""#), "{json}");
    assert_eq!(serde_json::from_str::<Clock>(&json).unwrap(), clock);
}

/// A clock that was turned at random moments, the last moment, and whether it was finished then.
fn lived() -> impl Strategy<Value = (Clock, DateTime<Utc>)> {
    let turns = proptest::collection::vec((1i64..9000, 0u8..4), 0..12);
    (0u32..40, any::<bool>(), 0i64..700, turns, any::<bool>()).prop_map(|(days, natural, start, turns, finish)| {
        let limit = if natural { Limit::natural_days(days) } else { Limit::working_days(days) };
        let mut now = at("2024-01-01 00:00") + TimeDelta::minutes(start * 1440 + 613);
        let mut clock = Clock::start(limit, now);
        for (minutes, turn) in turns {
            now += TimeDelta::minutes(minutes);
            // A refusal leaves the clock as it was.
            let _ = match turn {
                0 => clock.resume(now),
                1 => clock.stop(IntervalKind::Correction, None, None, now),
                2 => clock.stop(
                    IntervalKind::Special,
                    Some("听证".to_owned()),
                    Some(today(now) + TimeDelta::days(6)),
                    now,
                ),
                _ => clock.suspend(None, now),
            };
        }
        if finish {
            clock.finish(now).unwrap();
        }
        (clock, now)
    })
}

proptest! {
    #[test]
    fn a_further_holiday_never_makes_a_clock_due_earlier((clock, now) in lived(), holiday in 0i64..1000) {
        let before = calendar();
        let mut after = before.clone();
        after.close(date("2024-01-01") + TimeDelta::days(holiday), "测试文件").unwrap();
        prop_assert!(clock.due(&after, now).unwrap().date >= clock.due(&before, now).unwrap().date);
    }

    #[test]
    fn s8_2_the_parts_add_up_to_the_clocks_life((clock, now) in lived(), wait in 0i64..9000) {
        let calendar = calendar();
        let now = now + TimeDelta::minutes(wait);
        let end = clock.finished.unwrap_or(now);
        let (first, last) = (today(clock.started().unwrap()), today(end));
        let mut life = calendar.working_days_between(first, last);
        if last > first && calendar.day(last).working && calendar.closes_at(last) > end {
            life -= 1;
        }
        prop_assert_eq!(i64::from(clock.split(&calendar, now).total()), life);
        let joined = clock.intervals.windows(2).all(|pair| pair[0].to == Some(pair[1].from));
        prop_assert!(joined && clock.intervals.last().unwrap().to == clock.finished);
    }

    #[test]
    fn s8_2_the_office_never_uses_more_than_its_limit_before_it_is_overdue((clock, now) in lived()) {
        let calendar = calendar();
        if clock.limit.unit == DayUnit::WorkingDay && !clock.is_overdue(&calendar, now) {
            prop_assert!(clock.split(&calendar, now).office <= clock.limit.days);
        }
    }
}
