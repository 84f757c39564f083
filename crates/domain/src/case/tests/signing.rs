//! Materials, handover, agreement, start, submission: in this order and no other (S3.2).

use super::fixture::Play;
use super::hall::{PICTURE, SCAN, TEXT};
use crate::case::*;
use crate::custody::Place;
use crate::ids::MaterialId;
use DocumentKind::{Agreement, HandoverList, SignatureSheet};
use serde_json::{Value, json};

/// A signature on a paper that does not exist: what a call can send at any time.
fn blind(kind: &str) -> Value {
    json!({"type": kind, "side": "client", "method": "drawn", "document": "D1", "hash": "00", "file": PICTURE})
}

fn start() -> Value {
    json!({"type": "start"})
}

#[test]
fn s3_2_nothing_is_signed_or_started_before_an_agent_is_named() {
    let mut play = Play::of_template("T5");
    for kind in ["sign_handover", "sign_agreement"] {
        assert_eq!(play.code("enterprise", blind(kind)), Code::WrongStatus);
    }
    assert_eq!(play.action("head", CommandKind::Start).unwrap().code, Code::NotYours);
}

#[test]
fn s3_2_handover_before_complete_is_refused_naming_every_missing_material() {
    let mut play = Play::of_matters(&["QY-03", "SZ-03"]).preparing();
    let names = ["个体工商户登记申请书", "经营场所使用证明", "用电登记表", "经营场所证明"];
    for command in [blind("sign_handover"), blind("sign_agreement")] {
        let refusal = play.refused("enterprise", command);
        assert_eq!((refusal.code, refusal.clause()), (Code::MaterialsIncomplete, Some("S3.2")));
        assert_eq!(refusal.params["materials"], names.join("、"));
    }
    assert_eq!(play.code("agent", start()), Code::MaterialsIncomplete);
    let first: Vec<MaterialId> = names[..3].iter().map(|name| play.material(name)).collect();
    play.receive(&first);
    assert_eq!(play.case.newest(HandoverList), None, "no list is offered before everything is there");
    assert_eq!(play.refused("enterprise", blind("sign_handover")).params["materials"], "经营场所证明");
    let last = play.material("经营场所证明");
    play.receive(&[last]);
    assert_eq!(play.newest(HandoverList).1.about.items.len(), 4);
    play.sign_both(HandoverList);
}

#[test]
fn s3_2_agreement_and_start_before_handover_are_refused() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete();
    assert_eq!(play.case.newest(Agreement), None, "no agreement is offered before the handover");
    assert_eq!(play.code("enterprise", blind("sign_agreement")), Code::HandoverNotSigned);
    assert_eq!(play.code("agent", start()), Code::HandoverNotSigned);
    let client = play.sign_command(HandoverList, "client");
    play.ok("enterprise", client);
    assert_eq!(play.code("enterprise", blind("sign_agreement")), Code::HandoverNotSigned, "one side is not enough");
    assert_eq!(play.code("agent", start()), Code::HandoverNotSigned);
    assert!(play.case.items.iter().all(|item| item.place == Place::Client), "the pieces are still the client's");
    let agent = play.sign_command(HandoverList, "agent");
    play.ok("agent", agent);
    assert!(play.case.items.iter().all(|item| item.place == Place::Person("agent".into())));
    assert_eq!(play.newest(Agreement).1.about.items.len(), 2, "the agreement lists what was handed over");
}

#[test]
fn s3_2_start_before_both_have_signed_the_agreement_is_refused() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete().handed_over();
    assert_eq!(play.code("agent", start()), Code::AgreementNotSigned);
    let agent = play.sign_command(Agreement, "agent");
    play.ok("agent", agent);
    assert_eq!(play.code("agent", start()), Code::AgreementNotSigned);
    let client = play.sign_command(Agreement, "client");
    play.ok("enterprise", client);
    for who in ["enterprise", "head", "clerk", "agent2", "office-d15"] {
        assert_eq!(play.code(who, start()), Code::NotYours, "{who}");
    }
    play.ok("agent", start());
    assert_eq!((play.case.status, play.matter("QY-03").status), (Status::Running, MatterStatus::Offered));
    assert_eq!(play.code("agent", start()), Code::AlreadyStarted);
}

#[test]
fn s3_2_no_matter_is_touched_before_the_start() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete().handed_over().agreed();
    for command in [
        json!({"type": "submit_matter", "matter": "QY-03"}),
        json!({"type": "forward_matter", "matter": "QY-03", "office": "D16", "reason": "职责"}),
    ] {
        assert_eq!(play.code("agent", command), Code::NotStarted);
    }
}

