//! The archive room (S6.5): what has ended and is not sealed yet, with what it lacks; what is sealed, where it stands, who has
//! it and for how long it is kept. What supervision inspects of it is in [`inspections`].

mod inspections;

use crate::accounts::User;
use crate::app::App;
use crate::error::wrong_cursor;
use crate::leads::line_record;
use crate::lists::{Cut, visibility};
use crate::{AppError, FieldError, LineView};
use chrono::{DateTime, Utc};
use domain::access::{Action, On, may};
use domain::archive::{ArchiveCommand, ArchiveError, ArchiveLine, ArchivedFile, Disposal, Retention};
use domain::calendar::today;
use domain::case::{Case, Completeness, EndingEvent, Event, Status, completeness};
use domain::chain::Envelope;
use domain::ids::{CaseId, OfficeCode};
use domain::people::Role;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use store::{ArchiveFileRecord, ArchiveFilter, ArchiveOrder, CaseFilter, CaseHead, LineRecord, Page, Visibility};

/// So many ended cases are looked through: an archivist who is that far behind sees the rest later.
const MOST_OPEN: usize = 2_000;
/// Cases read together.
const AT_ONCE: usize = 200;
/// The orders of the list of sealed files, by their names.
pub const SEALED_ORDERS: [(&str, ArchiveOrder); 2] = [("newest", ArchiveOrder::Newest), ("due", ArchiveOrder::Due)];

/// Where a sealed file stands, as lists are narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Without a place on a shelf.
    Unshelved,
    /// Lent.
    Lent,
    /// Lent, and not given back in time.
    Overdue,
    /// Its period is over.
    Due,
    /// Proposed for disposal.
    Proposed,
    /// Disposed of.
    Disposed,
}

impl FileState {
    /// Every state, in the order of lists.
    pub const ALL: [Self; 6] = [Self::Unshelved, Self::Lent, Self::Overdue, Self::Due, Self::Proposed, Self::Disposed];

    /// The name on the wire and in message files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unshelved => "unshelved",
            Self::Lent => "lent",
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Proposed => "proposed",
            Self::Disposed => "disposed",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What the list of sealed files is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveQuery {
    /// Led by this office.
    pub office: Option<OfficeCode>,
    /// In this state.
    pub state: Option<FileState>,
    /// Found by this text in number and title.
    pub q: Option<String>,
    /// In which order.
    pub order: ArchiveOrder,
}

/// A sealed file as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedView {
    /// The file.
    pub file: ArchivedFile,
    /// What lists call its case.
    pub title: String,
}

/// The order of the list of files that are not sealed yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenFilesOrder {
    /// Ended first first.
    #[default]
    Oldest,
    /// What lacks most first.
    Lacking,
}

/// What the list of files that are not sealed yet is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenFilesQuery {
    /// Led by this office, or with a matter in its hands.
    pub office: Option<OfficeCode>,
    /// Complete, so that they can be sealed; or not.
    pub complete: Option<bool>,
    /// Found by this text.
    pub q: Option<String>,
    /// In which order.
    pub order: OpenFilesOrder,
}

/// A case that has ended and is not sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFile {
    /// The case in lists.
    pub head: CaseHead,
    /// How complete its file is.
    pub completeness: Completeness,
}

/// Cases that have ended and are not sealed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenFiles {
    /// Those that were asked for.
    pub rows: Vec<OpenFile>,
    /// How many of them can be sealed.
    pub complete: usize,
    /// Some were not looked through: there are too many.
    pub cut: Option<Cut>,
}

