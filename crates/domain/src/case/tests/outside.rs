//! The outside ledger, the usual order, the goal, the green channel's limits, trips (S5.3, S6.4, S9.1).

use super::fixture::{Play, application, assistance, command};
use super::hall::{SCAN, at, calendar};
use crate::calendar::Calendar;
use crate::case::*;
use crate::clock::TimeSplit;
use crate::ids::MatterCode;
use serde_json::{Value, json};

fn check(matter: &str, state: &str) -> Value {
    json!({"type": "check_outside", "matter": matter, "state": state})
}

fn with(mut value: Value, more: Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn granted(matter: &str) -> Value {
    json!({"type": "finish_matter", "matter": matter, "outcome": "granted", "results": [{"name": "回执", "form": "original"}]})
}

/// Food licence in the hall's own system; the enterprise's own declaration, done outside; power in the power company's system.
fn running() -> Play {
    Play::of_matters(&["QY-03", "YY-02", "HP-03", "SZ-03"]).running()
}

#[test]
fn s5_3_the_agent_keeps_a_ledger_of_what_is_done_outside() {
    let mut play = running();
    assert_eq!(play.code("agent", check("YY-02", "not_filed")), Code::NotFollowedOutside);
    assert_eq!(play.code("office-d28", check("SZ-03", "not_filed")), Code::NotYours);
    play.ok("agent", check("SZ-03", "not_filed"));
    play.submit("HP-03");
    play.later_days(1);
    let filed = with(check("HP-03", "filed"), json!({"number": " 蒙环2026-7 ", "receipt": SCAN}));
    play.ok("agent", filed);
    play.later_days(3);
    play.ok("agent", check("HP-03", "in_review"));
    let record = play.matter("HP-03").outside_record.clone().unwrap();
    assert_eq!((record.state, record.number.as_deref()), (OutsideState::InReview, Some("蒙环2026-7")));
    assert_eq!(record.receipt.map(|file| file.id.to_string()).as_deref(), Some(SCAN), "the last receipt is kept");
    assert_eq!((record.checked_by.as_str(), record.checked_at, record.late), ("agent", play.hall.now, false));
    assert_eq!(play.code("agent", with(check("HP-03", "filed"), json!({"receipt": "f-99"}))), Code::UnknownFile);
}

#[test]
fn s3_2_the_ledger_is_no_way_around_the_submission() {
    let mut play = running();
    for state in ["filed", "accepted", "correcting", "in_review", "decided"] {
        assert_eq!(play.code("agent", check("HP-03", state)), Code::NotSubmitted, "{state}");
    }
    let mut early = Play::of_matters(&["HP-03", "SZ-03"]).preparing();
    assert_eq!(early.code("agent", check("HP-03", "not_filed")), Code::NotStarted);
}

#[test]
fn s5_3_levels_above_the_banner_are_told_by_the_catalogues_words() {
    let above = |level: &str| {
        let play = running();
        ScopedMatter { level: level.to_owned(), ..play.matter("YY-02").scope.clone() }.is_above_banner()
    };
    for level in [
        "市",
        "市/自治区",
        "国家能源局派出机构",
        "自治区电力公司",
        "旗受理/市政府",
        "旗初审/自治区",
        "旗组卷/自治区政府",
    ] {
        assert!(above(level), "{level}");
    }
    for level in ["", "旗", "苏木镇", "旗/市（按类别）", "旗/市/自治区（按取水量）"] {
        assert!(!above(level), "{level}");
    }
}

#[test]
fn s8_2_an_entry_long_after_the_fact_is_marked_and_says_why() {
    let mut play = running();
    play.submit("HP-03");
    let submitted = play.hall.now;
    play.later_days(4);
    let now = play.hall.now;
    let looked = |at: chrono::DateTime<chrono::Utc>| with(check("HP-03", "filed"), json!({"checked_at": at}));
    assert_eq!(play.code("agent", looked(now + chrono::TimeDelta::minutes(1))), Code::TimeInvalid, "the future");
    let before = submitted - chrono::TimeDelta::minutes(2);
    assert_eq!(play.code("agent", looked(before)), Code::TimeInvalid, "before the submission");
    // Monday to Friday: four working days; the day after would still be in time.
    let refusal = play.refused("agent", looked(submitted));
    assert_eq!((refusal.code, refusal.params["days"].as_str()), (Code::LateReasonNeeded, "1"));
    assert_eq!(play.code("agent", with(looked(submitted), json!({"late_reason": " "}))), Code::LateReasonNeeded);
    play.ok("agent", looked(now - chrono::TimeDelta::days(1)));
    assert!(!play.matter("HP-03").outside_record.as_ref().unwrap().late);
    let events = play.ok("agent", with(looked(submitted), json!({"late_reason": "下乡核查，网络不通"})));
    let Event::Matter(MatterEvent::OutsideChecked { happened_at, late, late_reason, .. }) = &events[0] else {
        panic!("{events:?}")
    };
    assert_eq!((*happened_at, *late, late_reason.as_deref()), (Some(submitted), true, Some("下乡核查，网络不通")));
    let record = play.matter("HP-03").outside_record.clone().unwrap();
    assert_eq!((record.late, record.checked_at, record.noted_at), (true, submitted, now));
    let text = serde_json::to_string(&events[0]).unwrap();
    assert!(text.contains(r#""late":true"#) && text.contains("happened_at"), "{text}");
}

#[test]
fn s8_2_the_clock_of_an_outside_matter_ends_when_the_body_was_done() {
    let mut play = Play::of_matters(&["SZ-03", "YY-02"]).running();
    play.ok("agent", json!({"type": "forward_matter", "matter": "SZ-03", "office": "D37", "reason": "上级办理"}));
    play.submit("SZ-03");
    play.later_days(8);
    let done = at("2026-03-05 16:00");
    let dated = with(granted("SZ-03"), json!({"at": done}));
    assert_eq!(play.code("agent", dated.clone()), Code::LateReasonNeeded);
    play.ok("agent", with(dated, json!({"late_reason": "邮寄回执路上耽搁"})));
    let matter = play.matter("SZ-03");
    assert_eq!((matter.finished_at, matter.clock.as_ref().unwrap().finished), (Some(done), Some(done)));
    let split = matter.split(&play.case, calendar(), play.hall.now);
    assert_eq!(split, TimeSplit { outside: 2, ..TimeSplit::default() }, "Tuesday and Wednesday, none of it the hall's");
}

#[test]
fn s8_2_an_office_of_the_hall_dates_nothing_back() {
    let mut play = Play::of_matters(&["SZ-03", "YY-02"]).running();
    play.claim("SZ-03");
    play.submit("SZ-03");
    play.later_days(1);
    let moment = play.hall.now - chrono::TimeDelta::hours(1);
    let dated = with(granted("SZ-03"), json!({"at": moment}));
    assert_eq!(play.code("office-d28", dated), Code::MomentOnlyOutside);
    play.ok("office-d28", granted("SZ-03"));
    assert_eq!(play.matter("SZ-03").finished_at, Some(play.hall.now));
}

#[test]
fn s3_1_an_escort_may_be_entered_afterwards() {
    let mut play = assistance().preparing();
    let walked = play.hall.now;
    play.later_days(2);
    let escort =
        json!({"type": "record_escort", "matter": "YY-15", "window": "3号窗口", "outcome": "accepted", "at": walked});
    assert_eq!(play.code("agent", escort.clone()), Code::LateReasonNeeded);
    play.ok("agent", with(escort, json!({"late_reason": "系统停电"})));
    assert_eq!(play.matter("YY-15").accepted_at_window, Some(walked));
}

#[test]
fn s5_3_the_usual_order_is_lifted_by_an_opinion_and_what_the_law_puts_first_never() {
    let mut play = running();
    let lift = |matter: &str, before: &str, opinion: &str| json!({"type": "lift_order", "matter": matter, "before": before, "opinion": opinion});
    let order = |play: &Play| play.case.open_order(play.matter("SZ-03")).len();
    assert_eq!(order(&play), 1, "power usually follows the licence of the enterprise");
    assert_eq!(play.code("agent", lift("SZ-03", "QY-03", "可先办")), Code::NotYours);
    assert_eq!(play.code("office-d15", lift("SZ-03", "QY-03", "可先办")), Code::NotYours, "another office");
    assert_eq!(play.code("office-d28", lift("SZ-03", "QY-03", " ")), Code::ReasonNeeded);
    assert_eq!(play.code("office-d28", lift("SZ-03", "YY-02", "可先办")), Code::NotInOrder);
    assert_eq!(play.code("office-d28", lift("SZ-03", "LX-01", "可先办")), Code::MatterNotInCase);
    assert_eq!(play.code("office-d15", lift("YY-02", "QY-03", "可先办")), Code::OrderSettled);
    play.ok("office-d28", lift("SZ-03", "QY-03", "已预审，场地和负荷明确，可以先办"));
    let lifted = &play.matter("SZ-03").lifted[0];
    assert_eq!((lifted.before.as_str(), lifted.by.as_str(), order(&play)), ("QY-03", "office-d28", 0));
    assert_eq!(play.code("head", lift("SZ-03", "QY-03", "可先办")), Code::OrderSettled);
    let mut hard = running();
    // The same matter both by law and by custom first: the law holds.
    hard.case.matters[3].scope.prerequisites.push("QY-03".into());
    let refusal = hard.refused("head", lift("SZ-03", "QY-03", "可先办"));
    assert_eq!((refusal.code, refusal.clause()), (Code::PrerequisiteOpen, Some("S5.3")));
}

#[test]
fn s5_3_the_usual_order_never_stands_in_the_way_of_a_submission() {
    let mut play = Play::of_matters(&["LX-02", "HP-03"]).running();
    assert_eq!(play.case.open_order(play.matter("HP-03")), [&MatterCode::from("LX-02")]);
    play.submit("HP-03");
    assert_eq!(play.matter("HP-03").status, MatterStatus::Submitted);
    let lift = json!({"type": "lift_order", "matter": "HP-03", "before": "LX-02", "opinion": "可先办"});
    assert_eq!(play.code("head", lift), Code::AlreadySubmitted);
}

#[test]
fn s5_3_a_goal_names_a_milestone_and_a_day_ahead() {
    let mut play = Play::of_template("T5").preparing();
    let goal = |milestone: &str, date: &str| json!({"type": "set_goal", "milestone": milestone, "date": date});
    assert_eq!(play.code("agent", goal("MS-XX", "2026-09-01")), Code::UnknownMilestone);
    let none = play.decide("agent", &command(goal("MS-JG", "2026-09-01"))).unwrap_err();
    let mut nowhere = Play::of_matters(&["QY-03"]).preparing();
    assert_eq!(nowhere.code("agent", goal("MS-KG", "2026-09-01")), Code::MilestoneNotInCase);
    let told = actions(&nowhere.case, &nowhere.hall.actor("agent"), &nowhere.hall.facts(None));
    let told = told.into_iter().find(|action| action.kind == CommandKind::SetGoal).unwrap();
    assert_eq!(told.refusal.map(|refusal| refusal.code), Some(Code::MilestoneNotInCase), "and nobody is offered it");
    assert_eq!((none.code, none.params["milestone"].as_str()), (Code::MilestoneNotInCase, "竣工验收完成"));
    assert_eq!(play.code("agent", goal("MS-KG", "2026-03-01")), Code::DateInPast);
    assert_eq!(play.code("agent", goal("MS-KG", "2036-03-05")), Code::DateTooFar);
    assert_eq!(play.code("enterprise", goal("MS-KG", "2026-09-01")), Code::NotYours);
    play.ok("agent", goal("MS-KG", "2026-03-02"));
    play.ok("head", goal("MS-KG", "2026-09-01"));
    let goal = play.case.goal.clone().unwrap();
    assert_eq!(
        (goal.milestone.as_str(), goal.date.to_string().as_str(), goal.by.as_str()),
        ("MS-KG", "2026-09-01", "head")
    );
}

#[test]
fn s6_4_the_green_channel_shortens_what_is_submitted_from_then_on() {
    let mut play = Play::of_matters(&["SZ-03", "YY-14", "YY-02"]).running();
    play.claim("SZ-03");
    play.submit("SZ-03");
    let open = json!({"type": "open_green_channel", "reason": "重点项目", "person": "agent",
        "measures": ["accompanied", "after_hours", "after_hours"]});
    play.ok("head", open);
    assert_eq!(play.case.green.as_ref().unwrap().measures, [GreenMeasure::AfterHours, GreenMeasure::Accompanied]);
    let days = |play: &Play, code: &str| play.matter(code).clock.as_ref().map(|clock| clock.limit.days);
    assert_eq!(days(&play, "SZ-03"), Some(6), "what runs already keeps its limit");
    play.claim("YY-14");
    play.submit("YY-14");
    assert_eq!(days(&play, "YY-14"), Some(4), "half of seven days, rounded up");
    play.claim("YY-02");
    play.submit("YY-02");
    assert_eq!(days(&play, "YY-02"), Some(2), "half of three days, rounded up");
    assert_eq!(play.matter("YY-02").scope.limit.map(|limit| limit.days), Some(3));
}

#[test]
fn s6_4_a_share_of_a_limit_is_at_least_a_day_and_never_longer() {
    use crate::catalogue::Limit;
    let days = |days: u32, share: u32| Limit::working_days(days).shortened(share).days;
    assert_eq!([days(10, 50), days(7, 50), days(1, 50), days(0, 50)], [5, 4, 1, 0]);
    assert_eq!([days(10, 0), days(10, 100), days(10, 300), days(u32::MAX, 100)], [1, 10, 10, u32::MAX]);
}

#[test]
fn s9_1_trips_made_and_saved_are_counted_by_their_rule() {
    let mut play = Play::new(&Application { channel: CaseChannel::WalkIn, ..application(&["QY-03", "YY-02"]) });
    assert_eq!(play.case.trips(), Trips { made: 1, by_staff: 0, saved: 0 });
    play = play.preparing().complete().handed_over().agreed().started();
    assert_eq!(play.case.trips().made, 1, "the papers came on the same day");
    play.later_days(1);
    let session = json!({"type": "record_remote_session", "channel": "phone", "topic": "填表",
        "started_at": play.hall.now, "minutes": 5, "outcome": "已会"});
    play.ok("agent", session);
    assert_eq!(play.case.trips(), Trips { made: 1, by_staff: 0, saved: 1 });
    play.work_all();
    // Two matters submitted and two results on paper fetched by the agent, one talk by telephone; the client came again with
    // the papers of the second matter.
    assert_eq!(play.case.trips(), Trips { made: 2, by_staff: 2, saved: 5 });
    play.later_days(1);
    let collect = play.collect_command();
    play.ok("agent", collect);
    assert_eq!(play.case.trips(), Trips { made: 3, by_staff: 2, saved: 5 });
}

#[test]
fn s9_1_results_sent_save_the_last_trip_and_escorts_save_none() {
    let mut sent =
        Play::new(&Application { delivery: DeliveryWay::Courier, ..application(&["QY-03", "YY-02"]) }).delivering();
    let before = sent.case.trips();
    let (results, items) = (sent.case.undelivered_results(), sent.case.outstanding_items());
    sent.ok("agent", json!({"type": "send_result", "results": results, "items": items, "carrier": "邮政", "number": "E1", "address": "林东镇"}));
    assert_eq!(sent.case.trips(), before, "not before it is there");
    sent.ok("agent", json!({"type": "confirm_receipt", "signed_by": "王经理", "at": sent.hall.now}));
    assert_eq!(sent.case.trips(), Trips { saved: before.saved + 1, ..before });
    let mut walked = assistance().preparing();
    for outcome in ["refused", "accepted"] {
        walked.ok("agent", json!({"type": "record_escort", "matter": "YY-15", "window": "3号", "outcome": outcome}));
        walked.later_days(1);
    }
    assert_eq!(walked.case.trips(), Trips { made: 2, by_staff: 2, saved: 0 });
}

#[test]
fn s8_2_times_are_told_of_case_office_and_person() {
    let mut play = running();
    play.claim("YY-02");
    play.claim("QY-03");
    play.later_days(2);
    play.submit("QY-03");
    play.later_days(1);
    play.grant("QY-03");
    play.submit("HP-03");
    play.later_days(4);
    let times = play.case.times(calendar(), play.hall.now);
    // Every moment of this walk is nine o'clock: a day counts at the close of the evening before.
    let of = |office: &str| times.offices.get(&office.into()).copied().unwrap_or_default();
    // Submitted on Wednesday, granted on Thursday at nine: no close of hours in between but the day of the start.
    assert_eq!(of("D15").office, 0);
    assert_eq!(of("D40"), TimeSplit { outside: 1, ..TimeSplit::default() }, "from Thursday to Monday: Friday");
    assert_eq!(times.total.total(), 1);
    let agent = times.people[&"agent".into()];
    // Two matters from Monday on: Tuesday waits for QY-03 (its own) and HP-03; HP-03 still on Wednesday; the food licence from
    // Thursday, when QY-03 was granted: Friday.
    assert_eq!(agent.agent, 1 + 2 + 1);
}

#[test]
fn s8_2_a_matter_without_a_limit_has_its_time_all_the_same() {
    let mut play = running();
    play.case.matters[2].scope.limit = None;
    play.submit("HP-03");
    assert_eq!(play.matter("HP-03").clock, None);
    play.later_days(2);
    play.ok("agent", json!({"type": "suspend", "reason_code": "fee_unpaid", "reason": "欠费"}));
    play.later_days(2);
    play.ok("agent", json!({"type": "resume"}));
    play.later_days(3);
    let split = play.matter("HP-03").split(&play.case, calendar(), play.hall.now);
    assert_eq!(split, TimeSplit { outside: 2, suspended: 2, ..TimeSplit::default() });
}

#[test]
fn s8_2_promise_and_law_are_two_days() {
    let mut play = Play::of_matters(&["YY-02", "SZ-03"]).running();
    play.claim("YY-02");
    play.submit("YY-02");
    let dues = |play: &Play, calendar: &Calendar| {
        let dues = play.case.dues(&"YY-02".into(), calendar, play.hall.now);
        [dues.promised, dues.statutory].map(|due| due.unwrap().date.to_string())
    };
    assert_eq!(dues(&play, calendar()), ["2026-03-05", "2026-03-16"]);
    play.ok(
        "office-d15",
        json!({"type": "extend_limit", "matter": "YY-02", "days": 9, "reason": "复杂", "approver": "head"}),
    );
    assert_eq!(dues(&play, calendar()), ["2026-03-18", "2026-03-23"], "the law lets it be extended by five days");
    assert_eq!(play.case.dues(&"SZ-03".into(), calendar(), play.hall.now), Dues::default());
    assert!(!play.matter("YY-02").is_over_by_law(calendar(), play.hall.now));
    play.later_days(22);
    assert!(play.matter("YY-02").is_over_by_law(calendar(), play.hall.now));
}
