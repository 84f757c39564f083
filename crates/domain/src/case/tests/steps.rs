//! Random steps: somebody gives some command, mostly one that can be given, with a payload drawn from the case.

use super::fixture::{Play, application};
use super::hall::{ADDRESS, PICTURE, SCAN, TEXT};
use crate::case::*;
use crate::catalogue::MaterialSource;
use crate::ids::{ItemId, MaterialId, MatterCode};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Chance, as small numbers: which person, which command, what with, and how serious it is meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) who: u8,
    pub(super) what: u8,
    pub(super) a: u8,
    pub(super) b: u8,
    pub(super) mood: u8,
}

/// Where a walk begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begin {
    scope: u8,
    stage: u8,
    way: u8,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    any::<(u8, u8, u8, u8, u8)>().prop_map(|(who, what, a, b, mood)| Step { who, what, a, b, mood })
}

pub(super) fn begin() -> impl Strategy<Value = Begin> {
    any::<(u8, u8, u8)>().prop_map(|(scope, stage, way)| Begin { scope, stage, way })
}

const SCOPES: [&[&str]; 8] = [
    &["QY-03"],
    &["QY-03", "YY-14"],
    &["YY-13", "YY-14"],
    &["HP-03", "SZ-03", "QY-03"],
    &["YY-15"],
    &["SZ-02", "SZ-03"],
    &["QY-04"],
    &["YD-06", "YY-12"],
];

const CAST: [&str; 16] = [
    "agent",
    "agent",
    "agent",
    "agent",
    "agent2",
    "enterprise",
    "enterprise",
    "head",
    "head",
    "clerk",
    "archivist",
    "supervisor",
    "director",
    "admin",
    "stranger",
    "novice",
];

fn pick<T: Clone>(from: &[T], chance: u8) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(chance) % from.len()].clone())
}

impl Begin {
    pub(super) fn play(self) -> Play {
        let delivery =
            [DeliveryWay::InPerson, DeliveryWay::Courier, DeliveryWay::Electronic][usize::from(self.way) % 3];
        let scope = SCOPES[usize::from(self.scope) % SCOPES.len()];
        let play = Play::new(&Application { delivery, founding: self.way.is_multiple_of(2), ..application(scope) });
        let is_agency = play.case.mode == crate::catalogue::Mode::Agency;
        match self.stage % 8 {
            0 => play,
            1 => play.preparing(),
            2 | 7 => noticed(play.preparing()),
            3 if is_agency => play.running(),
            4 => escorted_first(play.preparing()),
            5 if is_agency => {
                let mut play = play.running();
                play.ok("head", json!({"type": "assign_agent", "person": "agent2", "reason": "调岗"}));
                play
            }
            6 if is_agency && scope != ["SZ-02", "SZ-03"] => play.delivering(),
            _ => play.preparing(),
        }
    }
}

/// Assistance has taken the client to the first window that can accept; then it becomes agency.
fn escorted_first(mut play: Play) -> Play {
    play.ok("agent", json!({"type": "choose_mode", "mode": "assistance"}));
    let line = |material: &CaseMaterial| json!({"material": material.spec.id, "result": "ok"});
    let checks: Vec<Value> = play.case.materials.iter().map(line).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": checks}));
    let first = play.case.beginning().next().map(|matter| matter.scope.code.clone());
    let escort = json!({"type": "record_escort", "matter": first, "window": "3号窗口", "outcome": "accepted"});
    play.ok("agent", escort);
    play.ok("agent", json!({"type": "choose_mode", "mode": "agency"}));
    play.complete().handed_over().agreed()
}