impl App {
    /// The cases that have ended and are not sealed, of those that the person may see.
    ///
    /// # Errors
    /// Forbidden; what the store says.
    pub async fn open_files(&self, user: &User, query: &OpenFilesQuery) -> Result<OpenFiles, AppError> {
        may(&user.actor, Action::SeeArchiveRoom, On::Hall)?;
        let ended = [Status::Ended, Status::Withdrawn, Status::Terminated];
        let filter = CaseFilter {
            status: ended.into_iter().map(|status| status.name().to_owned()).collect(),
            office: query.office.clone(),
            q: query.q.clone(),
            visible_to: Visibility::AllOf(vec![visibility(user), Visibility::Ended]),
            ..CaseFilter::default()
        };
        let (heads, cut) = self.heads(&filter, MOST_OPEN).await?;
        let mut rows = Vec::with_capacity(heads.len());
        for heads in heads.chunks(AT_ONCE) {
            let mut known = self.completeness_of(heads.iter().map(|head| &head.id)).await?;
            rows.extend(heads.iter().filter_map(|head| {
                let (_, completeness) = known.remove(&head.id)?;
                Some(OpenFile { head: head.clone(), completeness })
            }));
        }
        let is_complete = |row: &OpenFile| row.completeness.lacking().next().is_none();
        rows.retain(|row| query.complete.is_none_or(|wanted| wanted == is_complete(row)));
        match query.order {
            OpenFilesOrder::Oldest => rows.sort_by_key(|row| (row.head.ended_at, row.head.number.clone())),
            OpenFilesOrder::Lacking => {
                rows.sort_by_key(|row| (Reverse(row.completeness.lacking().count()), row.head.ended_at));
            }
        }
        let complete = rows.iter().filter(|row| is_complete(row)).count();
        Ok(OpenFiles { rows, complete, cut })
    }

    /// Cases with how complete their files are.
    async fn completeness_of<'a>(
        &self,
        ids: impl Iterator<Item = &'a CaseId>,
    ) -> Result<BTreeMap<CaseId, (Case, Completeness)>, AppError> {
        let ids: Vec<CaseId> = ids.cloned().collect();
        let mut known = BTreeMap::new();
        for state in self.inner.store.case_states(&ids).await? {
            let case: Case = serde_json::from_str(&state)?;
            let completeness = completeness(&case);
            known.insert(case.id.clone(), (case, completeness));
        }
        Ok(known)
    }

    /// One page of the sealed files that the person may see; the total is counted for the first page.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn sealed_files(
        &self,
        user: &User,
        query: &ArchiveQuery,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<ArchivedView>, AppError> {
        may(&user.actor, Action::SeeArchiveRoom, On::Hall)?;
        let Some(filter) = self.archive_filter(user, query) else {
            return Ok(Page { items: Vec::new(), next_cursor: None, total: Some(0) });
        };
        let page = self.inner.store.list_archive_files(&filter, query.order, cursor, u64::from(limit)).await;
        let page = page.map_err(wrong_cursor)?;
        let items = page.items.iter().map(view_of).collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total })
    }

    /// The query as the store takes it, within what the person may see; none if that leaves nothing.
    fn archive_filter(&self, user: &User, query: &ArchiveQuery) -> Option<ArchiveFilter> {
        let on = today(self.now());
        let mut filter = ArchiveFilter { office: query.office.clone(), q: query.q.clone(), ..ArchiveFilter::default() };
        match query.state {
            None => {}
            Some(FileState::Unshelved) => (filter.unshelved, filter.there) = (true, true),
            Some(FileState::Lent) => filter.lent = true,
            Some(FileState::Overdue) => filter.lent_before = Some(on),
            Some(FileState::Due) => filter.kept_before = Some(on),
            Some(FileState::Proposed) => filter.disposal = Some("proposed".to_owned()),
            Some(FileState::Disposed) => filter.disposal = Some("disposed".to_owned()),
        }
        let sees_all = [Role::Archivist, Role::Supervisor, Role::Director].into_iter().any(|role| user.has(role))
            || (user.has(Role::OfficeHead) && user.actor.of_business_office);
        if !sees_all {
            let own = user.actor.office.clone()?;
            if filter.office.as_ref().is_some_and(|office| *office != own) {
                return None;
            }
            filter.office = Some(own);
        }
        Some(filter)
    }

    /// A sealed file with its history.
    ///
    /// # Errors
    /// Not found, also for those who may not know of it.
    pub async fn sealed_file(
        &self,
        user: &User,
        id: &CaseId,
    ) -> Result<(ArchivedView, Vec<LineView<ArchiveLine>>), AppError> {
        let record = self.inner.store.archive_file(id).await?.ok_or(AppError::NotFound)?;
        let view = view_of(&record)?;
        may(&user.actor, Action::SeeArchiveRoom, On::File(&view.file))?;
        Ok((view, self.line_views(&subject(id)).await?))
    }

    /// How complete a sealed file is by rule: the chain it was sealed with has ended, so that this says what was so then.
    ///
    /// # Errors
    /// Not found, also for those who may not know of it.
    pub async fn file_completeness(&self, user: &User, id: &CaseId) -> Result<Completeness, AppError> {
        let record = self.inner.store.archive_file(id).await?.ok_or(AppError::NotFound)?;
        may(&user.actor, Action::SeeArchiveRoom, On::File(&view_of(&record)?.file))?;
        Ok(completeness(&self.load(id).await?.1))
    }

    /// Does something to a sealed file.
    ///
    /// # Errors
    /// Not found, forbidden, or what is in the way.
    pub async fn keep_file(&self, user: &User, id: &CaseId, command: ArchiveCommand) -> Result<(), AppError> {
        let (now, user, id, reference) = (self.now(), user.clone(), id.clone(), self.reference());
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let record = tx.hold_archive_file(&id).await?.ok_or(AppError::NotFound)?;
                    let mut file: ArchivedFile = serde_json::from_str(&record.state_json)?;
                    let grant = may(&user.actor, command.action(), On::File(&file))?;
                    let line = file.act(command, grant.actor(), now, &reference.directory).map_err(field_of)?;
                    tx.update_archive_file(&record_of(&file, record.sealed_at, record.title)?).await?;
                    tx.append_line(&subject(&id), &line_record(&user, now, &line)?).await?;
                    Ok::<_, AppError>(())
                })
            })
            .await
    }
}

