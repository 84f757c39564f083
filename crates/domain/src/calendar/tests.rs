use super::*;
use proptest::prelude::*;
use serde_json::Value;

const HOLIDAYS: &str = include_str!("../../../../reference/holidays.json");

fn calendar() -> Calendar {
    Calendar::parse(HOLIDAYS).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

fn file() -> Value {
    serde_json::from_str(HOLIDAYS).unwrap()
}

#[test]
fn every_due_date_vector() {
    let (calendar, file) = (calendar(), file());
    let vectors = file["_meta"]["due_date_vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let start = date(vector["start"].as_str().unwrap());
        let due = calendar.add_working_days(start, vector["working_days"].as_u64().unwrap().try_into().unwrap());
        assert_eq!(due, Due { date: date(vector["due"].as_str().unwrap()), provisional: false }, "{vector}");
        let back = calendar.working_days_between(start, due.date);
        assert_eq!(back, vector["working_days"].as_i64().unwrap(), "{vector}");
    }
}

#[test]
fn working_days_of_every_year_and_month() {
    let (calendar, file) = (calendar(), file());
    let years = [2024, 2025, 2026];
    assert!(calendar.years().iter().eq(&years));
    for year in years {
        let entry = &file[year.to_string()];
        let mut months = [0; 12];
        let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|d| d.year() == year);
        for day in days.filter(|d| calendar.day(*d).working) {
            months[day.month0() as usize] += 1;
        }
        let expected: Vec<i64> =
            entry["working_days_by_month"].as_array().unwrap().iter().map(|n| n.as_i64().unwrap()).collect();
        assert_eq!(months.to_vec(), expected, "{year}");
        assert_eq!(months.iter().sum::<i64>(), entry["working_days"].as_i64().unwrap(), "{year}");
    }
}

#[test]
fn every_holiday_is_off_and_every_make_up_day_is_worked() {
    let (calendar, file) = (calendar(), file());
    for year in ["2024", "2025", "2026"] {
        for holiday in file[year]["holidays"].as_array().unwrap() {
            let (from, to) = (date(holiday["from"].as_str().unwrap()), date(holiday["to"].as_str().unwrap()));
            assert!(from.iter_days().take_while(|d| *d <= to).all(|d| !calendar.day(d).working), "{holiday}");
            assert!(
                holiday["make_up"].as_array().unwrap().iter().all(|d| calendar.day(date(d.as_str().unwrap())).working),
                "{holiday}"
            );
        }
    }
}

