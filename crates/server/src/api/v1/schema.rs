//! What comes in, as the description tells it. The rules read these bodies themselves (`domain`, `app`); the tables here only
//! say how they look, and tests hold them to what is really read.

use super::wire::Holder;
use domain::lead::LeadSource;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The signature that some commands carry.
const SIG: &str = "side:side method:method document:text hash:text file:text signer?:signer";

/// Each command with its fields: `name:form`, with a question mark where it may be left out; `[form]` is a list.
const COMMANDS: &[(&str, &str)] = &[
    ("choose_mode", "mode:mode"),
    ("change_matters", "add?:[text] remove?:[text] reason:text"),
    ("attach_uscc", "uscc:text"),
    ("set_goal", "milestone:text date:date"),
    ("assign_lead_office", "office:text reason?:text"),
    ("accept", ""),
    ("assign_agent", "person:text reason?:text"),
    ("set_stand_in", "person:text reason?:text"),
    ("open_green_channel", "reason:text person:text measures?:[green_measure]"),
    ("check_materials", "checks:[check]"),
    ("issue_notice", "matters:[text] reason_code?:notice_reason"),
    ("receive_materials", "items:[item]"),
    ("move_material", "item:text to:destination"),
    ("take_material", "items:[text] slip?:text"),
    ("defer_material", "matter:text material:text due:date consequence?:text"),
    ("sign_handover", SIG),
    ("sign_agreement", SIG),
    ("sign_takeover", "side:takeover_side method:method document:text hash:text file:text signer?:signer"),
    ("sign_paper", SIG),
    ("issue_paper", "kind:paper_on_request matter?:text"),
    ("start", ""),
    ("claim_matter", "matter:text"),
    ("decline_matter", "matter:text reason:text"),
    ("forward_matter", "matter:text office:text reason:text"),
    ("submit_matter", "matter:text number?:text"),
    ("finish_matter", "matter:text outcome:outcome results?:[result] kept?:[kept] at?:time late_reason?:text"),
    ("stop_clock", "matter:text kind:stop name?:text reason:text until:date beyond_cap?:text"),
    ("resume_clock", "matter:text"),
    ("extend_limit", "matter:text days:count reason:text approver:text"),
    ("check_outside", "matter:text state:outside_state number?:text receipt?:text checked_at?:time late_reason?:text"),
    ("lift_order", "matter:text before:text opinion:text"),
    ("record_escort", "matter:text window:text ticket?:text outcome:escort_outcome at?:time late_reason?:text"),
    ("record_remote_session", "channel:remote_channel topic:text started_at:time minutes:count outcome:text"),
    ("note_fee", "matter:text fee:text amount_fen:amount receipt:text"),
    (
        "hand_over_result",
        "results:[text] items:[text] collector:text side:side method:method document:text hash:text file:text signer?:signer",
    ),
    ("send_result", "results:[text] items?:[text] carrier?:text number?:text address?:text"),
    ("confirm_receipt", "signed_by:text at:time file?:text"),
    ("return_materials", "items:[text] side:side method:method document:text hash:text file:text signer?:signer"),
    ("record_parcel", "state:parcel_state note?:text at?:time"),
    ("suspend", "reason_code:suspend_reason reason:text"),
    ("resume", ""),
    ("withdraw", "reason_code?:text reason?:text"),
    ("terminate", "reason_code:terminate_reason reason:text"),
    ("close_assistance", ""),
    ("evaluate", "grade:grade text?:text"),
    ("add_late_document", "title:text file:text reason:text"),
    ("archive", ""),
];

