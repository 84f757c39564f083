//! Papers on the screen as they print, their files, and signing: on the pad or as a scan of the paper signed by hand.

mod decision;
mod form;
mod link;
mod marks;
mod outlined;
mod qr;
mod show;
mod sign;
mod take;
mod typed;

use crate::routes::{Access, Area, Route};

pub(crate) fn routes() -> Vec<Route> {
    use Access::{Open, SignedIn};
    let area = Area::Paper;
    vec![
        Route::get(area, SignedIn, "/cases/{id}/papers/{document}", show::show),
        Route::get(area, SignedIn, "/cases/{id}/labels.pdf", show::labels),
        Route::get(area, SignedIn, "/cases/{id}/sign/{document}", sign::page),
        Route::post(area, SignedIn, "/cases/{id}/sign/{document}", take::sign),
        Route::post(area, SignedIn, "/cases/{id}/sign/{document}/link", link::make),
        Route::get(area, SignedIn, "/cases/{id}/deliver", sign::deliver),
        Route::get(area, Open, "/sign/{token}", link::show),
        Route::post(area, Open, "/sign/{token}", link::sign),
        Route::post(area, Open, "/sign/{token}/code", link::code),
        Route::get(area, Open, "/sign/{token}/paper.pdf", link::paper),
        Route::get(area, Open, "/sign/{token}/sheet.pdf", link::sheet),
    ]
}
