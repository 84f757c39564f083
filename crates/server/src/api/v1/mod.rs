//! `/api/v1`: what other systems hold on to. Every answer is JSON, a PDF or an archive; every refusal is problem details.

mod absences;
mod archive;
mod body;
mod case_view;
mod cases;
mod chases;
mod commands;
mod configuration;
mod consultations;
mod custody;
mod documents;
mod files;
mod follow;
mod leads;
mod ledger;
mod ledger_outside;
mod meetings;
mod misread;
mod once;
mod openapi;
mod plan;
mod plan_view;
pub(crate) mod recent;
mod reference;
mod schema;
mod time_view;
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
        Route::get(Area::Api, Token, "/api/v1/templates/{code}/plan", plan::of_template),
        Route::get(Area::Api, Token, "/api/v1/offices", reference::offices),
        Route::get(Area::Api, Token, "/api/v1/fees", reference::fees),
        Route::get(Area::Api, Token, "/api/v1/calendar", configuration::calendar),
        Route::get(Area::Api, Token, "/api/v1/configuration/changes", configuration::changes),
        Route::get(Area::Api, Token, "/api/v1/people", reference::people),
        Route::post(Area::Api, Token, "/api/v1/people/{username}/absences", absences::record),
        Route::delete(Area::Api, Token, "/api/v1/people/{username}/absences/{id}", absences::end),
        Route::post(Area::Api, Token, "/api/v1/files", files::upload),
        Route::post(Area::Api, Token, "/api/v1/consultations", consultations::register),
        Route::get(Area::Api, Token, "/api/v1/archive", archive::list),
        Route::get(Area::Api, Token, "/api/v1/leads", leads::list),
        Route::post(Area::Api, Token, "/api/v1/leads", leads::record),
        Route::get(Area::Api, Token, "/api/v1/leads/{id}", leads::show),
        Route::post(Area::Api, Token, "/api/v1/leads/{id}/visits", leads::visit),
        Route::post(Area::Api, Token, "/api/v1/leads/{id}/assign", leads::assign),
        Route::post(Area::Api, Token, "/api/v1/leads/{id}/close", leads::close),
        Route::get(Area::Api, Token, "/api/v1/meetings", meetings::list),
        Route::post(Area::Api, Token, "/api/v1/meetings", meetings::call),
        Route::get(Area::Api, Token, "/api/v1/meetings/{id}", meetings::show),
        Route::post(Area::Api, Token, "/api/v1/meetings/{id}/items", meetings::refer),
        Route::post(Area::Api, Token, "/api/v1/meetings/{id}/minutes", meetings::hold),
        Route::post(Area::Api, Token, "/api/v1/meetings/{id}/decisions/{number}/done", meetings::carry_out),
        Route::post(Area::Api, Token, "/api/v1/meetings/{id}/cancel", meetings::cancel),
        Route::get(Area::Api, Token, "/api/v1/decisions", meetings::decisions),
        Route::get(Area::Api, Token, "/api/v1/cases", cases::list),
        Route::post(Area::Api, Token, "/api/v1/cases", cases::create),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}", cases::show),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/events", cases::events),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/plan", plan::of_case),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/forecast", plan::forecast),
        Route::get(Area::Api, Token, "/api/v1/forecasts/quality", plan::quality),
        Route::get(Area::Api, Token, "/api/v1/custody", custody::list),
        Route::get(Area::Api, Token, "/api/v1/ledger", ledger::list),
        Route::get(Area::Api, Token, "/api/v1/ledger/outside", ledger_outside::list),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/documents", documents::list),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/documents/{name}", documents::pdf),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/archive.zip", documents::archive),
        Route::post(Area::Api, Token, "/api/v1/cases/{id}/commands", commands::perform),
        Route::post(Area::Api, Token, "/api/v1/cases/{id}/chase", chases::chase),
        Route::get(Area::Api, Token, "/api/v1/cases/{id}/warnings", chases::list),
    ]
}
