//! Which documents are due: each is made once, when what it says is settled, and made anew only when that has changed.

use super::event::{DocumentEvent, Event};
use super::later::Deferral;
use super::paper::{About, Document, DocumentKind, Seal};
use super::state::{Case, CaseMaterial, DeliveryWay, Status};
use crate::catalogue::Mode;
use crate::clock::IntervalKind;
use crate::ids::{DocumentId, MaterialId};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A document that has to be made now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDue {
    /// Its id within the case.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Its number, as it will be printed.
    pub number: String,
    /// Which of its kind it is in this case, from 1.
    pub ordinal: u32,
    /// What it is about.
    pub about: About,
}

/// What the making of a document gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentMade {
    /// SHA-256 of the file.
    pub hash: String,
    /// SHA-256 of its stored input.
    pub input: String,
    /// Verification code.
    pub code: String,
    /// Pages.
    pub pages: u32,
    /// The hall's signature.
    pub seal: Option<Seal>,
}

impl DocumentDue {
    /// The event that offers the document.
    #[must_use]
    pub fn offered(self, made: DocumentMade, at: DateTime<Utc>) -> Event {
        let document = Document {
            id: self.id,
            kind: self.kind,
            number: self.number,
            hash: made.hash,
            input: made.input,
            code: made.code,
            pages: made.pages,
            at,
            about: self.about,
            seal: made.seal,
            signatures: Vec::new(),
        };
        DocumentEvent::DocumentOffered { document: Box::new(document) }.into()
    }
}

/// Months for which a power of attorney is given: enough for the approvals of a project, and never without an end (S2.2).
const AUTHORITY_MONTHS: u32 = 12;

/// The last day of a power of attorney that begins on this day.
#[must_use]
pub fn authority_until(from: NaiveDate) -> NaiveDate {
    from.checked_add_months(Months::new(AUTHORITY_MONTHS)).and_then(|day| day.pred_opt()).unwrap_or(from)
}

impl Case {
    /// The next document that has to be made, or none. To be asked again after each one.
    #[must_use]
    pub fn document_due(&self) -> Option<DocumentDue> {
        self.notice_due()
            .or_else(|| self.agent_change_due())
            .or_else(|| self.takeover_due())
            .or_else(|| self.handover_due())
            .or_else(|| self.agreement_due())
            .or_else(|| self.delivery_notice_due())
            .or_else(|| self.pause_due())
            .or_else(|| self.termination_due())
            .or_else(|| self.return_list_due())
            .or_else(|| self.signature_sheet_due())
            .or_else(|| self.deferral_due())
            .or_else(|| self.special_notice_due())
            .or_else(|| self.green_approval_due())
            .or_else(|| self.requested_due())
    }

    /// The promise that the client signs, then the notice that its matters are taken without the materials (容缺).
    fn deferral_due(&self) -> Option<DocumentDue> {
        let named = |kind, is_in: fn(&Deferral) -> bool| {
            let deferrals =
                self.deferrals.iter().filter(|deferral| is_in(deferral) && self.matter(&deferral.matter).is_some());
            let pairs = deferrals.map(|deferral| (deferral.matter.clone(), deferral.material.clone()));
            let printed = |pair: &_| self.documents.iter().any(|d| d.kind == kind && d.about.deferrals.contains(pair));
            pairs.filter(|pair| !printed(pair)).collect::<Vec<_>>()
        };
        let asked = named(DocumentKind::DeferralPromise, |_| true);
        if !asked.is_empty() {
            // What was asked and not promised yet goes on the new sheet as well: the client signs one, not several.
            let open = self.deferrals.iter().filter(|deferral| deferral.promised_at.is_none());
            let deferrals = open.map(|deferral| (deferral.matter.clone(), deferral.material.clone())).collect();
            return Some(self.due(DocumentKind::DeferralPromise, About { deferrals, ..About::default() }));
        }
        let deferrals = named(DocumentKind::DeferralNotice, |deferral| deferral.promised_at.is_some());
        (!deferrals.is_empty()).then(|| self.due(DocumentKind::DeferralNotice, About { deferrals, ..About::default() }))
    }