/// With a notice for the first matter, if it asks anything of the client.
fn noticed(mut play: Play) -> Play {
    let owed = play.case.lacking_to_start().first().map(|material| material.spec.id.clone());
    let line = |material: &CaseMaterial| {
        let result = if Some(&material.spec.id) == owed.as_ref() { "missing" } else { "ok" };
        json!({"material": material.spec.id, "result": result})
    };
    let checks: Vec<Value> = play.case.materials.iter().map(line).collect();
    play.ok("agent", json!({"type": "check_materials", "checks": checks}));
    if owed.is_some() {
        let first = play.case.matters[0].scope.code.clone();
        play.ok("agent", json!({"type": "issue_notice", "matters": [first]}));
    }
    play
}

/// Who gives which command in this step; nothing if the step only lets time pass or somebody go away.
pub(super) fn draw(play: &mut Play, step: Step) -> Option<(String, Command)> {
    match step.mood % 16 {
        0 => {
            let minutes = if step.b.is_multiple_of(8) { -i64::from(step.a) } else { i64::from(step.a) * 30 };
            play.hall.now += chrono::TimeDelta::minutes(minutes);
            // Sometimes the dates pass that somebody was given.
            if step.a > 240 {
                play.later_days(20);
                play.lapse();
            }
            None
        }
        1 if step.b.is_multiple_of(2) => {
            play.hall.is_away("agent", u64::from(step.a % 4));
            None
        }
        1 => {
            play.hall.all_are_back();
            None
        }
        mood => {
            let who = person(play, step);
            let kind = if mood == 2 { None } else { likely(play, &who, step) };
            let kind = kind.or_else(|| pick(CommandKind::ALL, step.what))?;
            let mut value = payload(play, &who, kind, step);
            value["type"] = json!(kind);
            Some((who, super::fixture::command(value)))
        }
    }
}

/// Half of the cast are people of the service, half the offices of the case.
fn person(play: &Play, step: Step) -> String {
    let offices: Vec<String> = play.case.matters.iter().map(|matter| super::fixture::head_of(&matter.office)).collect();
    let known: Vec<String> = offices.into_iter().filter(|name| is_known(play, name)).collect();
    match pick(&known, step.who / 2) {
        Some(office) if step.who.is_multiple_of(3) && play.case.started_at.is_some() => office,
        _ => pick(&CAST, step.who).unwrap_or("agent").to_owned(),
    }
}

fn is_known(play: &Play, name: &str) -> bool {
    play.hall.directory.person(&name.into()).is_some()
}

/// A command that can be given now; what ends or pauses a case comes seldom, so that walks go far.
fn likely(play: &Play, who: &str, step: Step) -> Option<CommandKind> {
    let all = actions(&play.case, &play.hall.actor(who), &play.hall.facts(None));
    let is_rare = |kind: CommandKind| {
        matches!(
            kind,
            CommandKind::Withdraw
                | CommandKind::Terminate
                | CommandKind::Suspend
                | CommandKind::ChooseMode
                | CommandKind::ChangeMatters
                | CommandKind::RecordRemoteSession
                | CommandKind::RecordEscort
                | CommandKind::SetGoal
        )
    };
    let allowed = all.into_iter().filter(|action| action.refusal.is_none()).map(|action| action.kind);
    let allowed = allowed.filter(|kind| step.mood > 224 || !is_rare(*kind));
    let allowed: Vec<CommandKind> =
        allowed.filter(|kind| !MattersCommand::KINDS.contains(kind) || !able(play, who, *kind).is_empty()).collect();
    pick(&allowed, step.what)
}

/// The matters on which this person can do this now.
fn able(play: &Play, who: &str, kind: CommandKind) -> Vec<MatterCode> {
    let (actor, facts) = (play.hall.actor(who), play.hall.facts(None));
    let can = |code: &MatterCode| {
        let all = matter_actions(&play.case, code, &actor, &facts);
        all.iter().any(|action| action.kind == kind && action.refusal.is_none())
    };
    play.case.matters.iter().map(|matter| matter.scope.code.clone()).filter(can).collect()
}

