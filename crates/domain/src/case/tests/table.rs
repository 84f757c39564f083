//! Every command in every situation of a case: allowed, or refused with its code. The table is reviewed by people; what it
//! says is held against `actions`, `matter_actions` and `decide`.

use super::fixture::{Play, application, command};
use super::hall::{ADDRESS, SCAN};
use super::steps::{Step, payload};
use super::turns::assistance_becomes_agency;
use crate::case::*;
use crate::ids::MatterCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const TABLE: &str = include_str!("command_table.txt");
const FIRST: &str = "QY-03";

fn plain() -> Play {
    Play::of_matters(&[FIRST, "YY-14"])
}

fn running() -> Play {
    plain().running()
}

fn with(mut play: Play, who: &str, value: Value) -> Play {
    play.ok(who, value);
    play
}

fn claimed() -> Play {
    let mut play = running();
    play.claim(FIRST);
    play
}

fn submitted() -> Play {
    let mut play = claimed();
    play.submit(FIRST);
    play
}

fn declined() -> Play {
    with(running(), "office-d15", json!({"type": "decline_matter", "matter": FIRST, "reason": "不属本局"}))
}

fn noticed() -> Play {
    let mut play = plain().preparing();
    let line = |material: &CaseMaterial| json!({"material": material.spec.id, "result": "missing"});
    let checks: Vec<Value> = play.case.materials.iter().map(line).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": checks}));
    with(play, "agent", json!({"type": "issue_notice", "matters": [FIRST]}))
}

fn assisting() -> Play {
    with(plain().preparing(), "agent", json!({"type": "choose_mode", "mode": "assistance"}))
}

fn accepted_at_windows() -> Play {
    let escort =
        |matter: &str| json!({"type": "record_escort", "matter": matter, "window": "3号窗口", "outcome": "accepted"});
    with(with(assisting(), "agent", escort(FIRST)), "agent", escort("YY-14"))
}

fn delivering(way: DeliveryWay) -> Play {
    Play::new(&Application { delivery: way, ..application(&[FIRST, "YY-14"]) }).delivering()
}

fn sent() -> Play {
    let play = delivering(DeliveryWay::Courier);
    let (results, items) = (play.case.undelivered_results(), play.case.outstanding_items());
    let parcel = json!({"type": "send_result", "results": results, "items": items, "carrier": "邮政", "number": "E1",
        "address": ADDRESS});
    with(play, "agent", parcel)
}

fn confirmed() -> Play {
    let play = delivering(DeliveryWay::Electronic);
    let receipt = json!({"type": "confirm_receipt", "signed_by": "王经理", "at": play.hall.now, "file": SCAN});
    with(play, "enterprise", receipt)
}

fn withdrawn() -> Play {
    with(running(), "enterprise", json!({"type": "withdraw"}))
}

fn returned() -> Play {
    let play = withdrawn();
    let give_back = play.return_command();
    with(play, "agent", give_back)
}

fn ended() -> Play {
    let play = delivering(DeliveryWay::InPerson);
    let collect = play.collect_command();
    with(play, "agent", collect)
}

