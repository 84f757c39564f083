//! What the desk says of a case, played through the real rules.

mod fixture;
mod samples;

use super::clockbar::bar;
use super::next::{self, Goal, Step, When, Whom, when};
use super::timeline::{Kind, line, sentence};
use super::{lead, names};
use crate::i18n::{Lang, messages};
use chrono::NaiveDate;
use domain::case::{CommandKind, DocumentKind};
use domain::chain::Envelope;
use domain::clock::{Light, Thresholds};
use fixture::{Play, calendar};
use serde_json::json;
use std::collections::BTreeSet;

const THRESHOLDS: Thresholds = Thresholds { percent_left: 50, days_left: 2 };

fn agent_steps(play: &Play) -> Vec<Step> {
    let allowed = play.allowed("agent");
    next::for_agent(&play.view(&allowed, &THRESHOLDS))
}

fn said(play: &Play) -> String {
    let sentence = lead::sentence(&play.names(Lang::Zh), calendar());
    let english = lead::sentence(&play.names(Lang::En), calendar());
    for text in [&sentence, &english] {
        assert!(!text.contains("staff.") && !text.contains("%{") && !text.contains("{}"), "{text}");
    }
    sentence
}

#[test]
fn every_kind_of_event_has_its_sentence_in_both_languages() {
    let play = Play::of(&["QY-02", "LX-02"]).running();
    let mut told = BTreeSet::new();
    for event in samples::events(&play.case) {
        let name = event.name();
        let envelope = Envelope {
            case: play.case.id.clone(),
            seq: 9,
            at: play.now,
            actor: "agent2".into(),
            on_behalf_of: Some("agent".into()),
            event,
        };
        for l in Lang::ALL {
            let text = sentence(&play.names(l), &envelope);
            let is_whole = !text.contains("staff.") && !text.contains("%{") && !text.contains(['[', ']']);
            assert!(is_whole && !text.contains("“”") && !text.contains("，。"), "{name}: {text}");
        }
        told.insert(name);
    }
    let known: BTreeSet<String> = messages(Lang::Zh)
        .into_iter()
        .filter_map(|(key, _)| key.strip_prefix("staff.event.").map(str::to_owned))
        .collect();
    assert_eq!(told, known, "a sentence without an event, or the other way round");
}

#[test]
fn sentences_name_who_did_what() {
    let play = Play::of(&["QY-02"]).running();
    let names = play.names(Lang::Zh);
    let texts: Vec<String> = play.log.iter().map(|envelope| sentence(&names, envelope)).collect();
    assert_eq!(texts[0], "何静提出申请（来访），全程代办，1 件事项。");
    assert!(texts.contains(&"包晓光定政务服务业务室为牵头科室。".to_owned()), "{texts:#?}");
    assert!(texts.contains(&"乌云·其木格开始代办。".to_owned()), "{texts:#?}");
    let started = line(&names, play.log.iter().find(|e| e.event.name() == "agency_started").unwrap());
    assert_eq!((started.at.as_str(), started.kind, started.kind_word.as_str()), ("今天 9:00", Kind::Decisions, "决定"));
}

#[test]
fn the_first_sentence_follows_the_case() {
    let play = Play::of(&["QY-02"]);
    assert_eq!(said(&play), "等政务服务业务室定牵头科室，3月2日提出的申请。");
    let play = play.preparing();
    assert!(said(&play).starts_with("乌云·其木格正在核对材料，还有 "), "{}", said(&play));
    let play = play.checked();
    assert!(said(&play).contains("要收下并登记"), "{}", said(&play));
    let mut play = play.received();
    assert_eq!(said(&play), "材料交接清单等双方签字，乌云·其木格请企业来签。");
    play.sign(DocumentKind::HandoverList, "client");
    assert_eq!(said(&play), "企业签了材料交接清单，等乌云·其木格签字。");
    play.sign(DocumentKind::HandoverList, "agent");
    play.sign(DocumentKind::Agreement, "client");
    play.sign(DocumentKind::Agreement, "agent");
    assert_eq!(said(&play), "协议双方都签了，乌云·其木格可以开始代办。");
    play.ok("agent", json!({"type": "start"}));
    assert_eq!(said(&play), "等旗市场监督管理局认领“公司设立登记”，3月2日送去的。");
    play.ok("office", json!({"type": "claim_matter", "matter": "QY-02"}));
    assert_eq!(said(&play), "“公司设立登记”可以递交了，由乌云·其木格送旗市场监督管理局。");
    play.ok("agent", json!({"type": "submit_matter", "matter": "QY-02"}));
    assert_eq!(said(&play), "旗市场监督管理局正在办“公司设立登记”，预计 3月3日（周二）前办结。");
    play.later_days(3);
    assert_eq!(said(&play), "旗市场监督管理局办“公司设立登记”已超 2 个工作日，应当 3月3日（周二）前办结。");
}

