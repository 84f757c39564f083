//! `/api/v1`: what other systems hold on to. Every answer is JSON, a PDF or an archive; every refusal is problem details.

mod absences;
mod body;
mod case_view;
mod cases;
mod commands;
mod consultations;
mod documents;
mod files;
mod misread;
mod once;
mod openapi;
pub(crate) mod recent;
mod reference;
mod schema;
mod tokens;
mod wire;

pub use openapi::document;

use crate::routes::{Access, Area, Route};

pub(crate) fn routes() -> Vec<Route> {
    use Access::{Open, Token};
    vec![
        Route::get(Area::Api, Open, "/api/v1/openapi.json", openapi::serve),
        Route::post(Area::Api, Open, "/api/v1/tokens", tokens::issue),
        Route::get(Area::Api, Token, "/api/v1/me", reference::me),
        Route::get(Area::Api, Token, "/api/v1/matters", reference::matters),
        Route::get(Area::Api, Token, "/api/v1/templates", reference::templates),
        Route::get(Area::Api, Token, "/api/v1/offices", reference::offices),
        Route::get(Area::Api, Token, "/api/v1/fees", reference::fees),
        Route::get(Area::Api, Token, "/api/v1/people", reference::people),
        Route::post(Area::Api, Token, "/api/v1/people/{username}/absences", absences::record),
        Route::delete(Area::Api, Token, "/api/v1/people/{username}/absences/{id}", absences::end),
        Route::post(Area::Api, Token, "/api/v1/files", files::upload),
        Route::post(Area::Api, Token, "/api/v1/consultations", consultations::register),
        Route::get(Area::Api, Token, "/api/v1/cases", cases::list),
        Route::post(Area::Api, Token, "/api/v1/cases", cases::create),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}", cases::show),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/events", cases::events),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/documents", documents::list),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/documents/{name}", documents::pdf),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/archive.zip", documents::archive),
        Route::post(Area::Api, Token, "/api/v1/cases/{id}/commands", commands::perform),
    ]
}