/// The situations, in the order of a case's life.
fn situations() -> Vec<(&'static str, Play)> {
    let lead = json!({"type": "assign_lead_office", "office": "B01"});
    let suspend = json!({"type": "suspend", "reason_code": "fee_unpaid", "reason": "欠费"});
    let stop =
        json!({"type": "stop_clock", "matter": FIRST, "kind": "correction", "reason": "补正", "until": "2026-03-20"});
    let forward = json!({"type": "forward_matter", "matter": FIRST, "office": "D15", "reason": "指定"});
    let change = json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"});
    let add = json!({"type": "change_matters", "add": ["YY-19"], "reason": "增项"});
    let terminate = json!({"type": "terminate", "reason_code": "fraud", "reason": "虚假"});
    let decided = {
        let away = json!({"type": "forward_matter", "matter": FIRST, "office": "D14", "reason": "转办"});
        with(with(declined(), "agent", away), "head", forward)
    };
    vec![
        ("submitted: no lead office yet", plain()),
        ("submitted: the lead office is named", with(plain(), "head", lead.clone())),
        ("accepted: no agent yet", with(with(plain(), "head", lead), "head", json!({"type": "accept"}))),
        ("preparing: nothing checked", plain().preparing()),
        ("preparing: an enterprise being founded", {
            Play::new(&Application { founding: true, ..application(&[FIRST, "YY-14"]) }).preparing()
        }),
        ("preparing: a notice is given", noticed()),
        ("preparing: complete, the handover list on offer", plain().preparing().complete()),
        ("preparing: handed over, the agreement on offer", plain().preparing().complete().handed_over()),
        ("preparing: the agreement signed", plain().preparing().complete().handed_over().agreed()),
        ("preparing: a promise for later on offer", super::deferral::asked()),
        ("preparing: what may come later is promised", super::deferral::promised()),
        ("preparing: assistance", assisting()),
        ("preparing: assistance, every window has accepted", accepted_at_windows()),
        ("running: the matter waits to be claimed", running()),
        ("running: its office declined", declined()),
        ("running: the lead office's head decided who takes it", decided),
        ("running: claimed", claimed()),
        ("running: submitted", submitted()),
        ("running: submitted, the clock stopped", with(submitted(), "office-d15", stop)),
        ("running: accepted at a window before it became agency", assistance_becomes_agency()),
        ("running: another agent, the pieces not handed over", with(claimed(), "head", change)),
        ("running: a matter added, its agreement on offer", with(claimed(), "enterprise", add)),
        ("suspended, a matter submitted", with(submitted(), "agent", suspend)),
        ("delivering in person", delivering(DeliveryWay::InPerson)),
        ("delivering: a promised material is still owed", super::deferral::owed()),
        ("delivering by courier: sent", sent()),
        ("delivering electronically: confirmed, originals out", confirmed()),
        ("withdrawn: originals out", withdrawn()),
        ("withdrawn: everything returned", returned()),
        ("terminated: originals out", with(running(), "head", terminate)),
        ("ended: handed over", ended()),
        ("ended: evaluated", with(ended(), "enterprise", json!({"type": "evaluate", "grade": 5}))),
        ("archived", with(ended(), "archivist", json!({"type": "archive"}))),
    ]
}

/// What the most entitled person of the hall is told of a command: nothing if it may be given, or the code; none at all where
/// nobody has anything to do with it. A command on matters is asked of the first one.
fn told(play: &Play, kind: CommandKind) -> Option<Result<String, Code>> {
    let matter = MatterCode::from(FIRST);
    let mut codes = BTreeSet::new();
    for (name, person) in &play.hall.directory.people {
        let actor = crate::access::Actor::of(person, &play.hall.directory);
        let facts = play.hall.facts(None);
        let all = if MattersCommand::KINDS.contains(&kind) {
            matter_actions(&play.case, &matter, &actor, &facts)
        } else {
            actions(&play.case, &actor, &facts)
        };
        match all.into_iter().find(|action| action.kind == kind).unwrap().refusal {
            None => return Some(Ok(name.to_string())),
            Some(refusal) => drop(codes.insert(refusal.code)),
        }
    }
    codes.remove(&Code::NotYours);
    assert!(codes.len() <= 1, "{kind:?} is refused in {} ways: {codes:?}", codes.len());
    codes.pop_first().map(Err)
}