pub(super) fn payload(play: &Play, who: &str, kind: CommandKind, step: Step) -> Value {
    use CommandKind as K;
    let (a, b) = (step.a, step.b);
    let reason = pick(&["情况变化", "情况变化", "情况变化", " "], a).unwrap_or_default();
    let matter = matter_for(play, who, kind, a);
    match kind {
        K::ChooseMode => json!({"mode": pick(&["agency", "agency", "assistance"], a)}),
        K::ChangeMatters => change(play, step),
        K::AttachUscc => json!({"uscc": "91150422XTEXTEXT5D"}),
        K::AssignLeadOffice => json!({"office": pick(&["B01", "B01", "D15", "D40"], a), "reason": reason}),
        K::AssignAgent | K::SetStandIn => {
            json!({"person": pick(&["agent", "agent2", "agent3", "novice"], a), "reason": reason})
        }
        K::OpenGreenChannel => json!({"reason": reason, "person": "agent", "measures": ["appointment"]}),
        K::SetGoal => {
            let date = crate::calendar::today(play.hall.now) + chrono::Days::new(u64::from(b));
            json!({"milestone": pick(&["MS-KG", "MS-TC", "MS-XX"], a), "date": date})
        }
        K::CheckOutside => {
            let state = pick(&["not_filed", "filed", "in_review", "decided"], b);
            json!({"matter": matter, "state": state, "number": "N1"})
        }
        K::LiftOrder => {
            let open = play.case.matter(&matter).map(|m| play.case.open_order(m)).unwrap_or_default();
            json!({"matter": matter, "before": pick(&open, b).map_or("QY-03", |code| code.as_str()), "opinion": reason})
        }
        K::CheckMaterials => check(play, step),
        K::IssueNotice => {
            let reasons = [None, Some("overlooked"), Some("applicant_changed"), Some("still_not_right")];
            json!({"matters": [matter], "reason_code": pick(&reasons, b)})
        }
        K::ReceiveMaterials => receive(play, step),
        K::MoveMaterial => move_to(play, step),
        K::SignHandover => sign(play, DocumentKind::HandoverList, step),
        K::SignTakeover => {
            let mut value = sign(play, DocumentKind::TakeoverList, step);
            let is_agent = play.case.agent.as_ref().is_some_and(|agent| agent.as_str() == who);
            value["side"] = json!(if is_agent { "taker" } else { "giver" });
            value
        }
        K::SignAgreement => sign(play, DocumentKind::Agreement, step),
        K::SignPaper | K::TakeMaterial | K::DeferMaterial | K::IssuePaper | K::RecordParcel | K::AddLateDocument => {
            beside(play, kind, matter, step)
        }
        K::ReturnMaterials | K::HandOverResult => give(play, kind, step),
        K::ClaimMatter | K::ResumeClock | K::SubmitMatter => json!({"matter": matter}),
        K::DeclineMatter => json!({"matter": matter, "reason": reason}),
        K::ForwardMatter => json!({"matter": matter, "office": pick(&["D15", "D14", "D37"], b), "reason": reason}),
        K::FinishMatter => finish(play, &matter, step),
        K::StopClock => {
            let (kind, name) = if b.is_multiple_of(2) { ("correction", None) } else { ("special", Some("评审")) };
            let until = crate::calendar::today(play.hall.now) + chrono::Days::new(u64::from(b % 9));
            json!({"matter": matter, "kind": kind, "name": name, "reason": reason, "until": until})
        }
        K::ExtendLimit => json!({"matter": matter, "days": b % 5, "reason": reason, "approver": "head"}),
        K::RecordEscort => {
            json!({"matter": matter, "window": "3号窗口", "outcome": pick(&["accepted", "accepted", "refused"], b)})
        }
        K::RecordRemoteSession => json!({"channel": "phone", "topic": reason, "started_at": play.hall.now,
            "minutes": 5, "outcome": "已答"}),
        K::NoteFee => json!({"matter": matter, "fee": "不动产登记费", "amount_fen": 1, "receipt": "1"}),
        K::SendResult => send(play, step),
        K::ConfirmReceipt => json!({"signed_by": "王经理", "at": play.hall.now}),
        K::Suspend => json!({"reason_code": "force_majeure", "reason": reason}),
        K::Terminate => json!({"reason_code": "fraud", "reason": reason}),
        K::Evaluate => json!({"grade": a % 7}),
        K::Accept | K::Start | K::Resume | K::Withdraw | K::CloseAssistance | K::Archive => json!({}),
    }
}

