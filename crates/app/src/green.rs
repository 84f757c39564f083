//! How the green channel is used (S6.4): its use is reported, case by case.

use crate::accounts::User;
use crate::app::App;
use crate::{AppError, CaseQuery};
use domain::access::{Action, On, may};
use domain::case::{Case, GreenChannel};
use store::{CaseHead, CaseOrder};

/// Rows read together.
const AT_ONCE: u32 = 500;

/// A case on the green channel.
#[derive(Clone, Debug, PartialEq)]
pub struct GreenCase {
    /// The case in lists.
    pub head: CaseHead,
    /// Who opened the channel, why, and what is done.
    pub green: GreenChannel,
}

impl App {
    /// Every case on the green channel that the person may see, the one opened last first.
    ///
    /// # Errors
    /// Forbidden.
    pub async fn green_cases(&self, user: &User) -> Result<Vec<GreenCase>, AppError> {
        may(&user.actor, Action::SeeGreenChannel, On::Hall)?;
        let query = CaseQuery { green: Some(true), order: CaseOrder::Work, ..CaseQuery::default() };
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.list_cases(user, &query, cursor.as_deref(), AT_ONCE).await?;
            let ids: Vec<_> = page.items.iter().map(|head| head.id.clone()).collect();
            let mut channels = std::collections::BTreeMap::new();
            for state in self.inner.store.case_states(&ids).await? {
                let case: Case = serde_json::from_str(&state)?;
                channels.extend(case.green.map(|green| (case.id, green)));
            }
            let green = page.items.into_iter().filter_map(|head| {
                let green = channels.remove(&head.id)?;
                Some(GreenCase { head, green })
            });
            found.extend(green);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        found.sort_by(|a, b| b.green.at.cmp(&a.green.at).then_with(|| a.head.id.cmp(&b.head.id)));
        Ok(found)
    }
}