    /// The law wants a special procedure's time told in writing (行政许可法 art. 45).
    pub(super) fn special_notice_due(&self) -> Option<DocumentDue> {
        let stops = self.matters.iter().flat_map(|matter| {
            let intervals = matter.clock.iter().flat_map(|clock| clock.intervals.iter().enumerate());
            let special = intervals.filter(|(_, interval)| interval.kind == IntervalKind::Special);
            special.map(|(at, _)| (matter.scope.code.clone(), at))
        });
        let printed = |stop: &_| self.documents.iter().any(|d| d.about.stop.as_ref() == Some(stop));
        let stop = stops.into_iter().find(|stop| !printed(stop))?;
        let matters = vec![stop.0.clone()];
        Some(self.due(DocumentKind::SpecialNotice, About { stop: Some(stop), matters, ..About::default() }))
    }

    fn green_approval_due(&self) -> Option<DocumentDue> {
        let is_due = self.green.is_some() && self.newest(DocumentKind::GreenApproval).is_none();
        is_due.then(|| self.due(DocumentKind::GreenApproval, About::default()))
    }

    fn requested_due(&self) -> Option<DocumentDue> {
        let answered = |number: usize| self.documents.iter().any(|d| d.about.request == Some(number));
        let (number, request) = (1..).zip(&self.paper_requests).find(|(number, _)| !answered(*number))?;
        let matters = request.matter.clone().into_iter().collect();
        let about = About { request: Some(number), matters, agent: self.agent.clone(), ..About::default() };
        Some(self.due(request.kind.document(), about))
    }

    fn due(&self, kind: DocumentKind, about: About) -> DocumentDue {
        let ordinal = 1 + u32::try_from(self.documents.iter().filter(|d| d.kind == kind).count()).unwrap_or(u32::MAX);
        DocumentDue {
            id: DocumentId(format!("D{}", self.documents.len() + 1)),
            kind,
            number: format!("{}-{}-{ordinal:02}", self.number, kind.mark()),
            ordinal,
            about,
        }
    }

    /// Due unless the newest of its kind says the same; one that a client has signed is never replaced for less than a
    /// new content.
    fn due_if_changed(&self, kind: DocumentKind, about: About) -> Option<DocumentDue> {
        let about = About { agent: self.agent.clone(), ..about };
        let is_current = self.newest(kind).is_some_and(|document| document.about == about);
        (!is_current).then(|| self.due(kind, about))
    }

    fn notice_due(&self) -> Option<DocumentDue> {
        let printed = |number: u32| self.documents.iter().any(|d| d.about.notice == Some(number));
        let notice = self.notices.iter().find(|notice| !printed(notice.number))?;
        let about = About { notice: Some(notice.number), matters: notice.matters.clone(), ..About::default() };
        Some(self.due(DocumentKind::OneTimeNotice, about))
    }

    /// A change of agent is told to the client (S5.3).
    fn agent_change_due(&self) -> Option<DocumentDue> {
        let printed = |number: u32| self.documents.iter().any(|d| d.about.change == Some(number));
        let number = (1..).zip(&self.agent_changes).map(|(number, _)| number).find(|number| !printed(*number))?;
        Some(self.due(DocumentKind::AgentChange, About { change: Some(number), ..About::default() }))
    }

    /// What a former agent still holds goes to the present one against both signatures.
    fn takeover_due(&self) -> Option<DocumentDue> {
        let (from, items) = self.takeover()?;
        let takeover = Some((from.clone(), self.agent.clone()?));
        self.due_if_changed(DocumentKind::TakeoverList, About { items, takeover, ..About::default() })
    }

