//! What other systems call.

pub mod problem;
pub mod v1;
