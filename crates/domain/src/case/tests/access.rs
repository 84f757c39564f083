//! Who may do what: the whole table as a reviewed text, and the clauses behind it.

use super::fixture::Play;
use crate::access::{Action, Denied, On, Relation, may};
use crate::case::*;
use crate::ids::{MatterCode, Username};
use crate::people::Role;
use serde_json::json;
use std::fmt::Write;

/// Write the table anew with `BANGBAN_BLESS=1 cargo test -p domain access_table`, then read what changed.
const TABLE: &str = include_str!("../../access_table.txt");

const ON_A_CASE: [Action; 5] =
    [Action::SeeCase, Action::SeePrivate, Action::SeeArchive, Action::Chase, Action::ReferToMeeting];

const IN_THE_HALL: [Action; 19] = [
    Action::ListCases,
    Action::CreateCase,
    Action::CreateConsultation,
    Action::SeeConsultations,
    Action::SeeReference,
    Action::SeePeople,
    Action::Upload,
    Action::SeeFindings,
    Action::Configure,
    Action::RecordLead,
    Action::ListLeads,
    Action::ListMeetings,
    Action::CallMeeting,
    Action::SeeGreenChannel,
    Action::SeeLedger,
    Action::SeeBoard,
    Action::SeeArchiveRoom,
    Action::SeeInspections,
    Action::InspectArchive,
];

/// A column: who, on which case.
struct Column<'a> {
    says: &'static str,
    who: &'static str,
    play: &'a Play,
}

/// A case that runs, led by the development commission (D02), which holds no matter; the licence is D15's.
fn running() -> Play {
    let mut play = Play::of_matters(&["QY-03", "SZ-03"]).preparing();
    play.ok("head", json!({"type": "set_stand_in", "person": "agent2"}));
    let mut play = play.complete().handed_over().agreed().started();
    play.ok("head", json!({"type": "assign_lead_office", "office": "D02", "reason": "重点项目"}));
    play
}

fn ended() -> Play {
    let mut play = running();
    play.ok("enterprise", json!({"type": "withdraw"}));
    let give_back = play.return_command();
    play.ok("agent", give_back);
    play
}

fn short(relation: Relation) -> &'static str {
    match relation {
        Relation::OwnEnterprise => "own",
        Relation::Agent => "agt",
        Relation::ActingStandIn => "act",
        Relation::StandIn => "std",
        Relation::FormerAgent => "fmr",
        Relation::Holder => "hld",
        Relation::LeadHead => "led",
        Relation::BusinessHead => "biz",
        Relation::MatterOffice => "off",
        Relation::Reception => "rec",
        Relation::Oneself => "self",
        Relation::OfficeHead => "head",
        Relation::Recorder => "wri",
        Relation::Concerned => "con",
        Relation::Role => "rol",
        Relation::Program => "prg",
    }
}

fn name(action: Action) -> String {
    match action {
        Action::Command(kind) => kind.name(),
        other => serde_json::to_value(other).unwrap().as_str().unwrap().to_owned(),
    }
}