#[test]
fn the_agents_next_step_follows_the_case() {
    let play = Play::of(&["QY-02"]).preparing();
    let first = |play: &Play| agent_steps(play).into_iter().next().unwrap();
    let step = first(&play);
    assert_eq!((step.what, &step.goal), ("check", &Goal::Form(CommandKind::CheckMaterials)));
    let play = play.checked();
    assert_eq!(first(&play).what, "receive");
    let mut play = play.received();
    let list = play.case.newest(DocumentKind::HandoverList).unwrap().id.clone();
    let step = first(&play);
    assert_eq!((step.what, step.waiting.is_none(), step.goal), ("sign_handover", true, Goal::Sign(list)));
    play.sign(DocumentKind::HandoverList, "client");
    play.sign(DocumentKind::HandoverList, "agent");
    play.sign(DocumentKind::Agreement, "agent");
    let step = first(&play);
    assert_eq!((step.what, step.waiting.map(|w| w.whom)), ("sign_agreement", Some(Whom::Client)));
    play.sign(DocumentKind::Agreement, "client");
    assert_eq!(first(&play).what, "start");
    play.ok("agent", json!({"type": "start"}));
    let step = first(&play);
    assert_eq!((step.what, step.waiting.map(|w| w.whom)), ("claim_wait", Some(Whom::Office("D15".into()))));
    play.ok("office", json!({"type": "claim_matter", "matter": "QY-02"}));
    assert_eq!(first(&play).what, "submit");
    play.ok("agent", json!({"type": "submit_matter", "matter": "QY-02"}));
    assert_eq!(first(&play).what, "office_wait");
    play.later_days(3);
    let step = first(&play);
    assert_eq!((step.what, step.waiting.is_none(), step.light), ("chase", true, Light::Red));
}

#[test]
fn s6_2_missing_materials_are_told_once_and_then_waited_for() {
    let mut play = Play::of(&["QY-02"]).preparing().checked();
    let id = play.case.lacking_to_start()[0].spec.id.clone();
    play.ok("agent", json!({"type": "check_materials", "checks": [{"material": id, "result": "missing"}]}));
    let step = agent_steps(&play).remove(0);
    assert_eq!((step.what, step.count), ("notice", 1));
    play.ok("agent", json!({"type": "issue_notice", "matters": ["QY-02"]}));
    let step = agent_steps(&play).remove(0);
    let due = play.case.notices[0].due;
    assert_eq!((step.what, step.due, when(&step, due, due)), ("client_materials", Some(due), When::Waiting));
    play.later_days(20);
    let step = agent_steps(&play).remove(0);
    assert_eq!((step.what, step.light, step.waiting), ("client_late", Light::Red, None));
}

#[test]
fn s3_1_the_assistant_goes_along_once_the_materials_are_complete() {
    let mut play = Play::of(&["YY-13"]).preparing();
    assert_eq!(play.case.mode, domain::catalogue::Mode::Assistance);
    play = play.checked();
    assert_eq!(agent_steps(&play)[0].what, "escort");
    let id = next::of_client(&play.case, &[domain::case::MaterialStatus::Ok])[0].spec.id.clone();
    play.ok("agent", json!({"type": "check_materials", "checks": [{"material": id, "result": "missing"}]}));
    assert_eq!(agent_steps(&play)[0].what, "notice");
    assert_eq!(said(&play), "缺 1 份材料，乌云·其木格要一次告知企业。");
}

#[test]
fn s5_3_heads_and_offices_see_what_is_theirs() {
    let mut play = Play::of(&["QY-02"]);
    let of = |play: &Play, who: &str| {
        let allowed = play.allowed(who);
        let view = play.view(&allowed, &THRESHOLDS);
        let mut steps = next::for_business_head(&view);
        if play.case.lead_office.is_some() {
            steps.extend(next::for_lead_head(&view));
        }
        steps.into_iter().map(|step| step.what).collect::<Vec<_>>()
    };
    assert_eq!(of(&play, "head"), ["name_office"]);
    play.ok("head", json!({"type": "assign_lead_office", "office": "B01"}));
    assert_eq!(of(&play, "head"), ["accept"]);
    play.ok("head", json!({"type": "accept"}));
    assert_eq!(of(&play, "head"), ["name_agent"]);
    let mut play = Play::of(&["QY-02"]).running();
    let office = |play: &Play| {
        let allowed = play.allowed("office");
        next::for_office(&play.view(&allowed, &THRESHOLDS), &"D15".into()).remove(0)
    };
    assert_eq!(office(&play).what, "claim");
    play.ok("office", json!({"type": "claim_matter", "matter": "QY-02"}));
    assert_eq!(office(&play).waiting.map(|w| w.whom), Some(Whom::Agent));
    play.ok("agent", json!({"type": "submit_matter", "matter": "QY-02"}));
    let step = office(&play);
    assert_eq!((step.what, step.due), ("finish", NaiveDate::from_ymd_opt(2026, 3, 3)));
}

