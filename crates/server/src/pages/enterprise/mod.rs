//! The enterprise's pages: its cases, one case, an application, evaluation, receipt, withdrawal.

mod answer;
mod apply;
pub(crate) mod case;
pub(crate) mod course;
mod dates;
mod ledger;
pub(crate) mod list;
pub(crate) mod map;
pub(crate) mod map_draw;
pub(crate) mod matter_state;
pub(crate) mod once;
mod sentence;
mod todo;

#[cfg(test)]
mod tests;

use crate::pages::staff::chase;
use crate::routes::{Access, Area, Route};

pub(crate) fn routes() -> Vec<Route> {
    use Access::Applicant;
    let area = Area::Enterprise;
    vec![
        Route::get(area, Applicant, "/my", list::list),
        Route::get(area, Applicant, "/my/{id}", case::show),
        Route::get(area, Applicant, "/my/{id}/evaluate", answer::evaluate_page),
        Route::post(area, Applicant, "/my/{id}/evaluate", answer::evaluate),
        Route::get(area, Applicant, "/my/{id}/receipt", answer::receipt_page),
        Route::post(area, Applicant, "/my/{id}/receipt", answer::receipt),
        Route::get(area, Applicant, "/my/{id}/withdraw", answer::withdraw_page),
        Route::post(area, Applicant, "/my/{id}/withdraw", answer::withdraw),
        Route::get(area, Applicant, "/my/{id}/chase", chase::own_page),
        Route::post(area, Applicant, "/my/{id}/chase", chase::own_chase),
        Route::get(area, Applicant, "/apply", apply::page),
        Route::post(area, Applicant, "/apply", apply::apply),
    ]
}