#[test]
fn unknown_years_are_provisional_until_their_arrangement_is_imported() {
    let mut calendar = calendar();
    assert_eq!(calendar.day(date("2027-01-04")), Day { working: true, provisional: true });
    let start = date("2026-12-30");
    assert_eq!(calendar.add_working_days(start, 2), Due { date: date("2027-01-01"), provisional: true });
    calendar.import(r#"{"2027":{"off":["2027-01-01","2027-01-02","2027-01-03"],"work":[]}}"#).unwrap();
    assert_eq!(calendar.add_working_days(start, 2), Due { date: date("2027-01-04"), provisional: false });
}

#[test]
fn importing_a_year_again_replaces_it() {
    let mut calendar = calendar();
    assert!(!calendar.day(date("2026-05-05")).working);
    calendar.import(r#"{"2026":{"off":["2026-05-01"],"work":[]}}"#).unwrap();
    assert!(calendar.day(date("2026-05-05")).working);
    assert!(!calendar.day(date("2025-05-05")).working);
}

#[test]
fn natural_days_that_end_on_a_holiday_move_to_the_next_working_day() {
    let calendar = calendar();
    assert_eq!(calendar.add_natural_days(date("2026-09-21"), 15).date, date("2026-10-08"));
    assert_eq!(calendar.add_natural_days(date("2026-09-21"), 2).date, date("2026-09-23"));
    assert_eq!(calendar.add_natural_days(date("2026-09-20"), 0).date, date("2026-09-20"));
    assert_eq!(calendar.add_natural_days(date("2026-09-26"), 0).date, date("2026-09-28"));
}

#[test]
fn working_days_between_counts_backwards_too() {
    let calendar = calendar();
    assert_eq!(calendar.working_days_between(date("2026-09-30"), date("2026-10-13")), 5);
    assert_eq!(calendar.working_days_between(date("2026-10-13"), date("2026-09-30")), -5);
    assert_eq!(calendar.working_days_between(date("2026-10-13"), date("2026-10-13")), 0);
}

#[test]
fn days_that_nobody_means_are_refused_and_counted_in_no_time() {
    let calendar = calendar();
    let today = date("2026-11-25");
    assert!(is_near(date("2036-11-25"), today) && is_near(date("2016-11-25"), today));
    assert!(!is_near(date("2036-11-26"), today) && !is_near(date("2016-11-23"), today));
    assert!(!is_near(NaiveDate::MAX, today) && !is_near(NaiveDate::MIN, today));
    let far = calendar.working_days_between(today, NaiveDate::MAX);
    assert!((20_000..36_525).contains(&far), "a century of working days: {far}");
    assert!(calendar.working_days_between(NaiveDate::MAX, today) < 0);
}

#[test]
fn a_local_closure_needs_a_document_and_can_be_taken_back() {
    let mut calendar = calendar();
    let day = date("2026-07-15");
    assert_eq!(calendar.close(day, "  "), Err(CalendarError::NoDocument(day)));
    calendar.close(day, "左政办发〔2026〕8号").unwrap();
    assert!(!calendar.day(day).working);
    assert_eq!(calendar.add_working_days(date("2026-07-14"), 1).date, date("2026-07-16"));
    assert_eq!(calendar.reopen(day).as_deref(), Some("左政办发〔2026〕8号"));
    assert!(calendar.day(day).working);
}

#[test]
fn files_that_contradict_themselves_are_refused_and_change_nothing() {
    let refused = |json: &str| Calendar::parse(json).unwrap_err();
    assert!(matches!(refused("{"), CalendarError::Unreadable { line: 1, .. }));
    assert_eq!(refused(r#"{"soon":{"off":[],"work":[]}}"#), CalendarError::Year("soon".to_owned()));
    let outside = CalendarError::Outside { year: 2027, date: date("2026-10-01") };
    assert_eq!(refused(r#"{"2027":{"off":["2026-10-01"],"work":[]}}"#), outside);
    let both = r#"{"2027":{"off":["2027-02-06"],"work":["2027-02-06"]}}"#;
    assert_eq!(refused(both), CalendarError::Both(date("2027-02-06")));
    let mut kept = calendar();
    assert!(kept.import(both).is_err());
    assert_eq!(kept, calendar());
}

#[test]
fn years_that_nobody_means_are_refused_and_break_nothing() {
    for year in ["0", "-1", "1999", "2100", "9999", "262142", "2147483647", "-2147483648"] {
        let days = format!(r#"{{"{year}":{{"off":[],"work":[]}}}}"#);
        let error = Calendar::parse(&days).unwrap_err();
        assert_eq!(error, CalendarError::Year(year.to_owned()));
        assert!(error.to_string().contains("2000 至 2099"), "{error}");
    }
    assert!(matches!(Calendar::parse(r#"{"2147483648":{"off":[],"work":[]}}"#), Err(CalendarError::Year(_))));
    assert!(Calendar::parse(r#"{"2000":{"off":[],"work":[]},"2099":{"off":["2100-01-01"],"work":[]}}"#).is_ok());
}

proptest::proptest! {
    /// Whatever days a file names, it is taken or refused with a sentence.
    #[test]
    fn odd_dates_in_a_file_are_refused_and_break_nothing(days in proptest::num::i32::ANY, year in proptest::num::i32::ANY, near: bool) {
        let year = if near { year.rem_euclid(200) + 1950 } else { year };
        let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(if near { NaiveDate::MAX } else { NaiveDate::MIN });
        let hall = |key: &str, more: &str| format!(r#"{{"_hall":{{"{key}":[{{"date":"{date}",{more}}}]}}}}"#);
        let session = r#""from":"18:00:00","to":"20:00:00""#;
        for (file, text) in [
            (format!(r#"{{"{year}":{{"off":["{date}"],"work":["{date}"]}}}}"#), true),
            (format!(r#"{{"{year}":{{"off":["{date}"],"work":[]}}}}"#), !near),
            (hall("closures", r#""document":"8号""#), !is_meant(date)),
            (hall("sessions", session), !is_meant(date)),
        ] {
            let read = Calendar::parse(&file);
            proptest::prop_assert!(!text || read.is_err_and(|error| !error.to_string().is_empty()), "{}", file);
        }
    }
}

#[test]
fn today_is_the_date_in_shanghai() {
    assert_eq!(today("2026-11-24T15:59:59Z".parse().unwrap()), date("2026-11-24"));
    assert_eq!(today("2026-11-24T16:00:00Z".parse().unwrap()), date("2026-11-25"));
}

#[test]
fn office_hours_open_close_and_follow_the_season() {
    let mut calendar = calendar();
    assert_eq!(calendar.closes_at(date("2026-11-24")).to_rfc3339(), "2026-11-24T09:30:00+00:00");
    assert_eq!(calendar.opens_at(date("2026-11-24")), at("2026-11-24 08:30"));
    assert!(calendar.is_open(at("2026-11-24 11:59")) && !calendar.is_open(at("2026-11-24 12:00")));
    assert!(!calendar.is_open(at("2026-11-28 10:00")), "a Saturday");
    let time = |text: &str| text.parse::<NaiveTime>().unwrap();
    let summer = vec![
        Period { from: time("08:30:00"), to: time("12:00:00") },
        Period { from: time("15:00:00"), to: time("18:00:00") },
    ];
    let season = |from, to| vec![Season { from, to, periods: summer.clone() }];
    calendar.set_hours(OfficeHours { seasons: season((5, 1), (9, 30)), ..OfficeHours::default() }).unwrap();
    assert_eq!(calendar.closes_at(date("2026-07-01")), at("2026-07-01 18:00"));
    assert_eq!(calendar.closes_at(date("2026-10-08")), at("2026-10-08 17:30"));
    calendar.set_hours(OfficeHours { seasons: season((10, 1), (4, 30)), ..OfficeHours::default() }).unwrap();
    assert_eq!(calendar.closes_at(date("2026-01-05")), at("2026-01-05 18:00"));
    assert_eq!(calendar.closes_at(date("2026-07-01")), at("2026-07-01 17:30"));
    let backwards = OfficeHours { periods: summer.iter().rev().copied().collect(), seasons: Vec::new() };
    assert_eq!(calendar.set_hours(backwards), Err(CalendarError::Hours));
    assert_eq!(
        calendar.set_hours(OfficeHours { periods: summer.clone(), seasons: season((2, 30), (3, 1)) }),
        Err(CalendarError::Hours)
    );
}

#[test]
fn s5_3_four_working_hours_run_over_noon_night_and_holidays() {
    let calendar = calendar();
    let after = |start: &str| local(calendar.add_working_minutes(at(start), 240)).format("%Y-%m-%d %H:%M").to_string();
    assert_eq!(after("2026-11-24 09:00"), "2026-11-24 15:30");
    assert_eq!(after("2026-11-24 13:00"), "2026-11-25 09:30");
    assert_eq!(after("2026-11-24 16:30"), "2026-11-25 11:30");
    assert_eq!(after("2026-09-30 16:30"), "2026-10-08 11:30");
    assert_eq!(after("2026-11-28 10:00"), "2026-11-30 15:00");
}

const OWN: &str = r#"{"2027":{"off":["2027-01-01"],"work":[]},"_note":"x","_hall":{
    "closures":[{"date":"2027-07-15","document":"左政办发〔2027〕3号","reason":"那达慕"}],
    "hours":{"periods":[{"from":"09:00:00","to":"12:00:00"},{"from":"14:00:00","to":"17:00:00"}],
             "seasons":[{"from":[6,1],"to":[8,31],"periods":[{"from":"08:00:00","to":"12:00:00"}]}]},
    "sessions":[{"date":"2027-07-17","from":"09:00:00","to":"11:00:00"},
                {"date":"2027-07-16","from":"18:00:00","to":"20:00:00","office":"D15"}]}}"#;

#[test]
fn the_halls_own_days_stand_beside_the_years() {
    let calendar = Calendar::parse(OWN).unwrap();
    assert!(!calendar.day(date("2027-07-15")).working, "closed by a document");
    assert_eq!(calendar.closures()[&date("2027-07-15")], "左政办发〔2027〕3号");
    assert_eq!(calendar.add_working_days(date("2027-07-14"), 1).date, date("2027-07-16"));
    assert_eq!(calendar.closes_at(date("2027-07-16")), at("2027-07-16 12:00"), "in summer");
    assert_eq!(calendar.closes_at(date("2027-09-16")), at("2027-09-16 17:00"));
    let refused = |json: &str| Calendar::parse(json).unwrap_err();
    assert_eq!(refused(&OWN.replace("左政办发〔2027〕3号", " ")), CalendarError::NoDocument(date("2027-07-15")));
    assert_eq!(refused(&OWN.replace("11:00", "08:00")), CalendarError::Session(date("2027-07-17")));
    assert!(matches!(refused(&OWN.replace("closures", "closed")), CalendarError::Unreadable { .. }));
}

#[test]
fn s6_4_a_session_after_hours_opens_the_hall_and_moves_no_limit() {
    let calendar = Calendar::parse(OWN).unwrap();
    let saturday = at("2027-07-17 10:00");
    assert!(calendar.is_open(saturday) && !calendar.is_office_hour(saturday));
    assert!(!calendar.is_open(at("2027-07-17 11:00")) && !calendar.day(date("2027-07-17")).working);
    let evening = at("2027-07-16 19:00");
    assert!(!calendar.is_open(evening), "only one office is there");
    assert_eq!(calendar.session_at(evening, &"D15".into()).map(|one| one.date), Some(date("2027-07-16")));
    assert_eq!(calendar.session_at(evening, &"B01".into()), None);
    assert!(calendar.session_at(saturday, &"B01".into()).is_some(), "all offices are there");
    let without = Calendar::parse(&OWN.replace("2027-07-17", "2027-07-03")).unwrap();
    assert_eq!(calendar.add_working_days(date("2027-07-16"), 3), without.add_working_days(date("2027-07-16"), 3));
}

#[test]
fn a_file_read_and_written_again_says_the_same() {
    for json in [HOLIDAYS, OWN] {
        let file = CalendarFile::parse(json).unwrap();
        let written: Value = serde_json::to_value(&file).unwrap();
        assert_eq!(serde_json::from_value::<CalendarFile>(written.clone()).unwrap(), file);
        assert_eq!(Calendar::build(file).unwrap(), Calendar::parse(&written.to_string()).unwrap());
    }
    let again: Value = serde_json::to_value(CalendarFile::parse(HOLIDAYS).unwrap()).unwrap();
    assert_eq!(again, file(), "nothing is lost on the way");
}

#[test]
fn a_new_year_leaves_the_halls_own_days() {
    let mut calendar = Calendar::parse(OWN).unwrap();
    calendar.import(r#"{"2028":{"off":["2028-01-03"],"work":[]}}"#).unwrap();
    assert!(!calendar.day(date("2027-07-15")).working && calendar.sessions().len() == 2);
    assert!(!calendar.day(date("2028-01-03")).working && !calendar.day(date("2028-03-01")).provisional);
}

proptest! {
    #[test]
    fn a_further_holiday_never_makes_a_due_date_earlier(start in 0i64..900, n in 0u32..120, holiday in 0i64..1200) {
        let first = date("2024-01-01");
        let start = first + TimeDelta::days(start);
        let before = calendar();
        let mut after = before.clone();
        after.close(first + TimeDelta::days(holiday), "测试文件").unwrap();
        prop_assert!(after.add_working_days(start, n).date >= before.add_working_days(start, n).date);
        prop_assert!(after.add_natural_days(start, n).date >= before.add_natural_days(start, n).date);
    }

    #[test]
    fn adding_and_counting_working_days_agree(start in 0i64..900, n in 1u32..120) {
        let calendar = calendar();
        let start = date("2024-01-01") + TimeDelta::days(start);
        let due = calendar.add_working_days(start, n);
        prop_assert!(calendar.day(due.date).working);
        prop_assert_eq!(calendar.working_days_between(start, due.date), i64::from(n));
    }
}
