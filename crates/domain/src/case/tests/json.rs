//! The wire form of commands and the kept form of events.

use super::fixture::Play;
use crate::case::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every command as the contract shows it; `document` and the like are ids as a case has them.
const COMMANDS: &[&str] = &[
    r#"{"type":"choose_mode","mode":"agency"}"#,
    r#"{"type":"choose_mode","mode":"assistance"}"#,
    r#"{"type":"change_matters","add":["QY-02"],"remove":["QY-03"],"reason":"改为公司"}"#,
    r#"{"type":"attach_uscc","uscc":"91150422XTEXTEXT5D"}"#,
    r#"{"type":"assign_lead_office","office":"B01"}"#,
    r#"{"type":"assign_lead_office","office":"B01","reason":"统筹"}"#,
    r#"{"type":"accept"}"#,
    r#"{"type":"assign_agent","person":"agent"}"#,
    r#"{"type":"assign_agent","person":"agent2","reason":"岗位调整"}"#,
    r#"{"type":"set_stand_in","person":"agent2"}"#,
    r#"{"type":"set_stand_in","person":"agent2","reason":"培训"}"#,
    r#"{"type":"set_goal","milestone":"MS-KG","date":"2026-09-01"}"#,
    r#"{"type":"open_green_channel","reason":"重点项目","person":"agent"}"#,
    r#"{"type":"open_green_channel","reason":"重点项目","person":"agent","measures":["after_hours","appointment","accompanied"]}"#,
    r#"{"type":"check_materials","checks":[{"material":"M1","result":"ok"},{"material":"M2","result":"missing"},{"material":"M3","result":"wrong","why":"未盖章"}]}"#,
    r#"{"type":"issue_notice","matters":["QY-03"]}"#,
    r#"{"type":"issue_notice","matters":["QY-03"],"reason_code":"applicant_changed"}"#,
    r#"{"type":"receive_materials","items":[{"material":"M1","form":"original","pages":1,"copies":1,"return":true},{"material":"M2","form":"copy","pages":2,"copies":3,"return":false,"file":"f-pdf"},{"material":"M3","form":"electronic","pages":1,"copies":1,"return":false}]}"#,
    r#"{"type":"move_material","item":"I1","to":{"person":"agent"}}"#,
    r#"{"type":"move_material","item":"I1","to":{"office":"D15"}}"#,
    r#"{"type":"move_material","item":"I1","to":{"window":"3号窗口"}}"#,
    r#"{"type":"move_material","item":"I1","to":{"client":true}}"#,
    r#"{"type":"sign_handover","side":"client","method":"drawn","document":"D1","hash":"ab","file":"f-png"}"#,
    r#"{"type":"sign_agreement","side":"agent","method":"scan","document":"D3","hash":"ab","file":"f-pdf"}"#,
    r#"{"type":"sign_takeover","side":"giver","method":"drawn","document":"D8","hash":"ab","file":"f-png"}"#,
    r#"{"type":"start"}"#,
    r#"{"type":"claim_matter","matter":"QY-03"}"#,
    r#"{"type":"decline_matter","matter":"QY-03","reason":"不属本局"}"#,
    r#"{"type":"forward_matter","matter":"QY-03","office":"D16","reason":"职责"}"#,
    r#"{"type":"submit_matter","matter":"QY-03"}"#,
    r#"{"type":"submit_matter","matter":"QY-03","number":"登2026-5"}"#,
    r#"{"type":"finish_matter","matter":"QY-03","outcome":"granted","results":[{"name":"营业执照","form":"original"},{"name":"电子执照","form":"electronic","file":"f-pdf"}]}"#,
    r#"{"type":"finish_matter","matter":"QY-03","outcome":"refused","results":[],"kept":[{"item":"I1","reason":"存档"}]}"#,
    r#"{"type":"finish_matter","matter":"QY-03","outcome":"not_needed"}"#,
    r#"{"type":"stop_clock","matter":"QY-03","kind":"correction","reason":"补正","until":"2026-03-20"}"#,
    r#"{"type":"stop_clock","matter":"QY-03","kind":"special","name":"专家评审","reason":"评审","until":"2026-03-20"}"#,
    r#"{"type":"stop_clock","matter":"QY-03","kind":"special","name":"专家评审","reason":"评审","until":"2026-03-20","beyond_cap":"专家未到齐"}"#,
    r#"{"type":"finish_matter","matter":"HP-03","outcome":"granted","results":[{"name":"回执","form":"electronic"}],"at":"2026-03-02T01:00:00Z","late_reason":"回执迟到"}"#,
    r#"{"type":"check_outside","matter":"HP-03","state":"not_filed"}"#,
    r#"{"type":"check_outside","matter":"HP-03","state":"in_review","number":"2026-5","receipt":"f-pdf","checked_at":"2026-03-02T01:00:00Z","late_reason":"下乡"}"#,
    r#"{"type":"lift_order","matter":"SZ-03","before":"QY-03","opinion":"资料已预审，可以先办"}"#,
    r#"{"type":"resume_clock","matter":"QY-03"}"#,
    r#"{"type":"extend_limit","matter":"QY-03","days":5,"reason":"复杂","approver":"head"}"#,
    r#"{"type":"record_escort","matter":"QY-03","window":"3号窗口","outcome":"accepted"}"#,
    r#"{"type":"record_escort","matter":"QY-03","window":"3号窗口","ticket":"A018","outcome":"postponed"}"#,
    r#"{"type":"record_escort","matter":"QY-03","window":"3号窗口","outcome":"refused","at":"2026-03-02T01:00:00Z","late_reason":"下乡"}"#,
    r#"{"type":"record_remote_session","channel":"wechat","topic":"填表","started_at":"2026-03-02T01:00:00Z","minutes":20,"outcome":"已会"}"#,
    r#"{"type":"note_fee","matter":"YS-08","fee":"不动产登记费","amount_fen":55000,"receipt":"0042"}"#,
    r#"{"type":"hand_over_result","results":["R1"],"items":["I1"],"collector":"王经理","side":"client","method":"drawn","document":"D5","hash":"ab","file":"f-png"}"#,
    r#"{"type":"send_result","results":["R1"],"items":["I1"],"carrier":"邮政","number":"EMS1","address":"林东镇"}"#,
    r#"{"type":"send_result","results":["R1"]}"#,
    r#"{"type":"confirm_receipt","signed_by":"王经理","at":"2026-03-02T01:00:00Z"}"#,
    r#"{"type":"confirm_receipt","signed_by":"王经理","at":"2026-03-02T09:00:00+08:00","file":"f-pdf"}"#,
    r#"{"type":"return_materials","items":["I1"],"side":"client","method":"scan","document":"D6","hash":"ab","file":"f-pdf"}"#,
    r#"{"type":"suspend","reason_code":"client_request","reason":"资金"}"#,
    r#"{"type":"resume"}"#,
    r#"{"type":"withdraw"}"#,
    r#"{"type":"withdraw","reason_code":"plan_changed","reason":"不办了"}"#,
    r#"{"type":"terminate","reason_code":"project_abandoned","reason":"停建"}"#,
    r#"{"type":"close_assistance"}"#,
    r#"{"type":"evaluate","grade":5}"#,
    r#"{"type":"evaluate","grade":1,"text":"慢"}"#,
    r#"{"type":"archive"}"#,
    r#"{"type":"take_material","items":["I1"]}"#,
    r#"{"type":"take_material","items":["I1","I2"],"slip":"f-pdf"}"#,
    r#"{"type":"defer_material","matter":"QY-03","material":"M1","due":"2026-03-20"}"#,
    r#"{"type":"defer_material","matter":"QY-03","material":"M1","due":"2026-03-20","consequence":"不发证"}"#,
    r#"{"type":"sign_paper","side":"client","method":"drawn","document":"D3","hash":"ab","file":"f-png"}"#,
    r#"{"type":"sign_handover","side":"client","method":"drawn","document":"D1","hash":"ab","file":"f-png","signer":{"name":"王强","proof":"id_card","strokes":"f-txt"}}"#,
    r#"{"type":"issue_paper","kind":"task-slip","matter":"QY-03"}"#,
    r#"{"type":"issue_paper","kind":"application"}"#,
    r#"{"type":"record_parcel","state":"returned","note":"无人签收","at":"2026-03-02T01:00:00Z"}"#,
    r#"{"type":"add_late_document","title":"补充","file":"f-pdf","reason":"企业后交"}"#,
];

