//! Matters that were submitted and decided: how long they took. A projection of cases that can be rebuilt from their events.

use crate::rows::matter_run;
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::catalogue::Mode;
use domain::ids::{CaseId, MatterCode, OfficeCode};
use domain::plan::{HistoryLine, MatterRun};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

/// How long they lay and took, and how many: what was on the green channel is not what is usual and stays out.
const LINES: &str = "SELECT matter, office, lag_days, office_days + enterprise_days + special_days + suspended_days AS days, \
                     COUNT(*) AS count FROM matter_run WHERE hall = $1 AND finished_at >= $2 AND NOT green \
                     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

/// The name of agency in the column; every other is assistance.
const AGENCY: &str = "agency";

fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn days(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

impl From<matter_run::Model> for MatterRun {
    fn from(row: matter_run::Model) -> Self {
        Self {
            case: CaseId(row.case_id),
            matter: MatterCode(row.matter),
            office: OfficeCode(row.office),
            mode: if row.mode == AGENCY { Mode::Agency } else { Mode::Assistance },
            green: row.green,
            outside: row.outside,
            submitted_at: row.submitted_at,
            finished_at: row.finished_at,
            lag_days: days(row.lag_days),
            office_days: days(row.office_days),
            enterprise_days: days(row.enterprise_days),
            special_days: days(row.special_days),
            suspended_days: days(row.suspended_days),
            waited_to_claim_minutes: row.waited_to_claim_minutes.map(days),
        }
    }
}

fn row(hall: String, run: &MatterRun) -> matter_run::Model {
    matter_run::Model {
        hall,
        case_id: run.case.0.clone(),
        matter: run.matter.0.clone(),
        office: run.office.0.clone(),
        mode: if run.mode == Mode::Agency { AGENCY } else { "assistance" }.to_owned(),
        green: run.green,
        outside: run.outside,
        submitted_at: micros(run.submitted_at),
        finished_at: micros(run.finished_at),
        lag_days: number(run.lag_days),
        office_days: number(run.office_days),
        enterprise_days: number(run.enterprise_days),
        special_days: number(run.special_days),
        suspended_days: number(run.suspended_days),
        waited_to_claim_minutes: run.waited_to_claim_minutes.map(number),
    }
}

impl View {
    /// The decided matters of a case, by matter.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn matter_runs(&self, case: &CaseId) -> Result<Vec<MatterRun>, StoreError> {
        let rows = matter_run::Entity::find()
            .filter(matter_run::Column::Hall.eq(self.h()))
            .filter(matter_run::Column::CaseId.eq(case.as_str()))
            .order_by_asc(matter_run::Column::Matter)
            .all(&self.c())
            .await
            .map_err(self.fail("matter_run", "read"))?;
        Ok(rows.into_iter().map(MatterRun::from).collect())
    }

    /// How long matters that were decided since then took in the usual way, counted by the database: as many lines as there are
    /// different durations, however many matters there are.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn history_lines(&self, since: DateTime<Utc>) -> Result<Vec<HistoryLine>, StoreError> {
        let fail = self.fail("matter_run", "count");
        let statement = self.sql(LINES, [self.h().into(), micros(since).into()]);
        let mut lines = Vec::new();
        for row in self.c().query_all_raw(statement).await.map_err(&fail)? {
            lines.push(HistoryLine {
                matter: MatterCode(row.try_get("", "matter").map_err(&fail)?),
                office: OfficeCode(row.try_get("", "office").map_err(&fail)?),
                lag: days(row.try_get("", "lag_days").map_err(&fail)?),
                days: days(row.try_get("", "days").map_err(&fail)?),
                count: u32::try_from(row.try_get::<i64>("", "count").map_err(&fail)?).unwrap_or(u32::MAX),
            });
        }
        Ok(lines)
    }
}

impl Tx {
    /// Puts the decided matters of a case in place of those that it had.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such case.
    pub async fn put_matter_runs(&mut self, case: &CaseId, runs: &[MatterRun]) -> Result<(), StoreError> {
        matter_run::Entity::delete_many()
            .filter(matter_run::Column::Hall.eq(self.h()))
            .filter(matter_run::Column::CaseId.eq(case.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("matter_run", "delete"))?;
        if runs.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = runs.iter().map(|run| row(self.h(), run).into_active_model()).collect();
        matter_run::Entity::insert_many(rows)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("matter_run", "insert"))?;
        Ok(())
    }
}