    fn handover_due(&self) -> Option<DocumentDue> {
        let items = self.pending_items();
        let is_first = self.handover_signed_at.is_none();
        let is_time = match self.status {
            Status::Preparing => !is_first || self.lacking_to_start().is_empty(),
            Status::Running | Status::Delivering => true,
            _ => false,
        };
        // Where nothing is asked of the client, the first list says so: it is signed all the same (S3.2).
        let is_idle = items.is_empty() && !(is_first && self.status == Status::Preparing);
        if is_idle || !is_time || self.mode != Mode::Agency || self.agent.is_none() {
            return None;
        }
        self.due_if_changed(DocumentKind::HandoverList, About { items, ..About::default() })
    }

    fn agreement_due(&self) -> Option<DocumentDue> {
        let is_first = self.agreement_signed_at.is_none();
        let is_time = match self.status {
            Status::Preparing => self.handover_signed_at.is_some(),
            Status::Running => !is_first,
            _ => false,
        };
        let matters = self.uncommissioned();
        if !is_time || self.mode != Mode::Agency || matters.is_empty() {
            return None;
        }
        let handed_over = self.items.iter().filter(|i| i.handed_over.is_some());
        let is_for_them = |material: &MaterialId| {
            let needed_by =
                |needs: &CaseMaterial| needs.spec.needed_by.iter().any(|need| matters.contains(&need.matter));
            self.material(material).is_some_and(needed_by)
        };
        let items = handed_over.filter(|i| is_first || is_for_them(&i.material)).map(|i| i.id.clone()).collect();
        self.due_if_changed(DocumentKind::Agreement, About { items, matters, ..About::default() })
    }

    fn delivery_notice_due(&self) -> Option<DocumentDue> {
        if self.status != Status::Delivering || self.delivered.is_some() {
            return None;
        }
        let shipment = self.shipment.as_ref().map(|s| s.number.clone().unwrap_or_else(|| "electronic".to_owned()));
        let items = if self.delivery == DeliveryWay::Electronic { Vec::new() } else { self.outstanding_items() };
        let about = About { results: self.undelivered_results(), items, shipment, ..About::default() };
        self.due_if_changed(DocumentKind::DeliveryNotice, about)
    }

    /// 中止单 at the beginning of a pause, 续办单 at its end.
    fn pause_due(&self) -> Option<DocumentDue> {
        let printed = |kind, number| self.documents.iter().any(|d| d.kind == kind && d.about.pause == Some(number));
        let papers = (1..).zip(&self.pauses).flat_map(|(number, pause)| {
            let resumption = pause.to.map(|_| (DocumentKind::Resumption, number));
            std::iter::once((DocumentKind::Suspension, number)).chain(resumption)
        });
        let (kind, number) = papers.into_iter().find(|(kind, number)| !printed(*kind, *number))?;
        Some(self.due(kind, About { pause: Some(number), ..About::default() }))
    }

    /// 终止单: that the service goes no further, and what comes back.
    fn termination_due(&self) -> Option<DocumentDue> {
        if self.leaving.is_none() || self.newest(DocumentKind::Termination).is_some() {
            return None;
        }
        let about = About { items: self.outstanding_items(), results: self.undelivered_results(), ..About::default() };
        Some(self.due(DocumentKind::Termination, about))
    }

    fn return_list_due(&self) -> Option<DocumentDue> {
        let is_leaving = self.is_leaving();
        let is_time = is_leaving || (self.status == Status::Delivering && self.delivery == DeliveryWay::Electronic);
        let items = self.outstanding_items();
        let results = if is_leaving { self.undelivered_results() } else { Vec::new() };
        if !is_time || (items.is_empty() && results.is_empty()) {
            return None;
        }
        self.due_if_changed(DocumentKind::ReturnList, About { items, results, ..About::default() })
    }

    fn signature_sheet_due(&self) -> Option<DocumentDue> {
        let has_sheet = |id: &DocumentId| self.documents.iter().any(|d| d.about.document.as_ref() == Some(id));
        let document = self.documents.iter().find(|document| document.is_signed() && !has_sheet(&document.id))?;
        let about = About { document: Some(document.id.clone()), ..About::default() };
        Some(self.due(DocumentKind::SignatureSheet, about))
    }
}