#[test]
fn every_command_of_the_contract_is_read_and_written() {
    let mut kinds = BTreeSet::new();
    for text in COMMANDS {
        let command: Command = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value["type"], command.kind().name(), "{text}");
        let again: Command = serde_json::from_value(serde_json::to_value(&command).unwrap()).unwrap();
        assert_eq!(again, command, "{text}");
        kinds.insert(command.kind());
    }
    assert_eq!(kinds.len(), CommandKind::ALL.len(), "a kind has no example");
}

#[test]
fn an_unknown_field_is_refused_in_every_command() {
    for text in COMMANDS {
        let mut value: Value = serde_json::from_str(text).unwrap();
        value["surprise"] = json!(1);
        assert!(serde_json::from_value::<Command>(value).is_err(), "{text}");
    }
    for (text, inner) in [
        (r#"{"type":"check_materials","checks":[{"material":"M1","result":"ok","x":1}]}"#, "checks"),
        (
            r#"{"type":"receive_materials","items":[{"material":"M1","form":"copy","pages":1,"copies":1,"return":true,"x":1}]}"#,
            "items",
        ),
        (
            r#"{"type":"finish_matter","matter":"A","outcome":"granted","results":[{"name":"a","form":"copy","x":1}]}"#,
            "results",
        ),
        (
            r#"{"type":"finish_matter","matter":"A","outcome":"granted","kept":[{"item":"I1","reason":"a","x":1}]}"#,
            "kept",
        ),
        (r#"{"type":"move_material","item":"I1","to":{"person":"a","office":"b"}}"#, "to"),
    ] {
        assert!(serde_json::from_str::<Command>(text).is_err(), "{inner}");
    }
}

#[test]
fn a_missing_field_an_unknown_type_or_value_is_refused() {
    for text in [
        r#"{}"#,
        r#"{"type":"bribe"}"#,
        r#"{"type":7}"#,
        r#"{"mode":"agency"}"#,
        r#"{"type":"choose_mode"}"#,
        r#"{"type":"choose_mode","mode":"both"}"#,
        r#"{"type":"assign_agent"}"#,
        r#"{"type":"check_materials","checks":[{"material":"M1","result":"perhaps"}]}"#,
        r#"{"type":"sign_handover","side":"both","method":"drawn","document":"D1","hash":"ab","file":"f"}"#,
        r#"{"type":"sign_handover","side":"client","method":"stamp","document":"D1","hash":"ab","file":"f"}"#,
        r#"{"type":"evaluate","grade":300}"#,
        r#"{"type":"evaluate","grade":-1}"#,
        r#"{"type":"stop_clock","matter":"A","kind":"special","reason":"b","until":"20260320"}"#,
        r#"{"type":"note_fee","matter":"A","fee":"b","amount_fen":5.5,"receipt":"c"}"#,
        r#"["start"]"#,
        r#""start""#,
    ] {
        assert!(serde_json::from_str::<Command>(text).is_err(), "{text}");
    }
}

#[test]
fn a_command_that_names_its_version_is_one_that_signs_starts_delivers_seals_or_leaves() {
    let named: Vec<String> =
        CommandKind::ALL.iter().filter(|kind| kind.needs_version()).map(|kind| kind.name()).collect();
    let expected = [
        "sign_handover",
        "sign_agreement",
        "sign_takeover",
        "sign_paper",
        "start",
        "hand_over_result",
        "send_result",
        "confirm_receipt",
        "return_materials",
        "withdraw",
        "terminate",
        "archive",
    ];
    assert_eq!(named, expected);
}

#[test]
fn every_event_survives_its_json_and_an_unknown_one_is_an_error() {
    let mut names = BTreeSet::new();
    for envelope in histories() {
        let value = serde_json::to_value(&envelope).unwrap();
        assert_eq!(value["event"]["type"], envelope.event.name());
        let text = serde_json::to_string(&envelope).unwrap();
        let again: crate::chain::Envelope = serde_json::from_str(&text).unwrap();
        assert_eq!(again, envelope);
        assert_eq!(serde_json::to_string(&again).unwrap(), text, "the bytes are the same again");
        names.insert(envelope.event.name());
    }
    let all: BTreeSet<String> = Event::names().collect();
    let missing: Vec<&String> = all.difference(&names).collect();
    assert!(missing.is_empty(), "no history has {missing:?}");
    for text in [r#"{"type":"case_forgotten"}"#, r#"{}"#, r#"{"type":"case_accepted"#] {
        assert!(serde_json::from_str::<Event>(text).is_err(), "{text}");
    }
}

/// Histories in which every kind of event happens.
fn histories() -> Vec<crate::chain::Envelope> {
    let mut play = worked_out(prepared());
    let mut in_person = play.clone();
    let collect = in_person.collect_command();
    in_person.ok("agent", collect);
    in_person.ok("enterprise", json!({"type": "evaluate", "grade": 5}));
    in_person.ok("archivist", json!({"type": "archive"}));
    in_person.ok(
        "archivist",
        json!({"type": "add_late_document", "title": "补充说明", "file": "f-pdf", "reason": "企业后交"}),
    );
    let deferred = super::deferral::promised();
    let mut posted = super::custody::returned_parcel();
    posted.ok("agent", json!({"type": "issue_paper", "kind": "application"}));
    let mut taken = play.clone();
    taken.ok("agent", json!({"type": "move_material", "item": "I1", "to": {"person": "agent2"}}));
    taken.ok("agent2", json!({"type": "take_material", "items": ["I1"]}));
    let mut terminated = play.clone();
    terminated.ok("head", json!({"type": "terminate", "reason_code": "fraud", "reason": "虚假"}));
    let give_back = terminated.return_command();
    terminated.ok("agent", give_back);
    let mut withdrawn = play.clone();
    withdrawn.ok("enterprise", json!({"type": "withdraw", "reason_code": "x", "reason": "y"}));
    let (results, items) = (play.case.undelivered_results(), play.case.outstanding_items());
    let parcel = json!({"carrier": "邮政", "number": "E1", "address": "林东镇", "type": "send_result", "results": results, "items": items});
    play.ok("agent", parcel);
    play.ok("agent", json!({"type": "confirm_receipt", "signed_by": "王", "at": play.hall.now}));
    let mut turned = super::assistance_becomes_agency();
    turned.ok("head", json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}));
    turned.sign_takeover();
    [deferred.log, posted.log, taken.log, play.log, in_person.log, terminated.log, withdrawn.log, turned.log].concat()
}