#[test]
fn s3_2_what_another_matter_produces_is_not_missing_but_must_be_there_for_the_submission() {
    let mut play = Play::of_matters(&["QY-03", "SZ-03"]).preparing();
    let licence = play.material("营业执照");
    assert_eq!(play.status_of(&licence), MaterialStatus::FromMatter);
    play = play.complete().handed_over().agreed().started();
    play.claim("SZ-03");
    let refusal = play.refused("agent", json!({"type": "submit_matter", "matter": "SZ-03"}));
    assert_eq!((refusal.code, refusal.params["materials"].as_str()), (Code::MaterialsIncomplete, "营业执照"));
    play.claim("QY-03");
    play.submit("QY-03");
    play.grant("QY-03");
    assert_eq!(play.status_of(&licence), MaterialStatus::Produced);
    play.submit("SZ-03");
}

#[test]
fn s3_2_a_result_that_was_refused_is_not_there() {
    let mut play = Play::of_matters(&["QY-03", "SZ-03"]).running();
    play.claim("SZ-03");
    play.claim("QY-03");
    play.submit("QY-03");
    play.ok("office-d15", json!({"type": "finish_matter", "matter": "QY-03", "outcome": "refused"}));
    let refusal = play.refused("agent", json!({"type": "submit_matter", "matter": "SZ-03"}));
    assert_eq!((refusal.code, refusal.params["materials"].as_str()), (Code::MaterialsIncomplete, "营业执照"));
}

#[test]
fn s3_2_what_an_office_shares_is_never_asked_of_the_client() {
    let mut play = Play::of_matters(&["QY-03"]).preparing();
    let card = play.material("经营者身份证件");
    assert_eq!(play.status_of(&card), MaterialStatus::Shared);
    play = play.complete().handed_over().agreed().started();
    play.claim("QY-03");
    play.ok("agent", json!({"type": "submit_matter", "matter": "QY-03"}));
}

#[test]
fn s3_2_what_an_intermediary_makes_may_come_later_but_before_the_submission() {
    let mut play = Play::of_matters(&["YY-12", "YY-14"]).running();
    let report = play.material("卫生检测或评价报告");
    assert_eq!(play.status_of(&report), MaterialStatus::Intermediary);
    play.claim("YY-12");
    let submit = json!({"type": "submit_matter", "matter": "YY-12"});
    let refusal = play.refused("agent", submit.clone());
    assert_eq!(refusal.params["materials"], "卫生检测或评价报告");
    play.receive(std::slice::from_ref(&report));
    assert_eq!(play.code("agent", submit.clone()), Code::HandoverNotSigned, "a piece needs its handover");
    play.sign_both(HandoverList);
    play.ok("agent", submit);
    assert_eq!(play.case.items_for(&report).next().unwrap().place, Place::Office("D14".into()));
}

#[test]
fn s3_2_a_later_matter_needs_its_own_materials_and_a_supplementary_handover() {
    let mut play = Play::of_matters(&["QY-03", "YY-14"]).running();
    let submit = json!({"type": "submit_matter", "matter": "YY-14"});
    play.claim("YY-14");
    let refusal = play.refused("agent", submit.clone());
    assert_eq!((refusal.code, refusal.params["matters"].as_str()), (Code::PrerequisiteOpen, "QY-03"));
    play.claim("QY-03");
    play.submit("QY-03");
    play.grant("QY-03");
    let refusal = play.refused("agent", submit.clone());
    assert_eq!(
        (refusal.code, refusal.params["materials"].as_str()),
        (Code::MaterialsIncomplete, "申请表、经营场所证明")
    );
    let owed = ["申请表", "经营场所证明"].map(|name| play.material(name));
    play.receive(&owed);
    assert_eq!(play.code("agent", submit.clone()), Code::HandoverNotSigned);
    let client = play.sign_command(HandoverList, "client");
    play.ok("enterprise", client);
    assert_eq!(play.code("agent", submit.clone()), Code::HandoverNotSigned, "one side is not enough");
    let agent = play.sign_command(HandoverList, "agent");
    play.ok("agent", agent);
    assert_eq!(play.newest(HandoverList).1.about.items.len(), 2, "the supplementary list has only what is new");
    play.ok("agent", submit);
}

#[test]
fn s3_2_a_conditional_material_that_was_handed_in_goes_with_its_matter() {
    let mut play = Play::of_matters(&["YD-06"]).preparing();
    let conditional = play.case.materials.iter().find(|material| {
        !material.spec.needed_by[0].required && material.spec.source == crate::catalogue::MaterialSource::Applicant
    });
    let Some(conditional) = conditional.map(|material| material.spec.id.clone()) else {
        panic!("YD-06 has no conditional material of the client: choose another matter");
    };
    play.ok("agent", json!({"type": "check_materials", "checks": [{"material": conditional, "result": "missing"}]}));
    assert_eq!(play.code("enterprise", blind("sign_handover")), Code::MaterialsIncomplete);
    let mut play = play.complete().handed_over().agreed().started();
    play.claim("YD-06");
    play.submit("YD-06");
    assert_eq!(play.case.items_for(&conditional).next().unwrap().place, Place::Office("D08".into()));
}