fn cell(column: &Column<'_>, action: Action) -> &'static str {
    let matter = MatterCode::from("QY-03");
    let is_on_matter = matches!(action, Action::Command(kind) if MattersCommand::KINDS.contains(&kind));
    match column.play.may_do(column.who, action, is_on_matter.then_some(&matter)) {
        Ok(grant) => short(grant.relation()),
        Err(Denied::Forbidden) => "-",
        Err(Denied::Unknown) => "?",
    }
}

fn matrix(text: &mut String, columns: &[Column<'_>]) {
    for (index, column) in columns.iter().enumerate() {
        writeln!(text, "{:>3}  {}", index + 1, column.says).unwrap();
    }
    write!(text, "\n{:<24}", "").unwrap();
    (1..=columns.len()).for_each(|number| write!(text, "{number:>4}").unwrap());
    text.push('\n');
    let commands = CommandKind::ALL.iter().map(|kind| Action::Command(*kind));
    for action in ON_A_CASE.into_iter().chain(commands) {
        write!(text, "{:<24}", name(action)).unwrap();
        columns.iter().for_each(|column| write!(text, "{:>4}", cell(column, action)).unwrap());
        text.push('\n');
    }
}

fn hall_table(text: &mut String, play: &Play) {
    let cast = [
        "enterprise",
        "clerk",
        "window-d15",
        "agent",
        "head",
        "office-d15",
        "archivist",
        "supervisor",
        "director",
        "admin",
    ];
    write!(text, "{:<24}", "").unwrap();
    cast.iter().for_each(|who| write!(text, "{who:>12}").unwrap());
    text.push('\n');
    for action in IN_THE_HALL {
        write!(text, "{:<24}", name(action)).unwrap();
        for who in cast {
            let allowed = may(&play.hall.actor(who), action, On::Hall).is_ok();
            write!(text, "{:>12}", if allowed { "yes" } else { "-" }).unwrap();
        }
        text.push('\n');
    }
}

fn table() -> String {
    let (running, ended) = (running(), ended());
    let preparing = Play::of_matters(&["QY-03", "SZ-03"]).preparing();
    let mut away = running.clone();
    away.hall.is_away("agent", 5);
    let column = |says, who, play| Column { says, who, play };
    let columns = [
        column("applicant, member of the enterprise that applied", "enterprise", &running),
        column("applicant, member of another enterprise", "stranger", &running),
        column("window clerk at the bureau's reception", "clerk", &running),
        column("window clerk of the office that holds the matter", "window-d15", &running),
        column("window clerk of an office whose matter was not sent to it yet", "window-d15", &preparing),
        column("service staff: the agent", "agent", &running),
        column("service staff: the stand-in, the agent is there", "agent2", &running),
        column("service staff: the stand-in, the agent's absence is recorded", "agent2", &away),
        column("service staff without a tie to the case", "agent3", &running),
        column("office head: of the lead office", "office-d02", &running),
        column("office head: of the business office, which does not lead the case", "head", &running),
        column("office head: of the office that holds the matter", "office-d15", &running),
        column("office head: of an office with another matter of the case", "office-d28", &running),
        column("office head without a tie to the case", "office-d03", &running),
        column("archivist, before the end", "archivist", &running),
        column("archivist, after the end", "archivist", &ended),
        column("supervisor", "supervisor", &running),
        column("director", "director", &running),
        column("administrator", "admin", &running),
    ];
    let mut text = String::from(
        "Who may do what. Written by a test (case/tests/access.rs) and reviewed by people; a change here is a change of the rules.\n\n\
         On a case. A cell is the tie by which it is allowed: own member of the enterprise, agt agent, act stand-in\n\
         in the agent's name, std stand-in, led head of the lead office, biz head of the business office, off office that holds the matter,\n\
         rec reception, rol role alone; - is refused (403), ? is answered as if there were no such case (404).\n\n",
    );
    matrix(&mut text, &columns);
    text.push_str("\nIn the hall.\n\n");
    hall_table(&mut text, &running);
    text
}

#[test]
fn access_table_is_the_reviewed_one() {
    let table = table();
    if std::env::var_os("BANGBAN_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/access_table.txt"), &table).unwrap();
        return;
    }
    assert_eq!(table, TABLE, "run with BANGBAN_BLESS=1 and read what changed");
}

fn every_action() -> impl Iterator<Item = Action> {
    ON_A_CASE.into_iter().chain(CommandKind::ALL.iter().map(|kind| Action::Command(*kind)))
}

#[test]
fn another_enterprise_and_the_administrator_do_not_even_learn_of_a_case() {
    for play in [Play::of_template("T5"), running(), ended()] {
        for who in ["stranger", "admin", "office-d03", "agent3", "novice"] {
            for action in every_action() {
                assert_eq!(play.may_do(who, action, None), Err(Denied::Unknown), "{who} {action:?}");
            }
        }
    }
}

