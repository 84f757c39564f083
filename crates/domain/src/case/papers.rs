//! Which documents are due: each is made once, when what it says is settled, and made anew only when that has changed.

use super::command::Side;
use super::event::{DocumentEvent, Event};
use super::paper::{About, Document, DocumentKind};
use super::state::{Case, DeliveryWay, Status};
use crate::catalogue::Mode;
use crate::ids::DocumentId;
use chrono::{DateTime, Utc};
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
            signatures: Vec::new(),
        };
        DocumentEvent::DocumentOffered { document }.into()
    }
}

impl Case {
    /// The next document that has to be made, or none. To be asked again after each one.
    #[must_use]
    pub fn document_due(&self) -> Option<DocumentDue> {
        self.notice_due()
            .or_else(|| self.handover_due())
            .or_else(|| self.agreement_due())
            .or_else(|| self.delivery_notice_due())
            .or_else(|| self.return_list_due())
            .or_else(|| self.signature_sheet_due())
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
        let is_current = self.newest(kind).is_some_and(|document| document.about == about);
        (!is_current).then(|| self.due(kind, about))
    }

    fn notice_due(&self) -> Option<DocumentDue> {
        let printed = |number: u32| self.documents.iter().any(|d| d.about.notice == Some(number));
        let notice = self.notices.iter().find(|notice| !printed(notice.number))?;
        let about = About { notice: Some(notice.number), matters: notice.matters.clone(), ..About::default() };
        Some(self.due(DocumentKind::OneTimeNotice, about))
    }

    fn handover_due(&self) -> Option<DocumentDue> {
        let items = self.pending_items();
        let is_first = self.handover_signed_at.is_none();
        let is_time = match self.status {
            Status::Preparing => !is_first || self.lacking_to_start().is_empty(),
            Status::Running => true,
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
        let is_time = self.status == Status::Preparing
            && self.mode == Mode::Agency
            && self.handover_signed_at.is_some()
            && self.agreement_signed_at.is_none();
        if !is_time {
            return None;
        }
        let items = self.items.iter().filter(|i| i.handed_over.is_some()).map(|i| i.id.clone()).collect();
        let matters = self.matters.iter().map(|m| m.scope.code.clone()).collect();
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

    fn return_list_due(&self) -> Option<DocumentDue> {
        let is_time =
            self.is_leaving() || (self.status == Status::Delivering && self.delivery == DeliveryWay::Electronic);
        let items = self.outstanding_items();
        if !is_time || items.is_empty() {
            return None;
        }
        self.due_if_changed(DocumentKind::ReturnList, About { items, ..About::default() })
    }

    fn signature_sheet_due(&self) -> Option<DocumentDue> {
        let has_sheet = |id: &DocumentId| self.documents.iter().any(|d| d.about.document.as_ref() == Some(id));
        let document = self.documents.iter().find(|document| {
            let is_signed = match document.kind {
                DocumentKind::HandoverList | DocumentKind::Agreement => document.is_signed_by_both(),
                DocumentKind::DeliveryNotice | DocumentKind::ReturnList => document.signature(Side::Client).is_some(),
                DocumentKind::OneTimeNotice | DocumentKind::SignatureSheet | DocumentKind::TransferList => false,
            };
            is_signed && !has_sheet(&document.id)
        })?;
        let about = About { document: Some(document.id.clone()), ..About::default() };
        Some(self.due(DocumentKind::SignatureSheet, about))
    }
}
