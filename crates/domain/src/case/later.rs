//! What a case still waits for, or got too late: materials promised for later, papers asked for, parcels that did not arrive,
//! documents that came in after the sealing.

use super::command::{PaperOnRequest, ParcelState};
use super::state::Shipment;
use crate::custody::FileRef;
use crate::ids::{MaterialId, MatterCode, Username};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A material that the client may hand in later (容缺): what it is for, until when, and what follows if it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// The matter that is taken without it.
    pub matter: MatterCode,
    /// The material.
    pub material: MaterialId,
    /// Until when, the day included.
    pub due: NaiveDate,
    /// What follows if it is not there by then.
    pub consequence: String,
    /// Who allowed it.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
    /// When the client promised it against signature; before that it counts for nothing.
    pub promised_at: Option<DateTime<Utc>>,
}

/// Somebody asked for a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRequest {
    /// Which.
    pub kind: PaperOnRequest,
    /// For which matter.
    pub matter: Option<MatterCode>,
    /// Who asked.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
}

/// A parcel that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostParcel {
    /// The parcel.
    pub shipment: Shipment,
    /// Returned or lost.
    pub state: ParcelState,
    /// What the carrier says.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A document that came in after the file was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateDocument {
    /// What it is.
    pub title: String,
    /// Its bytes.
    pub file: FileRef,
    /// Why it comes late.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The volume in which it was sealed, from 2; none while it waits for the sealing.
    pub volume: Option<u32>,
}