/// Commands about papers, custody and what comes later.
fn beside(play: &Play, kind: CommandKind, matter: MatterCode, step: Step) -> Value {
    use CommandKind as K;
    let (a, b) = (step.a, step.b);
    let reason = pick(&["情况变化", "情况变化", " "], a).unwrap_or_default();
    match kind {
        K::SignPaper => {
            let kinds = [DocumentKind::DeferralPromise, DocumentKind::Application, DocumentKind::PowerOfAttorney];
            let mut value = sign(play, pick(&kinds, a).unwrap_or(DocumentKind::DeferralPromise), step);
            value["side"] = json!("client");
            value
        }
        K::TakeMaterial => {
            let open: Vec<ItemId> = play.case.open_moves().map(|line| line.item.clone()).collect();
            let slip = b.is_multiple_of(2).then_some(SCAN);
            json!({"items": pick(&open, a).into_iter().collect::<Vec<_>>(), "slip": slip})
        }
        K::DeferMaterial => {
            let open = play.case.deferrable().map(|(matter, material)| (&matter.scope.code, &material.spec.id));
            let open: Vec<(MatterCode, MaterialId)> = open.map(|(code, id)| (code.clone(), id.clone())).collect();
            let (matter, material) = pick(&open, a).unwrap_or_else(|| (matter, "M1".into()));
            let due = crate::calendar::today(play.hall.now) + chrono::Days::new(u64::from(b % 12));
            json!({"matter": matter, "material": material, "due": due})
        }
        K::IssuePaper => {
            let kind = pick(&["application", "power-of-attorney", "task-slip", "courier-record"], a);
            json!({"kind": kind, "matter": matter})
        }
        K::RecordParcel => {
            json!({"state": pick(&["in_transit", "not_delivered", "returned", "lost"], a), "note": reason})
        }
        K::AddLateDocument => json!({"title": "后补材料", "file": SCAN, "reason": reason}),
        _ => json!({}),
    }
}

/// A matter on which this person can do this now, if there is one.
fn matter_for(play: &Play, who: &str, kind: CommandKind, chance: u8) -> MatterCode {
    let codes: Vec<MatterCode> = play.case.matters.iter().map(|matter| matter.scope.code.clone()).collect();
    pick(&able(play, who, kind), chance).or_else(|| pick(&codes, chance)).unwrap_or_else(|| "QY-03".into())
}

fn change(play: &Play, step: Step) -> Value {
    let codes: Vec<MatterCode> = play.case.matters.iter().map(|matter| matter.scope.code.clone()).collect();
    match step.a % 3 {
        0 => json!({"add": [pick(&["YY-03", "YY-14", "SZ-03", "HP-03"], step.b)], "reason": "增项"}),
        1 => json!({"remove": [pick(&codes, step.b)], "reason": "减项"}),
        _ => json!({"add": ["YY-12"], "remove": [pick(&codes, step.b)], "reason": "换项"}),
    }
}

/// Usually everything is checked, and one line of it found lacking.
fn check(play: &Play, step: Step) -> Value {
    let own = play.case.materials.iter().filter(|material| material.spec.source == MaterialSource::Applicant);
    let own: Vec<MaterialId> = own.map(|material| material.spec.id.clone()).collect();
    let odd = pick(&own, step.a);
    let line = |material: &CaseMaterial| {
        let result = if Some(&material.spec.id) == odd.as_ref() {
            pick(&["ok", "missing", "wrong"], step.b)
        } else {
            Some("ok")
        };
        json!({"material": material.spec.id, "result": result, "why": "未签字"})
    };
    json!({"checks": play.case.materials.iter().map(line).collect::<Vec<_>>()})
}