/// The JSON schema of a form.
fn form(name: &str) -> Value {
    let one_of = |codes: &[&str]| json!({ "type": "string", "enum": codes });
    if let Some(inner) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return json!({ "type": "array", "items": form(inner) });
    }
    match name {
        "side" => one_of(&["client", "agent"]),
        "takeover_side" => one_of(&["giver", "taker"]),
        "method" => one_of(&["drawn", "scan"]),
        "mode" => one_of(&["agency", "assistance"]),
        "outcome" => one_of(&["granted", "refused", "not_needed"]),
        "stop" => one_of(&["correction", "special"]),
        "piece" => one_of(&["original", "copy", "electronic"]),
        "check_result" => one_of(&["ok", "missing", "wrong"]),
        "notice_reason" => one_of(&["applicant_changed", "rule_changed", "still_not_right", "overlooked"]),
        "escort_outcome" => one_of(&["accepted", "refused", "postponed"]),
        "remote_channel" => one_of(&["phone", "qq", "wechat", "screen_share", "room"]),
        "green_measure" => one_of(&["after_hours", "appointment", "accompanied"]),
        "identity_proof" => one_of(&["account", "id_card", "licence", "letter", "link_and_code"]),
        "paper_on_request" => one_of(&["application", "power-of-attorney", "task-slip", "courier-record"]),
        "parcel_state" => one_of(&["in_transit", "not_delivered", "returned", "lost"]),
        "outside_state" => one_of(&["not_filed", "filed", "accepted", "correcting", "in_review", "decided"]),
        "suspend_reason" => {
            one_of(&["client_request", "false_materials", "fee_unpaid", "conditions_unmet", "force_majeure"])
        }
        "absence_reason" => one_of(&["annual_leave", "sick", "training", "business_trip", "other"]),
        "terminate_reason" => one_of(&["not_approvable", "fraud", "client_unreachable", "project_abandoned"]),
        "channel" => one_of(&["walk_in", "phone", "online"]),
        "delivery" => one_of(&["in_person", "courier", "electronic"]),
        "date" => json!({ "type": "string", "format": "date" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "count" => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        "amount" => json!({ "type": "integer", "description": "In fen" }),
        "grade" => json!({ "type": "integer", "minimum": 1, "maximum": 5 }),
        "bool" => json!({ "type": "boolean" }),
        "check" => object("material:text result:check_result why?:text"),
        "item" => object(
            "material:text form:piece pages:count copies:count return:bool file?:text label?:text condition?:text",
        ),
        "result" => object("name:text form:piece file?:text"),
        "signer" => object("name?:text proof:identity_proof strokes?:text letter?:text"),
        "kept" => object("item:text reason:text"),
        "lead_source" => one_of(&LeadSource::ALL.map(LeadSource::name)),
        "lead_project" => object("name:text investment_fen?:amount site?:text kind?:text wanted_start?:date"),
        "step" => object("what:text due:date"),
        "meeting_item" => object("case?:text lead?:text question:text"),
        "attendance" => object("office:text who?:text absent?:text"),
        "decision" => object("what:text office:text person?:text due:date"),
        "contact" => object("name:text phone:text"),
        "founder" => object("name:text id_number:text"),
        "applicant" => object("name:text uscc?:text founder?:founder contact:contact"),
        "caller" => object("name:text uscc?:text founder?:founder contact?:contact phone?:text"),
        "project" => object("name:text investment_fen?:amount site?:text"),
        "destination" => json!({ "oneOf": [
            object("person:text"), object("office:text"), object("window:text"), object("client:bool"),
            object("kept:keeping"),
        ]}),
        "keeping" => object("office:text reason:text"),
        _ => json!({ "type": "string" }),
    }
}

/// An object with these fields and no others.
fn object(fields: &str) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, kind) in fields.split_whitespace().filter_map(|field| field.split_once(':')) {
        let bare = name.trim_end_matches('?');
        properties.insert(bare.to_owned(), form(kind));
        if bare == name {
            required.push(bare);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn command(kind: &str, fields: &str) -> Value {
    let mut schema = object(fields);
    schema["title"] = json!(kind);
    schema["properties"]["type"] = json!({ "type": "string", "enum": [kind] });
    if let Some(required) = schema["required"].as_array_mut() {
        required.insert(0, json!("type"));
    }
    schema
}

fn read(schema: Value) -> RefOr<Schema> {
    serde_json::from_value(schema).unwrap_or_default()
}

/// Describes a body that is read elsewhere.
macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident => $schema:expr;)+) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                read($schema)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

bodies! {
    /// A command on a case: one of every kind.
    CommandBody => json!({ "oneOf": COMMANDS.iter().map(|(kind, fields)| command(kind, fields)).collect::<Vec<_>>() });
    /// An application: a registered enterprise by its code, or one that is being founded by its founder.
    NewCaseBody => object(
        "consultation?:text lead?:text applicant?:applicant project?:project template?:text matters?:[text] mode?:mode \
         channel:channel delivery:delivery",
    );
    /// A consultation.
    NewConsultationBody => object(
        "applicant:caller channel:channel question:text answer?:text matters?:[text] told?:[text]",
    );
    /// An absence: first and last day, and why.
    NewAbsenceBody => object("from:date to:date reason:absence_reason");
    /// A lead: who, which project, how it came to us.
    NewLeadBody => object(
        "applicant:applicant project:lead_project source:lead_source template?:text matters?:[text] agent?:text \
         steps?:[step]",
    );
    /// A visit; `done` are numbers of planned steps.
    VisitBody => object("on:date who:text place:text said:text done?:[count] next?:step");
    /// The agent.
    AssignLeadBody => object("agent:text");
    /// A reason.
    ReasonBody => object("reason:text");
    /// A meeting: what about, when, where, with whom.
    NewMeetingBody => object("topic:text at:time place:text offices:[text] items?:[meeting_item]");
    /// A case, and what is to be settled.
    ReferCaseBody => object("case:text question:text");
    /// Who came, what was said, what was decided.
    MinutesBody => object("attendance:[attendance] text:text decisions?:[decision]");
    /// What came of a decision.
    DecisionDoneBody => object("outcome:text");
    /// A chase: the matter that is waited for, and what to say with it.
    NewChaseBody => object("matter:text text?:text");
    /// A form with the file.
    UploadBody => json!({
        "type": "object", "required": ["file"],
        "properties": { "file": { "type": "string", "format": "binary" } },
    });
}