#[test]
fn s8_2_the_bar_tells_whose_time_it_was() {
    let mut play = Play::of(&["QY-02"]).running();
    let words = |play: &Play| bar(&play.names(Lang::Zh), &play.case.matters[0], calendar()).words;
    assert_eq!(words(&play), "未起算，承诺 1 个工作日");
    play.ok("office", json!({"type": "claim_matter", "matter": "QY-02"}));
    play.ok("agent", json!({"type": "submit_matter", "matter": "QY-02"}));
    play.ok(
        "office",
        json!({"type": "stop_clock", "matter": "QY-02", "kind": "correction", "reason": "章程缺页", "until": "2026-03-04"}),
    );
    play.later_days(2);
    play.ok("office", json!({"type": "resume_clock", "matter": "QY-02"}));
    play.later_days(1);
    assert_eq!(words(&play), "单位 1、超期 1、企业补正 1");
    let parts = bar(&play.names(Lang::Zh), &play.case.matters[0], calendar()).parts;
    assert_eq!(
        parts.iter().map(|part| (part.class, part.days)).collect::<Vec<_>>(),
        [("", 1), ("over", 1), ("ent", 1)]
    );
}

#[test]
fn s8_2_steps_fall_into_overdue_today_the_next_working_day_the_week_and_later() {
    let monday = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let day = |days: i64| monday + chrono::TimeDelta::days(days);
    let step = |days: Option<i64>, light: Light| Step {
        what: "check",
        count: 0,
        matter: None,
        due: days.map(day),
        light,
        waiting: None,
        goal: Goal::Open,
    };
    let fall = [None, Some(-1), Some(0), Some(1), Some(2), Some(6), Some(7)];
    let fall = fall.map(|days| when(&step(days, Light::Grey), monday, day(1)));
    let week = [When::Today, When::Overdue, When::Today, When::Tomorrow, When::Week, When::Week, When::Later];
    assert_eq!(fall, week);
    assert_eq!(when(&step(None, Light::Red), monday, day(1)), When::Overdue, "its light is red");
    // On a Friday: what falls due at the weekend has to be done today, and Monday is the next working day.
    let friday = [Some(5), Some(6), Some(7), Some(8)].map(|days| when(&step(days, Light::Grey), day(4), day(7)));
    assert_eq!(friday, [When::Today, When::Today, When::Tomorrow, When::Later]);
}

/// Everything that code puts together at run time has its message: steps, commands, papers, states.
#[test]
fn messages_that_are_put_together_are_there() {
    let forms = CommandKind::ALL.iter().map(|kind| kind.name());
    let steps = [
        "check",
        "notice",
        "client_materials",
        "client_late",
        "receive",
        "sign_handover",
        "sign_agreement",
        "start",
        "resume",
        "close_assistance",
        "escort",
        "forward",
        "claim_wait",
        "outside_wait",
        "office_wait",
        "chase",
        "submit",
        "intermediary",
        "correction_wait",
        "special_wait",
        "confirm",
        "hand_over",
        "send",
        "return",
        "accept",
        "name_agent",
        "name_stand_in",
        "name_office",
        "claim",
        "submission_wait",
        "finish",
        "archive",
        "archive_gaps",
    ];
    for l in Lang::ALL {
        for kind in forms.clone() {
            for table in ["act", "heading", "submit", "done"] {
                assert!(l.has(&format!("staff.{table}.{kind}")), "staff.{table}.{kind}");
            }
        }
        for what in steps {
            assert!(l.has(&format!("staff.step.{what}")) && l.has(&format!("staff.button.{what}")), "{what}");
        }
        for kind in DocumentKind::ALL {
            assert!(l.has(&format!("staff.paper.{}", kind.name())), "{}", kind.name());
        }
        for status in domain::case::Status::ALL {
            assert_ne!(names::status_word(l, status.name()), format!("staff.status.{}", status.name()));
        }
    }
}