/// Whether this seals a volume.
pub(crate) fn is_sealing(envelope: &Envelope) -> bool {
    matches!(envelope.event, Event::Ending(EndingEvent::CaseArchived { .. }))
}

/// Puts a case into the register in the transaction that seals its first volume, and notes further ones.
pub(crate) async fn register(tx: &mut store::Tx, case: &Case, title: &str, sealing: &Envelope) -> Result<(), AppError> {
    let at = sealing.at;
    let line = match tx.hold_archive_file(&case.id).await? {
        None => {
            let file = registered(case, at);
            let words = format!("{}\n{title}", case.number);
            tx.insert_archive_file(&record_of(&file, at, title.to_owned())?, &words).await?;
            Some(ArchiveLine::Registered(Box::new(file)))
        }
        Some(record) => {
            let mut file: ArchivedFile = serde_json::from_str(&record.state_json)?;
            let line = file.add_volume(case.volumes);
            tx.update_archive_file(&record_of(&file, record.sealed_at, record.title)?).await?;
            line
        }
    };
    if let Some(line) = line {
        let line = LineRecord { at, actor: sealing.actor.clone(), body_json: serde_json::to_string(&line)? };
        tx.append_line(&subject(&case.id), &line).await?;
    }
    Ok(())
}

fn registered(case: &Case, sealed_at: DateTime<Utc>) -> ArchivedFile {
    ArchivedFile {
        case: case.id.clone(),
        number: case.number.clone(),
        mode: case.mode,
        office: case.lead_office.clone(),
        ended_on: today(case.ended.map_or(sealed_at, |(at, _)| at)),
        sealed_on: today(sealed_at),
        volumes: case.volumes,
        retention: Retention::of(case.mode),
        permanent: None,
        place: None,
        loan: None,
        hold: None,
        disposal: None,
    }
}

/// The name of a file's history among all histories.
fn subject(case: &CaseId) -> String {
    format!("archive-{case}")
}

fn view_of(record: &ArchiveFileRecord) -> Result<ArchivedView, AppError> {
    Ok(ArchivedView { file: serde_json::from_str(&record.state_json)?, title: record.title.clone() })
}

fn record_of(file: &ArchivedFile, sealed_at: DateTime<Utc>, title: String) -> Result<ArchiveFileRecord, AppError> {
    let disposal = match &file.disposal {
        None => "",
        Some(Disposal::Proposed(_)) => "proposed",
        Some(Disposal::Disposed { .. }) => "disposed",
    };
    Ok(ArchiveFileRecord {
        case: file.case.clone(),
        sealed_at,
        title,
        office: file.office.clone(),
        keep_until: file.keep_until(),
        lent_until: file.loan.as_ref().map(|loan| loan.until),
        shelved: file.place.is_some(),
        disposal: disposal.to_owned(),
        gone: file.is_disposed(),
        state_json: serde_json::to_string(file)?,
    })
}

fn field_of(error: ArchiveError) -> AppError {
    FieldError::told(error.field(), error.told()).into()
}