fn table() -> String {
    let situations = situations();
    let cells: Vec<Vec<Option<Result<String, Code>>>> =
        CommandKind::ALL.iter().map(|kind| situations.iter().map(|(_, play)| told(play, *kind)).collect()).collect();
    let refused = cells.iter().flatten().filter_map(|cell| cell.as_ref()?.as_ref().err());
    let codes: BTreeMap<&str, Code> = refused.map(|code| (code.name(), *code)).collect();
    let number = |code: Code| 1 + codes.values().position(|known| *known == code).unwrap();
    let mut text = String::from(
        "Every command in every situation of a case. Written by a test (case/tests/table.rs) and reviewed by people; a change here\n\
         is a change of the rules. Columns are situations, told of the first matter where the command is about one; a cell is what\n\
         the person is told who has most to do with it:\n\
         \x20 ok allowed, - nobody has anything to do with it here, a number: refused with the code listed below.\n\n",
    );
    for (index, (says, _)) in situations.iter().enumerate() {
        writeln!(text, "{:>3}  {says}", index + 1).unwrap();
    }
    write!(text, "\n{:<22}", "").unwrap();
    (1..=situations.len()).for_each(|column| write!(text, "{column:>3}").unwrap());
    text.push('\n');
    for (kind, row) in CommandKind::ALL.iter().zip(&cells) {
        write!(text, "{:<22}", kind.name()).unwrap();
        for cell in row {
            match cell {
                None => write!(text, "  -").unwrap(),
                Some(Ok(_)) => write!(text, " ok").unwrap(),
                Some(Err(code)) => write!(text, "{:>3}", number(*code)).unwrap(),
            }
        }
        text.push('\n');
    }
    text.push('\n');
    for (index, (name, code)) in codes.iter().enumerate() {
        writeln!(text, "{:>3}  {name}{}{}", index + 1, if code.clause().is_empty() { "" } else { "  " }, code.clause())
            .unwrap();
    }
    text
}

#[test]
fn command_table_is_the_reviewed_one() {
    let table = table();
    if std::env::var_os("BANGBAN_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/case/tests/command_table.txt"), &table).unwrap();
        return;
    }
    assert_eq!(table, TABLE, "run with BANGBAN_BLESS=1 and read what changed");
}

/// What the table allows can really be done with some payload; what it refuses is refused to everybody with that code, or
/// because it is not theirs.
#[test]
fn the_table_is_what_decide_does() {
    for (says, play) in situations() {
        let attempts = |kind: CommandKind, who: &str| {
            (0..=255).step_by(11).flat_map(move |a| [0, 2, 3, 5, 13].map(|b| (a, b))).map({
                let (play, who) = (play.clone(), who.to_owned());
                move |(a, b)| {
                    let mut value = payload(&play, &who, kind, Step { who: 0, what: 0, a, b, mood: 9 });
                    value["type"] = json!(kind);
                    if MattersCommand::KINDS.contains(&kind) {
                        value["matter"] = json!(FIRST);
                    }
                    play.decide(&who, &command(value)).map(drop).map_err(|refusal| refusal.code)
                }
            })
        };
        for kind in CommandKind::ALL.iter().copied() {
            // No matter of these cases has a fee; that one can be noted is shown elsewhere.
            if kind == CommandKind::NoteFee {
                continue;
            }
            match told(&play, kind) {
                Some(Ok(who)) => {
                    let works = attempts(kind, &who).any(|answer| answer.is_ok());
                    assert!(works, "{says}: {who} is told that {} can be done, and nothing works", kind.name());
                }
                Some(Err(code)) => {
                    for who in ["agent", "agent2", "head", "enterprise", "office-d15", "archivist", "clerk"] {
                        let answer = attempts(kind, who).next().unwrap();
                        assert!(
                            answer == Err(code) || answer == Err(Code::NotYours),
                            "{says}: {} by {who} is {answer:?}, the table says {code:?}",
                            kind.name()
                        );
                    }
                }
                None => {
                    for who in ["agent", "head", "enterprise", "office-d15", "archivist", "supervisor"] {
                        let answer = attempts(kind, who).next().unwrap();
                        assert_eq!(answer, Err(Code::NotYours), "{says}: {} by {who}", kind.name());
                    }
                }
            }
        }
    }
}
