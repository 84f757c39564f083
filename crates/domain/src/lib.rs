//! The rules of the service: pure, without IO, async, clock, SQL or HTTP.
//!
//! What the plan says lives here and is tested here by its clause. Everything that a rule needs from outside (the time, the
//! calendar, the catalogue, the people) comes in as an argument.

pub mod access;
pub mod archive;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod chain;
pub mod clock;
pub mod consultation;
pub mod custody;
pub mod identity;
pub mod ids;
pub mod lead;
pub mod ledger;
pub mod meeting;
pub mod people;
pub mod phrases;
pub mod plan;
pub mod warning;
