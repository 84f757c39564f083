//! The rules of the service: pure, without IO, async, clock, SQL or HTTP.
//!
//! What the plan says lives here and is tested here by its clause. Everything that a rule needs from outside (the time, the
//! calendar, the catalogue, the people) comes in as an argument.

pub mod ids;
pub mod calendar;
pub mod catalogue;
pub mod clock;
pub mod plan;
pub mod access;
pub mod case;
pub mod chain;
pub mod custody;
pub mod people;
pub mod identity;
pub mod phrases;
pub mod consultation;
