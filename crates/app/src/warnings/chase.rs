//! Chasing (催办, S5.3): whoever waits tells whoever holds a matter. Each chase is written down and cannot be taken back, and
//! there is one per matter and person on a working day.

use super::sending;
use crate::accounts::User;
use crate::app::App;
use crate::once::{Once, Outcome};
use crate::reading::OpenCase;
use crate::secrets::new_id;
use crate::{AppError, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, On, Relation, may};
use domain::calendar::{local, today};
use domain::identity::read_text;
use domain::ids::{CaseId, MatterCode, Username};
use domain::warning::{ChaseProblem, chase_day, chased};
use serde::{Deserialize, Serialize};
use store::WarningRecord;

/// The cause of a chase in the table of warnings.
pub(super) const CHASED: &str = "chased";
/// So many characters may be said with a chase.
const LONGEST: usize = 200;

/// A chase to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewChase {
    /// The matter that is waited for.
    pub matter: MatterCode,
    /// What to say with it.
    #[serde(default)]
    pub text: Option<String>,
}

/// A chase that was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chased {
    /// The chase.
    pub id: String,
    /// The matter.
    pub matter: MatterCode,
    /// Who is chased.
    pub to: Vec<Username>,
    /// When it leaves: now, or at the next opening.
    pub leaves_at: DateTime<Utc>,
}

/// A warning or a chase that went out, for those who may see the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningView {
    /// When.
    pub at: DateTime<Utc>,
    /// The matter.
    pub matter: MatterCode,
    /// Why: a cause, or `chased`.
    pub cause: String,
    /// The day that counts.
    pub due: NaiveDate,
    /// Who was told.
    pub to: Vec<Username>,
    /// Who chased; nobody for a warning.
    pub sender: Option<Username>,
    /// What was said with a chase.
    pub words: Option<String>,
}

impl OpenCase {
    /// Whom the person who opened the case would chase for a matter; nobody where there is nothing to chase.
    #[must_use]
    pub fn chased(&self, matter: &MatterCode) -> Vec<Username> {
        let (directory, today) = (&self.reference.directory, today(self.now));
        let on = On::Case { case: &self.case, matter: None, directory, today };
        let Ok(grant) = may(&self.actor, Action::Chase, on) else { return Vec::new() };
        chased(&self.case, matter, &grant, directory, today).unwrap_or_default()
    }
}

impl App {
    /// Chases whoever holds a matter; the enterprise its agent. It leaves in office hours.
    ///
    /// # Errors
    /// Not found, forbidden, or that nobody is waited for, that one holds it oneself, that one has chased today already.
    pub async fn chase(&self, user: &User, id: &CaseId, new: NewChase, once: Option<Once>) -> Result<Chased, AppError> {
        let (_, case) = self.load(id).await?;
        let (now, reference) = (self.now(), self.reference());
        let on = On::Case { case: &case, matter: None, directory: &reference.directory, today: today(now) };
        let grant = may(&user.actor, Action::Chase, on)?;
        let to = chased(&case, &new.matter, &grant, &reference.directory, today(now)).map_err(field_of)?;
        let words = new.text.filter(|text| !text.trim().is_empty());
        let words = words.map(|text| read_text(&text, LONGEST)).transpose();
        let words = words.map_err(|error| FieldError::told("/text", error.told()))?;
        let row = WarningRecord {
            id: new_id(),
            case: id.clone(),
            matter: new.matter,
            cause: CHASED.to_owned(),
            step: user.actor.username.0.clone(),
            run: chase_day(&reference.calendar, now).to_string(),
            at: store::micros(now),
            due_on: today(now),
            to: to.clone(),
            sender: Some(user.actor.username.clone()),
            words,
        };
        let leaves_at = reference.calendar.add_working_minutes(now, 0);
        let chased = Chased { id: row.id.clone(), matter: row.matter.clone(), to: to.clone(), leaves_at };
        let message = sending(&row, to, leaves_at)?;
        let answer = once.map(|once| once.answered(&Outcome::Chased(chased.clone()), now));
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if !tx.insert_warning(&row).await? {
                        let before = tx.warnings_of(&row.case).await?;
                        return Err(chased_before(&row, &before));
                    }
                    tx.enqueue(&message).await?;
                    if let Some((key, who, answer)) = answer {
                        tx.remember(&key, &who, &answer).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        Ok(chased)
    }

    /// What went out in a case, the newest first, for those who may see it. What the hall tells its own people is not the
    /// enterprise's: its members see what each of them was told or has chased.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn warnings_of(&self, user: &User, id: &CaseId) -> Result<Vec<WarningView>, AppError> {
        let (_, case) = self.load(id).await?;
        let is_client = self.granted(user, &case, Action::SeeCase)?.relation() == Relation::OwnEnterprise;
        let own = |row: &WarningRecord| row.to.iter().chain(&row.sender).any(|name| *name == user.actor.username);
        let rows = self.inner.store.warnings_of(id).await?;
        let view = |row: WarningRecord| WarningView {
            at: row.at,
            matter: row.matter,
            cause: row.cause,
            due: row.due_on,
            to: row.to,
            sender: row.sender,
            words: row.words,
        };
        Ok(rows.into_iter().filter(|row| !is_client || own(row)).map(view).collect())
    }
}

fn field_of(problem: ChaseProblem) -> AppError {
    let code = match problem {
        ChaseProblem::NotInCase => "chase_unknown",
        ChaseProblem::NothingWaits => "chase_nothing",
        ChaseProblem::Oneself => "chase_own",
    };
    FieldError::new("/matter", code).into()
}

/// One has chased for this matter already on this working day: when that was.
fn chased_before(row: &WarningRecord, before: &[WarningRecord]) -> AppError {
    let key = |row: &WarningRecord| (row.matter.clone(), row.cause.clone(), row.step.clone(), row.run.clone());
    let earlier = before.iter().find(|other| key(other) == key(row)).map_or(row.at, |earlier| earlier.at);
    FieldError::new("/matter", "chase_again").with("time", local(earlier).format("%m-%d %H:%M").to_string()).into()
}
