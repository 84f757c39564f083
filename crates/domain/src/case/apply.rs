//! From events to the state. Nothing is decided here: an event is a fact.

use super::command::{CheckResult, EscortOutcome, ParcelState};
use super::event::{
    ApplicationEvent, AssignmentEvent, DeliveryEvent, DocumentEvent, EndedBy, EndingEvent, Event, MaterialsEvent,
    ModeReason, RecordEvent,
};
use super::later::{Deferral, LateDocument, LostParcel, PaperRequest};
use super::order::Goal;
use super::state::{
    AgentChange, Breach, Case, CaseMaterial, CaseMatter, Evaluation, GreenChannel, Leaving, MatterStatus, Pause,
    Records, ScopedMaterial, ScopedMatter,
};
use super::status::{CaseChannel, Status};
use crate::calendar::today;
use crate::catalogue::Mode;
use crate::chain::Envelope;
use crate::clock::{Clock, ClockError};
use crate::custody::{CustodyLine, FileRef, PieceForm, Place, Taken};
use crate::ids::{DocumentId, ItemId};
use chrono::{DateTime, Utc};

impl Case {
    /// The case that a first event makes, or nothing if it is not an application.
    #[must_use]
    pub fn begin(envelope: &Envelope) -> Option<Self> {
        let Event::Application(ApplicationEvent::ApplicationSubmitted {
            number,
            applicant,
            founding,
            project,
            channel,
            delivery,
            consultation,
            template,
            mode,
            proposal,
            matters,
            materials,
        }) = &envelope.event
        else {
            return None;
        };
        let mut case = Self {
            id: envelope.case.clone(),
            number: number.clone(),
            version: envelope.seq,
            status: Status::Submitted,
            applicant: applicant.clone(),
            founding: *founding,
            project: project.clone(),
            channel: *channel,
            delivery: *delivery,
            consultation: consultation.clone(),
            template: template.clone(),
            mode: *mode,
            proposal: proposal.clone(),
            lead_office: None,
            agent: None,
            stand_in: None,
            green: None,
            matters: matters.iter().map(new_matter).collect(),
            materials: Vec::new(),
            items: Vec::new(),
            notices: Vec::new(),
            breaches: Vec::new(),
            documents: Vec::new(),
            results: Vec::new(),
            shipment: None,
            delivered: None,
            records: Records::default(),
            evaluation: None,
            created_at: envelope.at,
            handover_signed_at: None,
            agreement_signed_at: None,
            started_at: None,
            ended: None,
            suspended_from: None,
            archived_head: None,
            materials_ever: 0,
            pauses: Vec::new(),
            agent_changes: Vec::new(),
            lapsed_notices: 0,
            leaving: None,
            goal: None,
            custody: Vec::new(),
            deferrals: Vec::new(),
            paper_requests: Vec::new(),
            lost_parcels: Vec::new(),
            late_documents: Vec::new(),
            volumes: 0,
            changed_at: envelope.at,
        };
        if *channel == CaseChannel::WalkIn {
            case.visited(envelope.at);
        }
        case.set_materials(materials, envelope.at);
        Some(case)
    }