/// Up to the start, with two notices, the second one a breach.
fn prepared() -> Play {
    let mut play = Play::of_matters(&["QY-03", "YY-02", "HP-03", "SZ-03", "YS-08"]);
    play.ok("enterprise", json!({"type": "choose_mode", "mode": "assistance"}));
    play.ok("enterprise", json!({"type": "choose_mode", "mode": "agency"}));
    play.case.founding = true;
    play.ok("enterprise", json!({"type": "attach_uscc", "uscc": "91150422XTEXTEXT5D"}));
    let mut play = play.preparing();
    play.ok("head", json!({"type": "set_stand_in", "person": "agent2"}));
    play.ok("head", json!({"type": "open_green_channel", "reason": "重点项目", "person": "agent"}));
    let line = |material: &CaseMaterial, result: &str| json!({"material": material.spec.id, "result": result, "why": "未盖章"});
    let ok: Vec<Value> = play.case.materials.iter().map(|material| line(material, "ok")).collect();
    let wrong: Vec<Value> = play.case.materials.iter().map(|material| line(material, "wrong")).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": wrong[..1]}));
    play.ok("agent", json!({"type": "check_materials", "checks": ok[1..]}));
    play.ok("agent", json!({"type": "issue_notice", "matters": ["QY-03"]}));
    play.ok("agent", json!({"type": "check_materials", "checks": wrong[2..3]}));
    play.ok("agent", json!({"type": "issue_notice", "matters": ["QY-03"], "reason_code": "overlooked"}));
    play.complete().handed_over().agreed().started()
}

