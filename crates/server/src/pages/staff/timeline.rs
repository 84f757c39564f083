//! The time line: one sentence for each kind of event, and the four kinds that it can be narrowed to.

use super::names::Names;
use super::wire;
use domain::case::{
    ApplicationEvent, AssignmentEvent, CheckResult, DeliveryEvent, Document, DocumentEvent, EndingEvent, Event,
    MaterialsEvent, MatterEvent, Outcome, RecordEvent, StopKind,
};
use domain::chain::Envelope;

/// What a line of the time line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// What was said to and by the client.
    Talk,
    /// What was handed over.
    Materials,
    /// What was decided.
    Decisions,
    /// What moved a clock.
    Clocks,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Talk, Self::Materials, Self::Decisions, Self::Clocks];

    /// The name in addresses and message keys.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Talk => "talk",
            Self::Materials => "materials",
            Self::Decisions => "decisions",
            Self::Clocks => "clocks",
        }
    }

    /// What an event is about.
    pub(crate) fn of(event: &Event) -> Self {
        match event {
            Event::Materials(MaterialsEvent::NoticeIssued { .. }) => Self::Talk,
            Event::Materials(MaterialsEvent::BreachRecorded { .. }) => Self::Decisions,
            Event::Materials(_)
            | Event::Document(DocumentEvent::HandoverCompleted { .. } | DocumentEvent::TakeoverCompleted { .. })
            | Event::Delivery(DeliveryEvent::MaterialsReturned { .. }) => Self::Materials,
            Event::Matter(
                MatterEvent::ClockStopped { .. }
                | MatterEvent::ClockResumed { .. }
                | MatterEvent::LimitExtended { .. }
                | MatterEvent::OrderLifted { .. },
            )
            | Event::Application(ApplicationEvent::GoalSet { .. })
            | Event::Ending(EndingEvent::CaseSuspended { .. } | EndingEvent::CaseResumed {}) => Self::Clocks,
            Event::Matter(MatterEvent::OutsideChecked { .. })
            | Event::Record(RecordEvent::EscortRecorded { .. } | RecordEvent::RemoteSessionRecorded { .. })
            | Event::Ending(EndingEvent::CaseEvaluated { .. }) => Self::Talk,
            _ => Self::Decisions,
        }
    }
}

/// A line of the time line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) at: String,
    pub(crate) kind: Kind,
    pub(crate) kind_word: String,
    pub(crate) text: String,
}

/// The line of an event.
pub(crate) fn line(names: &Names<'_>, envelope: &Envelope) -> Line {
    let kind = Kind::of(&envelope.event);
    Line {
        at: names.l.time(envelope.at, names.now),
        kind,
        kind_word: names.t(&format!("staff.kind.{}", kind.name())),
        text: sentence(names, envelope),
    }
}

/// Who did what, in one sentence.
pub(crate) fn sentence(names: &Names<'_>, envelope: &Envelope) -> String {
    let mut who = names.person(&envelope.actor);
    if let Some(agent) = &envelope.on_behalf_of {
        who = names.tr("staff.acting_for", &[("name", &who), ("agent", &names.person(agent))]);
    }
    let mut params = vec![("who", who)];
    params.extend(match &envelope.event {
        Event::Application(event) => application(names, event),
        Event::Assignment(event) => assignment(names, event),
        Event::Materials(event) => materials(names, event),
        Event::Document(event) => document(names, event),
        Event::Matter(event) => matter(names, event),
        Event::Record(event) => record(names, event),
        Event::Delivery(event) => delivery(names, event),
        Event::Ending(event) => ending(names, event),
    });
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    names.tr(&format!("staff.event.{}", envelope.event.name()), &params)
}