impl PartialSchema for Holder {
    fn schema() -> RefOr<Schema> {
        read(json!({ "oneOf": [
            { "type": "string", "enum": ["client"] },
            object("person:text"),
            object("office:text"),
            object("window:text"),
            {
                "type": "object", "required": ["courier"], "additionalProperties": false,
                "properties": { "courier": object("carrier:text number:text") },
            },
            {
                "type": "object", "required": ["kept"], "additionalProperties": false,
                "properties": { "kept": object("office:text reason:text") },
            },
        ]}))
    }
}

impl ToSchema for Holder {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Holder")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::case::{Command, CommandKind};

    /// Something of this schema, with every field or with the needed ones only.
    fn sample(schema: &Value, full: bool) -> Value {
        if let Some(first) = schema.get("oneOf").and_then(|kinds| kinds.get(0)) {
            return sample(first, full);
        }
        if let Some(first) = schema.get("enum").and_then(|codes| codes.get(0)) {
            return first.clone();
        }
        match (schema["type"].as_str().unwrap(), schema.get("format").and_then(Value::as_str)) {
            ("object", _) => {
                let required = schema["required"].as_array().unwrap();
                let fields = schema["properties"].as_object().unwrap();
                let kept = fields.iter().filter(|(name, _)| full || required.contains(&json!(name)));
                Value::Object(kept.map(|(name, schema)| (name.clone(), sample(schema, full))).collect())
            }
            ("array", _) => json!([sample(&schema["items"], full)]),
            ("integer", _) => json!(1),
            ("boolean", _) => json!(true),
            (_, Some("date")) => json!("2026-12-03"),
            (_, Some("date-time")) => json!("2026-12-03T01:00:00Z"),
            _ => json!("x"),
        }
    }

    #[test]
    fn every_command_is_described_as_it_is_read() {
        let described: Vec<&str> = COMMANDS.iter().map(|(kind, _)| *kind).collect();
        let known: Vec<String> = CommandKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(described, known);
        for (kind, fields) in COMMANDS {
            let schema = command(kind, fields);
            for full in [true, false] {
                let body = sample(&schema, full);
                let read: Result<Command, _> = serde_json::from_value(body.clone());
                assert!(read.is_ok(), "{body}: {}", read.unwrap_err());
                let written = serde_json::to_value(read.unwrap()).unwrap();
                let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
                for name in names(&written) {
                    assert!(
                        schema["properties"].get(&name).is_some(),
                        "{kind} has a field {name} that is not described"
                    );
                }
            }
            for name in schema["required"].as_array().unwrap() {
                let mut body = sample(&schema, true);
                body.as_object_mut().unwrap().remove(name.as_str().unwrap());
                assert!(serde_json::from_value::<Command>(body).is_err(), "{kind} is read without {name}");
            }
        }
    }

    #[test]
    fn applications_and_consultations_are_described_as_they_are_read() {
        let absence = serde_json::to_value(NewAbsenceBody::schema()).unwrap();
        for code in absence["properties"]["reason"]["enum"].as_array().unwrap() {
            let mut body = sample(&absence, true);
            body["reason"] = code.clone();
            serde_json::from_value::<app::NewAbsence>(body).unwrap();
        }
        let new_case = serde_json::to_value(NewCaseBody::schema()).unwrap();
        let consultation = serde_json::to_value(NewConsultationBody::schema()).unwrap();
        for full in [true, false] {
            serde_json::from_value::<app::NewCase>(sample(&new_case, full)).unwrap();
            serde_json::from_value::<app::NewConsultation>(sample(&consultation, full)).unwrap();
            let of = |schema: RefOr<Schema>| sample(&serde_json::to_value(schema).unwrap(), full);
            serde_json::from_value::<app::NewLead>(of(NewLeadBody::schema())).unwrap();
            serde_json::from_value::<app::AssignLead>(of(AssignLeadBody::schema())).unwrap();
            serde_json::from_value::<app::CloseLead>(of(ReasonBody::schema())).unwrap();
            serde_json::from_value::<domain::lead::Visit>(of(VisitBody::schema())).unwrap();
            serde_json::from_value::<app::NewMeeting>(of(NewMeetingBody::schema())).unwrap();
            serde_json::from_value::<app::ReferCase>(of(ReferCaseBody::schema())).unwrap();
            serde_json::from_value::<domain::meeting::Minutes>(of(MinutesBody::schema())).unwrap();
            serde_json::from_value::<app::DecisionDone>(of(DecisionDoneBody::schema())).unwrap();
            serde_json::from_value::<app::CancelMeeting>(of(ReasonBody::schema())).unwrap();
        }
    }

    #[test]
    fn every_code_of_a_closed_list_is_read() {
        for (kind, fields) in COMMANDS {
            let schema = command(kind, fields);
            for (name, field) in schema["properties"].as_object().unwrap() {
                for code in field.get("enum").and_then(Value::as_array).into_iter().flatten() {
                    let mut body = sample(&schema, true);
                    body[name] = code.clone();
                    assert!(serde_json::from_value::<Command>(body).is_ok(), "{kind}.{name} = {code}");
                }
            }
        }
    }
}