/// Everything that can happen while the service runs, until every matter is granted.
fn worked_out(mut play: Play) -> Play {
    let matter = |kind: &str, mut more: Value| {
        more["type"] = json!(kind);
        more["matter"] = json!("QY-03");
        more
    };
    play.ok("agent", json!({"type": "move_material", "item": "I1", "to": {"window": "3号窗口"}}));
    play.ok("agent", json!({"type": "move_material", "item": "I1", "to": {"person": "agent"}}));
    play.ok("agent", matter("record_escort", json!({"window": "3号", "outcome": "accepted"})));
    let at = play.hall.now;
    play.ok(
        "agent",
        json!({"type": "record_remote_session", "channel": "qq", "topic": "填表", "started_at": at, "minutes": 5, "outcome": "已会"}),
    );
    let fee = json!({"type": "note_fee", "matter": "YS-08", "fee": "不动产登记费", "amount_fen": 1, "receipt": "2"});
    play.ok("agent", fee);
    play.ok("office-d15", matter("decline_matter", json!({"reason": "不属本局"})));
    play.ok("head", matter("forward_matter", json!({"office": "D14", "reason": "转办"})));
    play.ok("agent", json!({"type": "change_matters", "remove": ["YS-08"], "reason": "已办"}));
    play.claim("QY-03");
    play.submit("QY-03");
    let stop = json!({"kind": "correction", "reason": "补正", "until": "2026-03-20"});
    play.ok("office-d14", matter("stop_clock", stop));
    play.ok("office-d14", matter("resume_clock", json!({})));
    let lift = json!({"type": "lift_order", "matter": "SZ-03", "before": "QY-03", "opinion": "资料已预审，可以先办"});
    play.ok("office-d28", lift);
    play.ok("agent", json!({"type": "check_outside", "matter": "HP-03", "state": "not_filed", "checked_at": at}));
    play.ok("agent", json!({"type": "set_goal", "milestone": "MS-KG", "date": "2026-09-01"}));
    play.ok("office-d14", matter("extend_limit", json!({"days": 1, "reason": "忙", "approver": "office-d14"})));
    play.ok("agent", json!({"type": "suspend", "reason_code": "fee_unpaid", "reason": "欠费"}));
    play.ok("agent", json!({"type": "resume"}));
    play.grant("QY-03");
    play.work_all();
    play
}