#[test]
fn s3_2_a_matter_that_needs_nothing_of_the_client_has_an_empty_list_signed() {
    let mut play = Play::of_matters(&["QY-04"]).preparing();
    assert_eq!(play.case.lacking_to_start(), Vec::<&CaseMaterial>::new());
    assert_eq!(play.code("agent", start()), Code::HandoverNotSigned);
    assert_eq!(play.newest(HandoverList).1.about.items, []);
    let mut play = play.handed_over().agreed().started();
    play.work_all();
    assert_eq!(play.case.status, Status::Delivering);
}

#[test]
fn s3_2_the_very_version_that_was_shown_is_signed() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete();
    let (id, list) = play.newest(HandoverList);
    let sign = |document: &str, hash: &str, method: &str, file: &str| json!({"type": "sign_handover", "side": "client", "method": method, "document": document, "hash": hash, "file": file});
    assert_eq!(play.code("enterprise", sign("D9", &list.hash, "drawn", PICTURE)), Code::NothingToSign);
    assert_eq!(play.code("enterprise", sign(id.as_str(), "00", "drawn", PICTURE)), Code::HashMismatch);
    assert_eq!(play.code("enterprise", sign(id.as_str(), &list.hash, "drawn", "f-none")), Code::UnknownFile);
    assert_eq!(play.code("enterprise", sign(id.as_str(), &list.hash, "drawn", TEXT)), Code::FileNotSignature);
    assert_eq!(play.code("enterprise", sign(id.as_str(), &list.hash, "drawn", SCAN)), Code::FileNotSignature);
    assert_eq!(play.code("enterprise", sign(id.as_str(), &list.hash, "scan", TEXT)), Code::FileNotSignature);

    let more = play.material("个体工商户登记申请书");
    play.receive(&[more]);
    let (newer, list2) = play.newest(HandoverList);
    assert_eq!(play.code("enterprise", sign(id.as_str(), &list.hash, "scan", SCAN)), Code::DocumentSuperseded);
    play.ok("enterprise", sign(newer.as_str(), &list2.hash.to_uppercase(), "scan", SCAN));
    let signature = play.newest(HandoverList).1.signature(Side::Client).unwrap().clone();
    assert_eq!((signature.hash, signature.method), (list2.hash.clone(), SignatureMethod::Scan));
    assert_eq!(play.code("enterprise", sign(newer.as_str(), &list2.hash, "drawn", PICTURE)), Code::AlreadySigned);
}

#[test]
fn s3_2_each_side_signs_for_itself() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete();
    let agent_side = play.sign_command(HandoverList, "agent");
    assert_eq!(play.code("enterprise", agent_side.clone()), Code::NotYourSignature);
    for who in ["stranger", "clerk", "head", "agent2", "office-d15", "supervisor"] {
        assert_eq!(play.code(who, agent_side.clone()), Code::NotYours, "{who}");
    }
    // At the window the client draws on the agent's screen; the agent is then its witness.
    let client_side = play.sign_command(HandoverList, "client");
    play.ok("agent", client_side);
    assert_eq!(play.newest(HandoverList).1.signature(Side::Client).unwrap().by, "agent".into());
}

#[test]
fn s3_2_a_new_piece_makes_a_new_list_and_a_new_agreement() {
    let mut play = Play::of_matters(&["QY-03"]).preparing().complete().handed_over();
    let (agreement, _) = play.newest(Agreement);
    let client = play.sign_command(Agreement, "client");
    play.ok("enterprise", client.clone());
    let more = play.material("个体工商户登记申请书");
    play.receive(&[more]);
    let agent = play.sign_command(Agreement, "agent");
    assert_eq!(play.code("agent", agent), Code::HandoverNotSigned, "the further piece is not handed over");
    play.sign_both(HandoverList);
    let (newer, document) = play.newest(Agreement);
    assert_ne!(agreement, newer);
    assert_eq!((document.about.items.len(), document.signatures.len()), (3, 0));
    assert_eq!(play.code("enterprise", client), Code::DocumentSuperseded);
    play.sign_both(Agreement);
    play.ok("agent", start());
}

#[test]
fn s3_2_every_signed_paper_gets_its_signature_sheet_once() {
    let play = Play::of_matters(&["QY-03"]).running();
    let signed: Vec<_> = play.case.documents.iter().filter(|d| d.is_signed()).map(|d| d.id.clone()).collect();
    let sheets: Vec<_> = play
        .case
        .documents
        .iter()
        .filter(|d| d.kind == SignatureSheet)
        .filter_map(|d| d.about.document.clone())
        .collect();
    assert_eq!(signed, sheets);
    assert_eq!(signed.len(), 2);
    let numbers: Vec<&str> = play.case.documents.iter().map(|d| d.number.as_str()).collect();
    assert_eq!(numbers, ["2026-0187-交-01", "2026-0187-协-01", "2026-0187-签-01", "2026-0187-签-02"]);
}