#[test]
fn the_administrator_of_any_office_sees_no_content() {
    let play = running();
    for action in [Action::ListCases, Action::SeeConsultations, Action::SeeFindings, Action::Upload] {
        assert_eq!(may(&play.hall.actor("admin"), action, On::Hall), Err(Denied::Forbidden), "{action:?}");
    }
    assert!(may(&play.hall.actor("admin"), Action::Configure, On::Hall).is_ok());
}

#[test]
fn s8_2_supervision_and_direction_read_everything_and_change_nothing() {
    for play in [Play::of_template("T5"), running(), ended()] {
        for who in ["supervisor", "director"] {
            assert!(play.may_do(who, Action::SeeCase, None).is_ok());
            assert_eq!(play.may_do(who, Action::SeePrivate, None), Err(Denied::Forbidden));
            for kind in CommandKind::ALL {
                assert_eq!(play.may_do(who, Action::Command(*kind), None), Err(Denied::Forbidden), "{who} {kind:?}");
                assert_eq!(play.action(who, *kind).map(|refusal| refusal.code), Some(Code::NotYours));
            }
        }
        let hall = |who: &str, action| may(&play.hall.actor(who), action, On::Hall);
        assert!(hall("director", Action::Upload).is_err() && hall("director", Action::Configure).is_err());
        assert!(hall("supervisor", Action::SeeFindings).is_ok() && hall("agent", Action::SeeFindings).is_err());
    }
}

#[test]
fn s2_3_an_office_sees_a_case_once_its_matter_was_sent_to_it() {
    let preparing = Play::of_matters(&["QY-03", "SZ-03"]).preparing();
    assert_eq!(preparing.may_do("office-d15", Action::SeeCase, None), Err(Denied::Unknown));
    let running = running();
    let grant = running.may_do("office-d15", Action::SeeCase, None).unwrap();
    assert_eq!(grant.relation(), Relation::MatterOffice);
    let other = MatterCode::from("SZ-03");
    let claim = Action::Command(CommandKind::ClaimMatter);
    assert_eq!(running.may_do("office-d15", claim, Some(&other)), Err(Denied::Forbidden), "not its own matter");
}

#[test]
fn a_grant_says_who_what_why_and_in_whose_name() {
    let mut play = running();
    play.hall.is_away("agent", 1);
    let action = Action::Command(CommandKind::SubmitMatter);
    let grant = play.may_do("agent2", action, Some(&"QY-03".into())).unwrap();
    assert_eq!((grant.actor().as_str(), grant.action()), ("agent2", action));
    assert_eq!((grant.relation(), grant.on_behalf_of().cloned()), (Relation::ActingStandIn, Some("agent".into())));
}

#[test]
fn someone_with_two_roles_has_both_and_a_former_enterprise_is_none() {
    let mut play = running();
    let head = play.hall.directory.people.get_mut(&Username::from("office-d15")).unwrap();
    head.roles.insert(Role::Administrator);
    assert!(play.may_do("office-d15", Action::SeeCase, None).is_ok());
    let person = play.hall.directory.people.get_mut(&Username::from("enterprise")).unwrap();
    person.enterprises.clear();
    assert_eq!(play.may_do("enterprise", Action::SeeCase, None), Err(Denied::Unknown));
    let person = play.hall.directory.people.get_mut(&Username::from("stranger")).unwrap();
    person.enterprises.push("p-own".into());
    assert!(play.may_do("stranger", Action::SeeCase, None).is_ok(), "an applicant may belong to several");
}

#[test]
fn an_enterprise_is_nothing_to_someone_who_is_no_applicant() {
    let mut play = running();
    play.hall.directory.people.get_mut(&Username::from("novice")).unwrap().enterprises.push("p-own".into());
    assert_eq!(play.may_do("novice", Action::SeeCase, None), Err(Denied::Unknown));
}
