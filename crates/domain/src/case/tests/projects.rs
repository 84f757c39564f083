//! The ledger of projects: planned day, state, who holds what and since when, figures (S5.3, S8.2).

use super::fixture::Play;
use super::hall::{calendar, catalogue};
use crate::calendar::today;
use crate::ids::CaseId;
use crate::ledger::{Holder, LedgerLine, LedgerState, Level, Side, Totals, lines};
use crate::plan::{items_of, schedule};
use serde_json::json;

fn ledger(play: &Play) -> Vec<LedgerLine> {
    let (calendar, now) = (calendar(), play.hall.now);
    let items = items_of(&play.case, calendar, now);
    let goal = play.case.goal.as_ref().map(|goal| (goal.milestone.as_str(), goal.date));
    let schedule = schedule(&items, catalogue().milestones(), calendar, today(now), goal);
    lines(&play.case, &schedule, calendar, now)
}

fn of(play: &Play, code: &str) -> LedgerLine {
    ledger(play).into_iter().find(|line| line.matter.as_str() == code).unwrap()
}

#[test]
fn s5_3_every_matter_has_a_level_and_it_agrees_with_whose_time_it_is() {
    let play = Play::of_template("T1");
    for matter in &play.case.matters {
        let is_above = Level::of(&matter.scope.level) != Level::Banner;
        assert_eq!(is_above, matter.scope.is_above_banner(), "{}", matter.scope.level);
    }
    let levels =
        ["", "旗", "旗分局/市", "旗受理/市政府", "旗初审/自治区（70公顷及以下）/国家林草局", "国家能源局派出机构"];
    let levels = levels.map(Level::of);
    use Level::{Banner, City, Nation, Region};
    assert_eq!(levels, [Banner, Banner, Banner, City, Region, Nation]);
}

#[test]
fn s5_3_the_ledger_says_who_holds_a_matter_since_when_and_what_waits_for_it() {
    let mut play = Play::of_matters(&["QY-03", "SZ-03"]).preparing();
    let first = of(&play, "QY-03");
    assert_eq!(first.hold.as_ref().map(|hold| hold.side), Some(Side::Hall), "the agent has not told the client yet");
    play = play.complete().handed_over().agreed().started();
    let offered = of(&play, "QY-03");
    assert_eq!((offered.state, offered.submitted), (LedgerState::Offered, None));
    let hold = offered.hold.unwrap();
    assert_eq!((hold.by, hold.office.as_ref(), hold.days), (Holder::Office, Some(&offered.office), 0));
    play.claim("QY-03");
    assert_eq!(of(&play, "QY-03").hold.unwrap().by, Holder::Agent);
    play.submit("QY-03");
    let (sent, at) = (of(&play, "QY-03"), play.hall.now);
    assert_eq!((sent.state, sent.hold.as_ref().unwrap().since), (LedgerState::Running, at));
    assert!(sent.submitted == Some(today(at)) && sent.due >= sent.submitted && !sent.behind);
    play.later_days(60);
    let late = of(&play, "QY-03");
    assert_eq!((late.state, late.behind, late.is_blocker()), (LedgerState::Overdue, true, true));
    assert!(late.hold.unwrap().days > 30);
    play.grant("QY-03");
    let done = of(&play, "QY-03");
    assert_eq!((done.state, done.planned, done.hold, done.behind), (LedgerState::Done, None, None, false));
    assert_eq!(done.finished, Some(today(play.hall.now)));
}

#[test]
fn s5_3_planned_days_count_backwards_from_the_wanted_start_of_building() {
    let mut play = Play::of_template("T1").preparing();
    let earliest = ledger(&play);
    let last = earliest.iter().filter_map(|line| line.planned).max().unwrap();
    let far = today(play.hall.now) + chrono::TimeDelta::days(400);
    play.ok("agent", json!({"type": "set_goal", "milestone": "MS-KG", "date": far}));
    let wanted = ledger(&play);
    assert!(wanted.iter().zip(&earliest).all(|(after, before)| after.planned >= before.planned));
    assert!(wanted.iter().filter_map(|line| line.planned).max() > Some(last) && !wanted.iter().any(|line| line.behind));
    let waiting = wanted.iter().find(|line| line.state == LedgerState::Waiting).unwrap();
    assert!(waiting.hold.is_none() && !waiting.is_blocker());
    let blocker = wanted.iter().find(|line| line.is_blocker()).unwrap();
    assert!(!blocker.holds_up.is_empty());

    let soon = today(play.hall.now) + chrono::TimeDelta::days(3);
    play.ok("agent", json!({"type": "set_goal", "milestone": "MS-KG", "date": soon}));
    let late = ledger(&play);
    let case = CaseId::from("c-1");
    let totals = Totals::of(late.iter().map(|line| (&case, line)));
    assert_eq!((totals.projects, totals.behind, totals.matters, totals.done), (1, 1, late.len(), 0));
    assert_eq!(totals.blockers, late.iter().filter(|line| line.is_blocker()).count());
    assert!(late.iter().any(|line| line.behind && line.planned < Some(today(play.hall.now))), "it is too late already");
}
