//! Inspection sheets (S8.4): a sample of sealed files drawn by rule, with the seed that it was drawn from.

use super::field_of;
use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::error::wrong_cursor;
use crate::secrets::{hex, new_id, random_bytes};
use chrono::{Days, NaiveTime};
use domain::access::{Action, On, may};
use domain::archive::{ArchiveError, ArchivedFile, Candidate, Inspected, Inspection, Sampling, Verdict, draw};
use domain::calendar::utc;
use domain::ids::CaseId;
use store::{ArchiveFilter, ArchiveOrder, InspectionRecord, Page};

/// Files read together.
const AT_ONCE: u64 = 500;

impl App {
    /// Draws a sample of the files that are there and were sealed in a period, and opens a sheet for it.
    ///
    /// # Errors
    /// Forbidden; a period or size that is not right; nothing to draw from.
    pub async fn draw_inspection(&self, user: &User, sampling: Sampling) -> Result<String, AppError> {
        let grant = may(&user.actor, Action::InspectArchive, On::Hall)?;
        sampling.check().map_err(field_of)?;
        let candidates = self.candidates(&sampling).await?;
        if candidates.is_empty() {
            return Err(field_of(ArchiveError::NothingToDraw));
        }
        let seed = hex(&random_bytes::<16>());
        let drawn = draw(&candidates, sampling.per_office, &seed);
        let mut known = self.completeness_of(drawn.iter().map(|candidate| &candidate.case)).await?;
        let files = drawn.into_iter().filter_map(|candidate| {
            let (_, completeness) = known.remove(&candidate.case)?;
            Some(Inspected {
                case: candidate.case.clone(),
                number: candidate.number.clone(),
                office: candidate.office.clone(),
                percent: completeness.percent,
                lacking: completeness.lacking().map(|part| (part.gap, part.owed_by)).collect(),
                judgement: None,
            })
        });
        let sheet = Inspection {
            id: new_id(),
            at: self.now(),
            by: grant.actor().clone(),
            sampling,
            population: u32::try_from(candidates.len()).unwrap_or(u32::MAX),
            files: files.collect(),
            seed,
        };
        let record = record_of(&sheet)?;
        self.inner
            .store
            .write(move |tx| Box::pin(async move { Ok::<_, AppError>(tx.insert_inspection(&record).await?) }))
            .await?;
        Ok(sheet.id)
    }

    async fn candidates(&self, sampling: &Sampling) -> Result<Vec<Candidate>, AppError> {
        let after = sampling.to.checked_add_days(Days::new(1)).unwrap_or(sampling.to);
        let filter = ArchiveFilter {
            there: true,
            sealed_from: Some(utc(sampling.from.and_time(NaiveTime::MIN))),
            sealed_before: Some(utc(after.and_time(NaiveTime::MIN))),
            ..ArchiveFilter::default()
        };
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let store = &self.inner.store;
            let page = store.list_archive_files(&filter, ArchiveOrder::Newest, cursor.as_deref(), AT_ONCE).await?;
            for record in page.items {
                let file: ArchivedFile = serde_json::from_str(&record.state_json)?;
                found.push(Candidate { case: file.case, number: file.number, office: file.office });
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(found);
            }
        }
    }

    /// One page of the sheets, the newest first; the total is counted for the first page.
    ///
    /// # Errors
    /// Forbidden, or a cursor of another list.
    pub async fn inspections(
        &self,
        user: &User,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Inspection>, AppError> {
        may(&user.actor, Action::SeeInspections, On::Hall)?;
        let page = self.inner.store.list_inspections(cursor, u64::from(limit)).await.map_err(wrong_cursor)?;
        let items = page.items.iter().map(|row| serde_json::from_str(&row.state_json)).collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total })
    }

    /// A sheet.
    ///
    /// # Errors
    /// Not found, forbidden.
    pub async fn inspection(&self, user: &User, id: &str) -> Result<Inspection, AppError> {
        may(&user.actor, Action::SeeInspections, On::Hall)?;
        let record = self.inner.store.inspection(id).await?.ok_or(AppError::NotFound)?;
        Ok(serde_json::from_str(&record.state_json)?)
    }

    /// Judges a file of a sheet.
    ///
    /// # Errors
    /// Not found, forbidden, not on the sheet, no words for what is wrong.
    pub async fn judge_file(
        &self,
        user: &User,
        id: &str,
        case: &CaseId,
        verdict: Verdict,
        remark: &str,
    ) -> Result<(), AppError> {
        let grant = may(&user.actor, Action::InspectArchive, On::Hall)?;
        let (now, id, case, remark) = (self.now(), id.to_owned(), case.clone(), remark.to_owned());
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let record = tx.hold_inspection(&id).await?.ok_or(AppError::NotFound)?;
                    let mut sheet: Inspection = serde_json::from_str(&record.state_json)?;
                    sheet.judge(&case, verdict, &remark, grant.actor(), now).map_err(field_of)?;
                    tx.update_inspection(&record_of(&sheet)?).await?;
                    Ok::<_, AppError>(())
                })
            })
            .await
    }
}

fn record_of(sheet: &Inspection) -> Result<InspectionRecord, AppError> {
    Ok(InspectionRecord { id: sheet.id.clone(), at: sheet.at, state_json: serde_json::to_string(sheet)? })
}