/// Usually all that is owed now, sometimes one piece more.
fn receive(play: &Play, step: Step) -> Value {
    let owed = play.case.lacking_to_start().into_iter().map(|material| material.spec.id.clone());
    let made = play
        .case
        .materials
        .iter()
        .filter(|material| play.case.material_status(material) == MaterialStatus::Intermediary);
    let mut ids: Vec<_> = owed.chain(made.map(|material| material.spec.id.clone())).collect();
    if ids.is_empty() || step.a.is_multiple_of(5) {
        ids.extend(pick(&play.case.materials, step.b).map(|material| material.spec.id));
    }
    let form = pick(&["original", "original", "copy", "electronic"], step.b);
    let line = |id| json!({"material": id, "form": form, "pages": 1, "copies": 1, "return": !step.a.is_multiple_of(3)});
    json!({"items": ids.iter().map(line).collect::<Vec<_>>()})
}

fn move_to(play: &Play, step: Step) -> Value {
    let places = [
        json!({"person": "agent"}),
        json!({"person": "clerk"}),
        json!({"office": "D15"}),
        json!({"window": "3号"}),
        json!({"client": true}),
    ];
    let item = pick(&play.case.items, step.b).map_or_else(|| "I1".into(), |item| item.id);
    json!({"item": item, "to": pick(&places, step.a)})
}

/// The newest paper and its hash, now and then something else; a text file is no signature.
fn sign(play: &Play, kind: DocumentKind, step: Step) -> Value {
    let document =
        if step.b.is_multiple_of(11) { pick(&play.case.documents, step.a) } else { play.case.newest(kind).cloned() };
    let (id, hash) = document.map_or_else(|| ("D1".into(), "00".to_owned()), |d| (d.id, d.hash));
    let by_agent = play.case.newest(kind).is_some_and(|d| d.signature(Side::Client).is_some());
    let is_swapped = step.a.is_multiple_of(6);
    let side = if by_agent == is_swapped { "client" } else { "agent" };
    let (method, file) = match step.b % 8 {
        0 => ("drawn", TEXT),
        1 | 2 => ("scan", SCAN),
        _ => ("drawn", PICTURE),
    };
    json!({"side": side, "method": method, "document": id, "hash": hash, "file": file})
}

fn give(play: &Play, kind: CommandKind, step: Step) -> Value {
    let paper =
        if kind == CommandKind::ReturnMaterials { DocumentKind::ReturnList } else { DocumentKind::DeliveryNotice };
    let mut items = play.case.outstanding_items();
    if step.a.is_multiple_of(7) {
        items.pop();
    }
    let mut value = sign(play, paper, step);
    value["side"] = json!("client");
    value["items"] = json!(items);
    if kind == CommandKind::HandOverResult {
        value["results"] = json!(play.case.undelivered_results());
        value["collector"] = json!("王经理");
    }
    value
}

fn finish(play: &Play, matter: &MatterCode, step: Step) -> Value {
    let outcome = pick(&["granted", "granted", "granted", "granted", "refused", "not_needed"], step.b);
    let results = json!([{"name": "证照", "form": "original"}]);
    let kept: Vec<Value> = match pick(&play.case.items, step.a) {
        Some(item) if step.a.is_multiple_of(4) => vec![json!({"item": item.id, "reason": "法定存档"})],
        _ => vec![],
    };
    json!({"matter": matter, "outcome": outcome, "results": results, "kept": kept})
}

fn send(play: &Play, step: Step) -> Value {
    let results = play.case.undelivered_results();
    if step.a.is_multiple_of(2) {
        return json!({"results": results});
    }
    json!({"results": results, "items": play.case.outstanding_items(), "carrier": "邮政", "number": "E1", "address": ADDRESS})
}