    /// The case that a whole history makes.
    #[must_use]
    pub fn replay<'a>(history: impl IntoIterator<Item = &'a Envelope>) -> Option<Self> {
        let mut history = history.into_iter();
        let mut case = Self::begin(history.next()?)?;
        history.for_each(|envelope| case.apply(envelope));
        Some(case)
    }

    /// Applies one further event.
    pub fn apply(&mut self, envelope: &Envelope) {
        self.version = envelope.seq;
        self.changed_at = self.changed_at.max(envelope.at);
        match &envelope.event {
            Event::Application(event) => self.apply_application(event, envelope),
            Event::Assignment(event) => self.apply_assignment(event, envelope),
            Event::Materials(event) => self.apply_materials(event, envelope),
            Event::Document(event) => self.apply_document(event, envelope),
            Event::Matter(event) => self.apply_matter(event, envelope),
            Event::Record(event) => self.apply_record(event, envelope.at),
            Event::Delivery(event) => self.apply_delivery(event, envelope),
            Event::Ending(event) => self.apply_ending(event, envelope.at),
        }
    }

    /// The client came on that day, see [`super::Trips`].
    fn visited(&mut self, at: DateTime<Utc>) {
        self.records.visits.insert(today(at));
    }

    fn apply_application(&mut self, event: &ApplicationEvent, envelope: &Envelope) {
        match event {
            ApplicationEvent::ApplicationSubmitted { .. } => {}
            ApplicationEvent::ModeChosen { mode, because, .. } => {
                self.mode = *mode;
                if *because == Some(ModeReason::NoticeLapsed) {
                    self.lapsed_notices = u32::try_from(self.notices.len()).unwrap_or(u32::MAX);
                }
            }
            ApplicationEvent::MattersChanged { added, removed, materials, proposal, .. } => {
                self.matters.retain(|matter| !removed.contains(&matter.scope.code));
                self.matters.extend(added.iter().map(new_matter));
                self.set_materials(materials, envelope.at);
                self.proposal = proposal.clone();
            }
            ApplicationEvent::UsccAttached { .. } => self.founding = false,
            ApplicationEvent::GoalSet { milestone, date } => {
                let (milestone, by) = (milestone.clone(), envelope.actor.clone());
                self.goal = Some(Goal { milestone, date: *date, by, at: envelope.at });
            }
        }
    }

    /// Takes over the materials of a new scope; what is known of those that stay is kept.
    fn set_materials(&mut self, specs: &[ScopedMaterial], at: DateTime<Utc>) {
        let mut old = std::mem::take(&mut self.materials);
        for spec in specs {
            let known = old.iter().position(|material| material.spec.id == spec.id).map(|at| old.swap_remove(at));
            self.materials.push(match known {
                Some(known) => CaseMaterial { spec: spec.clone(), ..known },
                None => CaseMaterial { spec: spec.clone(), check: None, since: at, received_at: None },
            });
            let number = spec.id.as_str().trim_start_matches('M').parse().unwrap_or(0);
            self.materials_ever = self.materials_ever.max(number);
        }
    }

    fn apply_assignment(&mut self, event: &AssignmentEvent, envelope: &Envelope) {
        match event {
            AssignmentEvent::LeadOfficeAssigned { office, .. } => self.lead_office = Some(office.clone()),
            AssignmentEvent::CaseAccepted {} => self.status = Status::Accepted,
            AssignmentEvent::AgentAssigned { person, was, reason } => {
                self.agent = Some(person.clone());
                if let Some(was) = was {
                    self.agent_changes.push(AgentChange {
                        from: was.clone(),
                        to: person.clone(),
                        reason: reason.clone().unwrap_or_default(),
                        at: envelope.at,
                    });
                }
                if self.status == Status::Accepted {
                    self.status = Status::Preparing;
                }
            }
            AssignmentEvent::StandInSet { person, .. } => self.stand_in = Some(person.clone()),
            AssignmentEvent::GreenChannelOpened { reason, person, measures } => {
                self.green = Some(GreenChannel {
                    reason: reason.clone(),
                    person: person.clone(),
                    approver: envelope.actor.clone(),
                    at: envelope.at,
                    measures: measures.clone(),
                });
            }
        }
    }

    fn apply_materials(&mut self, event: &MaterialsEvent, envelope: &Envelope) {
        match event {
            MaterialsEvent::MaterialsChecked { checks } => {
                for check in checks {
                    if let Some(material) = self.materials.iter_mut().find(|m| m.spec.id == check.material) {
                        material.check = Some((check.result, check.why.clone(), envelope.at));
                    }
                }
            }
            MaterialsEvent::NoticeIssued { notice } => self.notices.push(notice.clone()),
            MaterialsEvent::BreachRecorded { matters, materials, reason_code } => self.breaches.push(Breach {
                clause: "S6.2".to_owned(),
                matters: matters.clone(),
                materials: materials.clone(),
                reason_code: *reason_code,
                by: envelope.actor.clone(),
                at: envelope.at,
            }),
            MaterialsEvent::MaterialsReceived { items } => {
                for item in items {
                    if let Some(material) = self.materials.iter_mut().find(|m| m.spec.id == item.material) {
                        material.received_at = Some(envelope.at);
                        if matches!(material.check, Some((CheckResult::Missing | CheckResult::Wrong, _, _))) {
                            material.check = Some((CheckResult::Ok, None, envelope.at));
                        }
                    }
                }
                self.items.extend(items.iter().cloned());
                if items.iter().any(|item| item.form != PieceForm::Electronic) {
                    self.visited(envelope.at);
                }
            }
            MaterialsEvent::MaterialsTaken { items, slip } => self.take_items(items, slip.as_ref(), envelope),
            MaterialsEvent::MaterialDeferred { matter, material, due, consequence } => self.deferrals.push(Deferral {
                matter: matter.clone(),
                material: material.clone(),
                due: *due,
                consequence: consequence.clone(),
                by: envelope.actor.clone(),
                at: envelope.at,
                promised_at: None,
            }),
            MaterialsEvent::MaterialMoved { item, to, .. } => self.move_item(item, to, envelope, None),
        }
    }

    /// Moves a piece and keeps the line of it: who has had what when is never forgotten (S2.1). An electronic piece is in many
    /// places at once, so that it has no lines.
    pub(super) fn move_item(&mut self, id: &ItemId, to: &Place, envelope: &Envelope, list: Option<&DocumentId>) {
        let Some(item) = self.items.iter_mut().find(|item| item.id == *id) else { return };
        let from = std::mem::replace(&mut item.place, to.clone());
        item.since = envelope.at;
        if item.form != PieceForm::Electronic {
            self.custody.push(CustodyLine {
                item: id.clone(),
                from,
                to: to.clone(),
                at: envelope.at,
                by: envelope.actor.clone(),
                list: list.cloned(),
                taken: None,
            });
        }
    }

    pub(super) fn move_items(&mut self, items: &[ItemId], to: &Place, envelope: &Envelope, list: Option<&DocumentId>) {
        for item in items {
            self.move_item(item, to, envelope, list);
        }
    }

    /// The taker's word goes to the last move of each piece.
    fn take_items(&mut self, items: &[ItemId], slip: Option<&FileRef>, envelope: &Envelope) {
        for id in items {
            if let Some(line) = self.custody.iter_mut().rev().find(|line| line.item == *id) {
                line.taken = Some(Taken { by: envelope.actor.clone(), at: envelope.at, slip: slip.cloned() });
            }
        }
    }

    fn apply_document(&mut self, event: &DocumentEvent, envelope: &Envelope) {
        let at = envelope.at;
        match event {
            DocumentEvent::DocumentOffered { document } => self.documents.push((**document).clone()),
            DocumentEvent::DocumentSigned { document, signature } => {
                if let Some(document) = self.documents.iter_mut().find(|d| d.id == *document) {
                    document.signatures.push((**signature).clone());
                }
            }
            DocumentEvent::HandoverCompleted { document, items, to } => {
                self.handover_signed_at.get_or_insert(at);
                self.move_items(items, &Place::Person(to.clone()), envelope, Some(document));
                for item in self.items.iter_mut().filter(|item| items.contains(&item.id)) {
                    item.handed_over = Some(document.clone());
                }
            }
            DocumentEvent::TakeoverCompleted { document, items, to, .. } => {
                self.move_items(items, &Place::Person(to.clone()), envelope, Some(document));
            }
            DocumentEvent::AgreementConcluded { .. } => {
                self.agreement_signed_at.get_or_insert(at);
            }
            DocumentEvent::AgencyStarted {} => {
                self.status = Status::Running;
                self.started_at = Some(at);
            }
            DocumentEvent::DeferralPromised { document } => {
                let promised = self.document(document).map(|paper| paper.about.deferrals.clone()).unwrap_or_default();
                let is_on_it = |one: &&mut Deferral| {
                    promised.iter().any(|(matter, material)| one.matter == *matter && one.material == *material)
                };
                for deferral in self.deferrals.iter_mut().filter(is_on_it) {
                    deferral.promised_at.get_or_insert(at);
                }
            }
            DocumentEvent::PaperRequested { kind, matter } => self.paper_requests.push(PaperRequest {
                kind: *kind,
                matter: matter.clone(),
                by: envelope.actor.clone(),
                at,
            }),
        }
    }

    fn apply_record(&mut self, event: &RecordEvent, at: DateTime<Utc>) {
        match event {
            RecordEvent::EscortRecorded { matter, outcome, happened_at, .. } => {
                let at = happened_at.unwrap_or(at);
                self.records.escorts += 1;
                self.visited(at);
                if *outcome == EscortOutcome::Accepted && self.mode == Mode::Assistance {
                    self.with_matter(matter, |matter| {
                        matter.accepted_at_window.get_or_insert(at);
                    });
                }
            }
            RecordEvent::RemoteSessionRecorded { .. } => self.records.remote_sessions += 1,
            RecordEvent::FeeNoted { amount_fen, .. } => self.records.fees_fen += amount_fen,
        }
    }

    fn apply_delivery(&mut self, event: &DeliveryEvent, envelope: &Envelope) {
        let at = envelope.at;
        match event {
            DeliveryEvent::DeliveryDue {} => self.status = Status::Delivering,
            DeliveryEvent::ResultHandedOver { results, items, document, .. } => {
                for result in self.results.iter_mut().filter(|r| results.contains(&r.id)) {
                    result.delivered_at = Some(at);
                }
                self.move_items(items, &Place::Client, envelope, Some(document));
                self.visited(at);
                self.delivered = Some(EndedBy::HandedOver);
            }
            DeliveryEvent::ResultSent { items, shipment, .. } => {
                if let (Some(carrier), Some(number)) = (&shipment.carrier, &shipment.number) {
                    let parcel = Place::Courier { carrier: carrier.clone(), number: number.clone() };
                    self.move_items(items, &parcel, envelope, None);
                }
                self.shipment = Some(shipment.clone());
            }
            DeliveryEvent::ReceiptConfirmed { at: received_at, .. } => self.confirm_receipt(*received_at, envelope),
            DeliveryEvent::ParcelReported { state, note, happened_at } => {
                self.report_parcel(*state, note.as_ref(), happened_at.unwrap_or(at), envelope);
            }
            DeliveryEvent::MaterialsReturned { items, results, document } => {
                self.visited(at);
                self.move_items(items, &Place::Client, envelope, Some(document));
                for result in self.results.iter_mut().filter(|r| results.contains(&r.id)) {
                    result.delivered_at = Some(at);
                }
            }
        }
    }

    fn confirm_receipt(&mut self, received_at: DateTime<Utc>, envelope: &Envelope) {
        for result in self.results.iter_mut().filter(|r| r.delivered_at.is_none()) {
            result.delivered_at = Some(received_at);
        }
        let posted = self.posted_items();
        self.move_items(&posted, &Place::Client, envelope, None);
        let by_courier = self.shipment.as_ref().is_some_and(|shipment| shipment.carrier.is_some());
        self.delivered = Some(if by_courier { EndedBy::SignedFor } else { EndedBy::Confirmed });
    }

    /// A parcel that came back, or was lost, is sent no more: the results are due again. What was in one that came back is with
    /// the agent; what was in a lost one stays where it was last seen until somebody finds or replaces it.
    fn report_parcel(&mut self, state: ParcelState, note: Option<&String>, at: DateTime<Utc>, envelope: &Envelope) {
        let Some(shipment) = &mut self.shipment else { return };
        shipment.last = Some((state, at));
        if !matches!(state, ParcelState::Returned | ParcelState::Lost) {
            return;
        }
        let shipment = shipment.clone();
        self.shipment = None;
        self.lost_parcels.push(LostParcel { shipment, state, note: note.cloned(), at });
        if let (ParcelState::Returned, Some(agent)) = (state, self.agent.clone()) {
            let posted = self.posted_items();
            self.move_items(&posted, &Place::Person(agent), envelope, None);
        }
    }

    fn posted_items(&self) -> Vec<ItemId> {
        let posted = self.items.iter().filter(|item| matches!(item.place, Place::Courier { .. }));
        posted.map(|item| item.id.clone()).collect()
    }

    fn apply_ending(&mut self, event: &EndingEvent, at: DateTime<Utc>) {
        match event {
            EndingEvent::CaseSuspended { reason_code, reason } => {
                let reason = reason.clone();
                self.pauses.push(Pause { reason_code: *reason_code, reason, from: at, to: None });
                self.suspended_from = Some(self.status);
                self.status = Status::Suspended;
                let _ = self.change_running_clocks(|clock| clock.suspend(None, at));
            }
            EndingEvent::CaseResumed {} => {
                self.status = self.suspended_from.take().unwrap_or(Status::Running);
                if let Some(pause) = self.pauses.last_mut() {
                    pause.to = Some(at);
                }
                let _ = self.change_running_clocks(|clock| clock.resume(at));
            }
            EndingEvent::CaseWithdrawn { reason, .. } => {
                self.leaving = Some(Leaving { terminated: None, reason: reason.clone(), at });
                self.status = Status::Withdrawn;
                let _ = self.finish_clocks(at);
            }
            EndingEvent::CaseTerminated { reason_code, reason } => {
                self.leaving = Some(Leaving { terminated: Some(*reason_code), reason: Some(reason.clone()), at });
                self.status = Status::Terminated;
                let _ = self.finish_clocks(at);
            }
            EndingEvent::CaseEnded { how } => {
                self.ended = Some((at, *how));
                if !matches!(how, EndedBy::Withdrawn | EndedBy::Terminated) {
                    self.status = Status::Ended;
                }
            }
            EndingEvent::CaseEvaluated { grade, text } => {
                self.evaluation = Some(Evaluation { grade: *grade, text: text.clone(), at });
            }
            EndingEvent::LateDocumentAdded { title, file, reason } => self.late_documents.push(LateDocument {
                title: title.clone(),
                file: file.clone(),
                reason: reason.clone(),
                at,
                volume: None,
            }),
            EndingEvent::CaseArchived { head } => {
                self.status = Status::Archived;
                self.archived_head = Some(head.clone());
                self.volumes += 1;
                for late in self.late_documents.iter_mut().filter(|late| late.volume.is_none()) {
                    late.volume = Some(self.volumes);
                }
            }
        }
    }

    /// Changes the clocks of matters that are submitted; a clock that is stopped for its own reason stays stopped. Tells
    /// the first refusal, after trying all.
    pub(super) fn change_running_clocks(
        &mut self,
        change: impl Fn(&mut Clock) -> Result<(), ClockError>,
    ) -> Result<(), ClockError> {
        let running = self.matters.iter_mut().filter(|m| m.status == MatterStatus::Submitted);
        all_of(running.filter_map(|matter| matter.clock.as_mut()).map(change))
    }

    /// Ends the clocks of all matters under way, running or stopped. Tells the first refusal, after trying all.
    pub(super) fn finish_clocks(&mut self, at: DateTime<Utc>) -> Result<(), ClockError> {
        let open = self.matters.iter_mut().filter(|m| m.status != MatterStatus::Finished);
        all_of(open.filter_map(|matter| matter.clock.as_mut()).map(|clock| clock.finish(at)))
    }
}

fn new_matter(scope: &ScopedMatter) -> CaseMatter {
    CaseMatter {
        office: scope.office.clone(),
        outside: scope.outside,
        scope: scope.clone(),
        status: MatterStatus::Planned,
        claimed_by: None,
        number: None,
        clock: None,
        outcome: None,
        offered_at: None,
        submitted_at: None,
        finished_at: None,
        declined_because: None,
        decided: false,
        accepted_at_window: None,
        claimed_at: None,
        outside_record: None,
        lifted: Vec::new(),
    }
}

fn all_of(results: impl Iterator<Item = Result<(), ClockError>>) -> Result<(), ClockError> {
    results.fold(Ok(()), Result::and)
}
