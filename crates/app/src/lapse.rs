//! What happens because a date has passed, without anybody pressing a button.

use crate::AppError;
use crate::app::App;
use crate::cases::{By, Change, facts};
use domain::calendar::today;
use domain::case::{Status, lapse};
use domain::catalogue::Mode;
use domain::ids::Username;
use std::collections::BTreeMap;
use store::{CaseFilter, CaseOrder};

/// Cases looked at together.
const AT_ONCE: u64 = 100;

impl App {
    /// Turns every agency application whose materials are not there by the date of the one-time notice into assistance
    /// (S6.2), and answers how many that were. One that somebody changes at the same moment is left for the next time.
    ///
    /// # Errors
    /// What the store says.
    pub async fn lapse_notices(&self) -> Result<usize, AppError> {
        let filter = CaseFilter {
            status: vec![Status::Preparing.name().to_owned()],
            mode: Some(crate::projection::mode_name(Mode::Agency).to_owned()),
            due_before: Some(today(self.now())),
            ..CaseFilter::default()
        };
        let mut lapsed = 0;
        let mut cursor: Option<String> = None;
        loop {
            let page = self.inner.store.list_cases(&filter, CaseOrder::Newest, cursor.as_deref(), AT_ONCE).await?;
            for head in &page.items {
                match self.lapse_notice(&head.id).await {
                    Ok(has_lapsed) => lapsed += usize::from(has_lapsed),
                    Err(AppError::Conflict(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(lapsed);
            }
        }
    }

    async fn lapse_notice(&self, id: &domain::ids::CaseId) -> Result<bool, AppError> {
        let (was, case) = self.load(id).await?;
        let reference = self.reference();
        let no_files = BTreeMap::new();
        let Some(event) = lapse(&case, &facts(&reference, self.now(), &no_files, None)) else {
            return Ok(false);
        };
        let head = self.head_of(id).await?;
        let by = By { actor: &Username::from("bangban"), on_behalf_of: None };
        let change = Change { was, case, events: vec![event], head, address: None };
        let write = self.lay_out(change, by, Vec::new(), Vec::new()).await?;
        self.save(write, None).await?;
        Ok(true)
    }
}