type Params = Vec<(&'static str, String)>;

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn application(names: &Names<'_>, event: &ApplicationEvent) -> Params {
    match event {
        ApplicationEvent::ApplicationSubmitted { channel, mode, matters, .. } => vec![
            ("channel", names.t(&format!("staff.channel.{}", wire(channel)))),
            ("mode", names.mode(*mode)),
            ("count", matters.len().to_string()),
        ],
        ApplicationEvent::ModeChosen { mode, was, because } => vec![
            ("mode", names.mode(*mode)),
            ("was", names.mode(*was)),
            (
                "because",
                because.map(|because| names.t(&format!("staff.mode_because.{}", wire(&because)))).unwrap_or_default(),
            ),
        ],
        ApplicationEvent::MattersChanged { added, removed, reason, .. } => {
            let added: Vec<_> = added.iter().map(|m| m.code.clone()).collect();
            vec![("added", names.matters(&added)), ("removed", names.matters(removed)), ("reason", reason.clone())]
        }
        ApplicationEvent::UsccAttached { uscc } => vec![("uscc", uscc.clone())],
        ApplicationEvent::GoalSet { milestone, date } => {
            vec![("milestone", names.milestone(milestone)), ("date", names.date(*date))]
        }
    }
}

fn assignment(names: &Names<'_>, event: &AssignmentEvent) -> Params {
    match event {
        AssignmentEvent::LeadOfficeAssigned { office, was, reason } => vec![
            ("office", names.office(office)),
            ("was", was.as_ref().map(|office| names.office(office)).unwrap_or_default()),
            ("reason", text(reason.as_ref())),
        ],
        AssignmentEvent::CaseAccepted {} => Vec::new(),
        AssignmentEvent::AgentAssigned { person, was, reason }
        | AssignmentEvent::StandInSet { person, was, reason } => {
            vec![
                ("person", names.person(person)),
                ("was", was.as_ref().map(|person| names.person(person)).unwrap_or_default()),
                ("reason", text(reason.as_ref())),
            ]
        }
        AssignmentEvent::GreenChannelOpened { reason, person, measures } => {
            vec![("reason", reason.clone()), ("person", names.person(person)), ("measures", names.measures(measures))]
        }
    }
}

fn materials(names: &Names<'_>, event: &MaterialsEvent) -> Params {
    match event {
        MaterialsEvent::MaterialsChecked { checks } => {
            let lacking: Vec<_> =
                checks.iter().filter(|c| c.result != CheckResult::Ok).map(|c| c.material.clone()).collect();
            vec![("count", checks.len().to_string()), ("lacking", names.materials(&lacking))]
        }
        MaterialsEvent::NoticeIssued { notice } => vec![
            ("number", notice.number.to_string()),
            ("matters", names.matters(&notice.matters)),
            ("count", notice.entries.len().to_string()),
            ("date", names.date(notice.due)),
        ],
        MaterialsEvent::BreachRecorded { matters, materials, reason_code } => vec![
            ("matters", names.matters(matters)),
            ("materials", names.materials(materials)),
            ("reason", names.t(&format!("staff.notice_reason.{}", wire(reason_code)))),
        ],
        MaterialsEvent::MaterialsReceived { items } => {
            let ids: Vec<_> = items.iter().map(|item| item.material.clone()).collect();
            vec![("count", items.len().to_string()), ("materials", names.materials(&ids))]
        }
        MaterialsEvent::MaterialMoved { item, from, to } => {
            vec![("item", names.item(item)), ("from", names.place(from)), ("to", names.place(to))]
        }
        MaterialsEvent::MaterialsTaken { items, .. } => vec![("items", names.items(items))],
        MaterialsEvent::MaterialDeferred { matter, material, due, .. } => vec![
            ("matter", names.matter(matter)),
            ("material", names.materials(std::slice::from_ref(material))),
            ("date", names.date(*due)),
        ],
    }
}

fn paper(names: &Names<'_>, document: &Document) -> Params {
    let paper = names.t(&format!("staff.paper.{}", document.kind.name()));
    vec![("paper", paper), ("number", document.number.clone())]
}

fn document(names: &Names<'_>, event: &DocumentEvent) -> Params {
    match event {
        DocumentEvent::DocumentOffered { document } => paper(names, document),
        DocumentEvent::DocumentSigned { document, signature } => {
            let mut params = names.case.document(document).map(|found| paper(names, found)).unwrap_or_default();
            params.push(("side", names.t(&format!("staff.side.{}", wire(&signature.side)))));
            params.push(("method", names.t(&format!("staff.method.{}", wire(&signature.method)))));
            params
        }
        DocumentEvent::HandoverCompleted { items, to, .. } => {
            vec![("count", items.len().to_string()), ("to", names.person(to))]
        }
        DocumentEvent::TakeoverCompleted { items, from, to, .. } => {
            vec![("count", items.len().to_string()), ("from", names.person(from)), ("to", names.person(to))]
        }
        DocumentEvent::DeferralPromised { document } => {
            names.case.document(document).map(|found| paper(names, found)).unwrap_or_default()
        }
        DocumentEvent::PaperRequested { kind, .. } => {
            vec![("paper", names.t(&format!("staff.paper.{}", kind.document().name())))]
        }
        DocumentEvent::AgreementConcluded { .. } | DocumentEvent::AgencyStarted {} => Vec::new(),
    }
}

fn matter(names: &Names<'_>, event: &MatterEvent) -> Params {
    match event {
        MatterEvent::MattersOffered { matters } => {
            vec![("count", matters.len().to_string()), ("matters", names.matters(matters))]
        }
        MatterEvent::MatterClaimed { matter, office } => {
            vec![("matter", names.matter(matter)), ("office", names.office(office))]
        }
        MatterEvent::MatterDeclined { matter, office, reason } => {
            vec![("matter", names.matter(matter)), ("office", names.office(office)), ("reason", reason.clone())]
        }
        MatterEvent::MatterTakenOver { matter, accepted_at, .. } => {
            vec![("matter", names.matter(matter)), ("time", names.l.time(*accepted_at, names.now))]
        }
        MatterEvent::MatterForwarded { matter, from, to, reason, decided, .. } => vec![
            ("decided", if *decided { names.t("staff.decided") } else { String::new() }),
            ("matter", names.matter(matter)),
            ("from", names.office(from)),
            ("to", names.office(to)),
            ("reason", reason.clone()),
        ],
        MatterEvent::MatterSubmitted { matter, number, limit, .. } => vec![
            ("matter", names.matter(matter)),
            ("number", text(number.as_ref())),
            ("limit", limit.as_ref().map(|limit| names.limit(Some(limit))).unwrap_or_default()),
        ],
        MatterEvent::MatterFinished { matter, outcome, results, happened_at, late, late_reason, .. } => {
            let mut params = finished(names, matter, *outcome, results);
            params.extend(entered(names, *happened_at, *late, late_reason.as_ref()));
            params
        }
        MatterEvent::OutsideChecked { matter, state, number, happened_at, late, late_reason, .. } => {
            let mut params = vec![
                ("matter", names.matter(matter)),
                ("state", names.t(&format!("staff.outside_state.{}", state.name()))),
                ("number", text(number.as_ref())),
            ];
            params.extend(entered(names, *happened_at, *late, late_reason.as_ref()));
            params
        }
        MatterEvent::OrderLifted { matter, before, opinion } => {
            vec![("matter", names.matter(matter)), ("before", names.matter(before)), ("opinion", opinion.clone())]
        }
        MatterEvent::ClockStopped { matter, kind, name, reason, until, beyond_cap } => {
            let what = match kind {
                StopKind::Correction => names.t("staff.stop.correction"),
                StopKind::Special => text(name.as_ref()),
            };
            vec![
                ("matter", names.matter(matter)),
                ("what", what),
                ("reason", reason.clone()),
                ("date", names.date(*until)),
                ("beyond", text(beyond_cap.as_ref())),
            ]
        }
        MatterEvent::ClockResumed { matter } => vec![("matter", names.matter(matter))],
        MatterEvent::LimitExtended { matter, days, reason, approver } => vec![
            ("matter", names.matter(matter)),
            ("days", days.to_string()),
            ("reason", reason.clone()),
            ("approver", names.person(approver)),
        ],
    }
}

/// When a fact was, where that was told, and that it was entered late.
fn entered(
    names: &Names<'_>,
    happened_at: Option<chrono::DateTime<chrono::Utc>>,
    late: bool,
    reason: Option<&String>,
) -> Params {
    let time = happened_at.map(|at| names.l.time(at, names.now)).unwrap_or_default();
    vec![("time", time), ("late", if late { text(reason) } else { String::new() })]
}

fn finished(
    names: &Names<'_>,
    matter: &domain::ids::MatterCode,
    outcome: Outcome,
    results: &[domain::case::ResultItem],
) -> Params {
    let results: Vec<String> = results.iter().map(|result| names.quoted(&result.name)).collect();
    vec![
        ("matter", names.matter(matter)),
        ("outcome", names.t(&format!("staff.outcome.{}", wire(&outcome)))),
        ("results", names.l.list(&results)),
    ]
}

fn record(names: &Names<'_>, event: &RecordEvent) -> Params {
    match event {
        RecordEvent::EscortRecorded { matter, window, ticket, outcome, happened_at, late, late_reason } => {
            let mut params = vec![
                ("matter", names.matter(matter)),
                ("window", window.clone()),
                ("ticket", text(ticket.as_ref())),
                ("outcome", names.t(&format!("staff.escort.{}", wire(outcome)))),
            ];
            params.extend(entered(names, *happened_at, *late, late_reason.as_ref()));
            params
        }
        RecordEvent::RemoteSessionRecorded { channel, topic, started_at, minutes, outcome, late } => vec![
            ("channel", names.t(&format!("staff.remote.{}", wire(channel)))),
            ("topic", topic.clone()),
            ("time", names.l.time(*started_at, names.now)),
            ("minutes", minutes.to_string()),
            ("late", if *late { names.t("staff.late_entry") } else { String::new() }),
            ("outcome", outcome.clone()),
        ],
        RecordEvent::FeeNoted { matter, fee, legal_basis, payee, amount_fen, receipt } => vec![
            ("matter", names.matter(matter)),
            ("fee", fee.clone()),
            ("basis", legal_basis.clone()),
            ("payee", payee.clone()),
            ("amount", names.l.money(*amount_fen)),
            ("receipt", receipt.clone()),
        ],
    }
}

fn delivery(names: &Names<'_>, event: &DeliveryEvent) -> Params {
    match event {
        DeliveryEvent::DeliveryDue {} => Vec::new(),
        DeliveryEvent::ResultHandedOver { results, items, collector, .. } => {
            vec![("collector", collector.clone()), ("count", results.len().to_string()), ("items", names.items(items))]
        }
        DeliveryEvent::ResultSent { results, shipment, .. } => vec![
            ("count", results.len().to_string()),
            ("carrier", text(shipment.carrier.as_ref())),
            ("number", text(shipment.number.as_ref())),
        ],
        DeliveryEvent::ReceiptConfirmed { signed_by, at, .. } => {
            vec![("name", signed_by.clone()), ("time", names.l.time(*at, names.now))]
        }
        DeliveryEvent::ParcelReported { state, note, .. } => {
            vec![("state", names.t(&format!("staff.parcel.{}", wire(state)))), ("note", text(note.as_ref()))]
        }
        DeliveryEvent::MaterialsReturned { items, .. } => {
            vec![("count", items.len().to_string()), ("items", names.items(items))]
        }
    }
}

fn ending(names: &Names<'_>, event: &EndingEvent) -> Params {
    match event {
        EndingEvent::CaseSuspended { reason_code, reason } => {
            vec![("code", names.t(&format!("staff.suspend_reason.{}", wire(reason_code)))), ("reason", reason.clone())]
        }
        EndingEvent::CaseTerminated { reason_code, reason } => vec![
            ("code", names.t(&format!("staff.terminate_reason.{}", wire(reason_code)))),
            ("reason", reason.clone()),
        ],
        EndingEvent::CaseResumed {} => Vec::new(),
        EndingEvent::CaseWithdrawn { reason, .. } => vec![("reason", text(reason.as_ref()))],
        EndingEvent::CaseEnded { how } => vec![("how", names.t(&format!("staff.how.{}", wire(how))))],
        EndingEvent::CaseEvaluated { grade, text: words } => {
            vec![("grade", names.t(&format!("staff.grade.{grade}"))), ("text", text(words.as_ref()))]
        }
        EndingEvent::LateDocumentAdded { title, reason, .. } => {
            vec![("title", title.clone()), ("reason", reason.clone())]
        }
        EndingEvent::CaseArchived { head } => vec![("head", head.chars().take(12).collect())],
    }
}
