//! The case, clause by clause: whole courses, every wrong order, and what must hold whatever happens.

mod access;
mod assignment;
mod custody;
mod deferral;
mod delivery;
mod ending;
mod fixture;
mod flow;
mod hall;
mod invariants;
mod json;
mod ledger;
mod materials;
mod matters;
mod model;
mod outside;
mod projects;
mod scope;
mod signing;
mod steps;
mod table;
mod time;
mod turns;

use turns::assistance_becomes_agency;
