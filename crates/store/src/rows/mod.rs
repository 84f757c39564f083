//! The tables as SeaORM sees them. They stay inside this crate: outside there are only the records.

mod absences;
mod archive;
mod casework;
mod custody;
mod follow;
mod people;
mod plans;
mod records;
mod sign_links;
mod warnings;
mod work;

pub(crate) use absences::{absence, absence_end};
pub(crate) use archive::{archive_file, inspection};
pub(crate) use casework::{case_event, case_office, cases};
pub(crate) use custody::custody_item;
pub(crate) use follow::{follow_line, lead, meeting, meeting_decision, meeting_office};
pub(crate) use people::{api_token, party, person, person_link, session};
pub(crate) use plans::{forecast, matter_run};
pub(crate) use records::{audit, finding};
pub(crate) use sign_links::sign_link;
pub(crate) use warnings::warning;
pub(crate) use work::{answer, consultation, draft, outbox, reference, stored_file};
