//! Papers on the screen as they print, their files, and signing: on the pad or as a scan of the paper signed by hand.

mod decision;
mod form;
mod marks;
mod show;
mod sign;
mod take;

use crate::routes::{Access, Area, Route};

pub(crate) fn routes() -> Vec<Route> {
    use Access::SignedIn;
    let area = Area::Paper;
    vec![
        Route::get(area, SignedIn, "/cases/{id}/papers/{document}", show::show),
        Route::get(area, SignedIn, "/cases/{id}/sign/{document}", sign::page),
        Route::post(area, SignedIn, "/cases/{id}/sign/{document}", take::sign),
        Route::get(area, SignedIn, "/cases/{id}/deliver", sign::deliver),
    ]
}
