//! The register of sealed files, and inspection sheets (S6.5, S8.4).

use crate::cases::NEVER;
use crate::follow::DueBy;
use crate::page::{NewestBy, Page};
use crate::rows::{archive_file, inspection};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CaseId, OfficeCode};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

/// A sealed file in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveFileRecord {
    /// The case.
    pub case: CaseId,
    /// When its first volume was sealed.
    pub sealed_at: DateTime<Utc>,
    /// What lists call it.
    pub title: String,
    /// The office that led the case.
    pub office: Option<OfficeCode>,
    /// The last day on which it has to be kept; none if for ever.
    pub keep_until: Option<NaiveDate>,
    /// The day by which whoever has it has to give it back.
    pub lent_until: Option<NaiveDate>,
    /// Whether it is known where the paper stands.
    pub shelved: bool,
    /// How far its disposal has come, as the domain spells it; empty if nobody proposes it.
    pub disposal: String,
    /// Whether it was disposed of: listed behind what is there.
    pub gone: bool,
    /// The rest of its state, as the domain writes it.
    pub state_json: String,
}

/// What a list of sealed files is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveFilter {
    /// Led by this office.
    pub office: Option<OfficeCode>,
    /// Lent.
    pub lent: bool,
    /// To be given back before this day.
    pub lent_before: Option<NaiveDate>,
    /// Without a place on a shelf.
    pub unshelved: bool,
    /// There, and to be kept until a day before this one.
    pub kept_before: Option<NaiveDate>,
    /// With its disposal come so far.
    pub disposal: Option<String>,
    /// Not disposed of.
    pub there: bool,
    /// Sealed at or after.
    pub sealed_from: Option<DateTime<Utc>>,
    /// Sealed before.
    pub sealed_before: Option<DateTime<Utc>>,
    /// Found by this text in number and title; blank narrows nothing.
    pub q: Option<String>,
}

/// The order of a list of sealed files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArchiveOrder {
    /// Sealed last first.
    #[default]
    Newest,
    /// By the last day on which they have to be kept, those kept for ever last, those disposed of behind all.
    Due,
}

/// An inspection sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRecord {
    /// The sheet: a UUID v7.
    pub id: String,
    /// When the sample was drawn.
    pub at: DateTime<Utc>,
    /// The sheet, as the domain writes it.
    pub state_json: String,
}

const KIND: &str = "archive";

impl From<archive_file::Model> for ArchiveFileRecord {
    fn from(row: archive_file::Model) -> Self {
        Self {
            case: CaseId(row.case_id),
            sealed_at: row.sealed_at,
            title: row.title,
            office: row.office.map(OfficeCode),
            keep_until: Some(row.due_key).filter(|day| *day != NEVER),
            lent_until: row.lent_until,
            shelved: row.shelved,
            disposal: row.disposal,
            gone: row.urgency != 0,
            state_json: row.state_json,
        }
    }
}

impl From<inspection::Model> for InspectionRecord {
    fn from(row: inspection::Model) -> Self {
        Self { id: row.id, at: row.at, state_json: row.state_json }
    }
}

fn file_row(hall: String, record: &ArchiveFileRecord) -> archive_file::Model {
    let record = record.clone();
    archive_file::Model {
        hall,
        case_id: record.case.0,
        sealed_at: micros(record.sealed_at),
        title: record.title,
        office: record.office.map(|office| office.0),
        urgency: i16::from(record.gone),
        due_key: record.keep_until.unwrap_or(NEVER),
        lent_until: record.lent_until,
        shelved: record.shelved,
        disposal: record.disposal,
        state_json: record.state_json,
    }
}

fn sheet_row(hall: String, record: &InspectionRecord) -> inspection::Model {
    let record = record.clone();
    inspection::Model { hall, id: record.id, at: micros(record.at), state_json: record.state_json }
}

impl View {
    /// The sealed file of this case.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn archive_file(&self, case: &CaseId) -> Result<Option<ArchiveFileRecord>, StoreError> {
        let row = archive_file::Entity::find_by_id((self.h(), case.0.clone())).one(&self.c()).await;
        Ok(row.map_err(self.fail("archive_file", "read"))?.map(ArchiveFileRecord::from))
    }

    /// One page of sealed files; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_archive_files(
        &self,
        filter: &ArchiveFilter,
        order: ArchiveOrder,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<ArchiveFileRecord>, StoreError> {
        use archive_file::Column as C;
        let query = archive_file::Entity::find().filter(self.archive_condition(filter));
        match order {
            ArchiveOrder::Newest => {
                let key = |row: &ArchiveFileRecord| (row.sealed_at, row.case.0.clone());
                let by = NewestBy { table: "archive_file", at: C::SealedAt, id: C::CaseId, key };
                self.newest_page(query, by, cursor, limit).await
            }
            ArchiveOrder::Due => {
                let key = |row: &ArchiveFileRecord| {
                    (i16::from(row.gone), row.keep_until.unwrap_or(NEVER), row.case.0.clone())
                };
                let by = DueBy { table: "archive_file", urgency: C::Urgency, due: C::DueKey, id: C::CaseId, key };
                self.due_page(query, by, cursor, limit).await
            }
        }
    }

    fn archive_condition(&self, filter: &ArchiveFilter) -> Condition {
        use archive_file::Column as C;
        let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option(filter.office.as_ref().map(|office| C::Office.eq(office.as_str())))
            .add_option(filter.lent.then(|| C::LentUntil.is_not_null()))
            .add_option(filter.lent_before.map(|day| C::LentUntil.lt(day)))
            .add_option(filter.unshelved.then(|| C::Shelved.eq(false)))
            .add_option(filter.kept_before.map(|day| Condition::all().add(C::DueKey.lt(day)).add(C::Urgency.eq(0))))
            .add_option(filter.disposal.as_ref().map(|disposal| C::Disposal.eq(disposal.as_str())))
            .add_option(filter.there.then(|| C::Urgency.eq(0)))
            .add_option(filter.sealed_from.map(|at| C::SealedAt.gte(micros(at))))
            .add_option(filter.sealed_before.map(|at| C::SealedAt.lt(micros(at))))
            .add_option(q.map(|q| self.found("archive_file.case_id", KIND, q)))
    }

    /// The inspection sheet with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn inspection(&self, id: &str) -> Result<Option<InspectionRecord>, StoreError> {
        let row = inspection::Entity::find_by_id((self.h(), id.to_owned())).one(&self.c()).await;
        Ok(row.map_err(self.fail("inspection", "read"))?.map(InspectionRecord::from))
    }

    /// One page of inspection sheets, the newest first; the total is counted for the first page.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor that is not of this list.
    pub async fn list_inspections(
        &self,
        cursor: Option<&str>,
        limit: u64,
    ) -> Result<Page<InspectionRecord>, StoreError> {
        use inspection::Column as C;
        let query = inspection::Entity::find().filter(C::Hall.eq(self.h()));
        let key = |row: &InspectionRecord| (row.at, row.id.clone());
        self.newest_page(query, NewestBy { table: "inspection", at: C::At, id: C::Id, key }, cursor, limit).await
    }
}

impl Tx {
    /// The sealed file of this case; others who want to change it wait until the transaction is over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_archive_file(&mut self, case: &CaseId) -> Result<Option<ArchiveFileRecord>, StoreError> {
        let key = (self.h(), case.0.clone());
        let row = archive_file::Entity::find_by_id(key).lock_exclusive().one(&self.c()).await;
        Ok(row.map_err(self.fail("archive_file", "hold"))?.map(ArchiveFileRecord::from))
    }

    /// Writes a sealed file into the register, found by `words`.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `archive_file` when it is there already.
    pub async fn insert_archive_file(&mut self, record: &ArchiveFileRecord, words: &str) -> Result<(), StoreError> {
        archive_file::Entity::insert(file_row(self.h(), record).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("archive_file", "insert"))?;
        self.index(KIND, record.case.as_str(), words).await
    }

    /// Writes a sealed file anew.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it is not in the register.
    pub async fn update_archive_file(&mut self, record: &ArchiveFileRecord) -> Result<(), StoreError> {
        let done = archive_file::Entity::update_many()
            .set(file_row(self.h(), record).into_active_model().reset_all())
            .filter(archive_file::Column::Hall.eq(self.h()))
            .filter(archive_file::Column::CaseId.eq(record.case.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("archive_file", "update"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "archive_file", operation: "update" });
        }
        Ok(())
    }

    /// The inspection sheet with this id; others who want to change it wait until the transaction is over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_inspection(&mut self, id: &str) -> Result<Option<InspectionRecord>, StoreError> {
        let row = inspection::Entity::find_by_id((self.h(), id.to_owned())).lock_exclusive().one(&self.c()).await;
        Ok(row.map_err(self.fail("inspection", "hold"))?.map(InspectionRecord::from))
    }

    /// Writes a new inspection sheet.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `inspection` when the id is taken.
    pub async fn insert_inspection(&mut self, record: &InspectionRecord) -> Result<(), StoreError> {
        inspection::Entity::insert(sheet_row(self.h(), record).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("inspection", "insert"))?;
        Ok(())
    }

    /// Writes an inspection sheet anew.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such sheet.
    pub async fn update_inspection(&mut self, record: &InspectionRecord) -> Result<(), StoreError> {
        let done = inspection::Entity::update_many()
            .set(sheet_row(self.h(), record).into_active_model().reset_all())
            .filter(inspection::Column::Hall.eq(self.h()))
            .filter(inspection::Column::Id.eq(record.id.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("inspection", "update"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "inspection", operation: "update" });
        }
        Ok(())
    }
}
