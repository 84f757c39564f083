//! Where each piece handed in is: at any moment in exactly one place (S2.1, S6.3).

use crate::calendar::Calendar;
use crate::ids::{DocumentId, FileId, ItemId, MaterialId, OfficeCode, Username};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What a piece handed in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceForm {
    /// 原件
    Original,
    /// 复印件
    Copy,
    /// 电子件
    Electronic,
}

impl PieceForm {
    /// The name in columns and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Copy => "copy",
            Self::Electronic => "electronic",
        }
    }
}

/// The one place where a piece is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// With the client (also before the handover is signed, and after the return).
    Client,
    /// With a member of staff.
    Person(Username),
    /// With an office.
    Office(OfficeCode),
    /// At a window, named as on the door.
    Window(String),
    /// On its way by courier.
    Courier {
        /// The carrier's name.
        carrier: String,
        /// The waybill number.
        number: String,
    },
    /// Kept for good by an authority, with its legal reason.
    Kept {
        /// Who keeps it.
        office: OfficeCode,
        /// The legal reason.
        reason: String,
    },
}

/// The kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A member of staff.
    Person,
    /// An office.
    Office,
    /// A window.
    Window,
    /// On its way by courier.
    Courier,
    /// Kept for good by an authority.
    Kept,
    /// The client.
    Client,
}

impl PlaceKind {
    /// Every kind: those in which a piece is out first.
    pub const ALL: [Self; 6] = [Self::Person, Self::Office, Self::Window, Self::Courier, Self::Kept, Self::Client];
    /// The kinds of places from which a piece has still to come back.
    pub const OUT: [Self; 4] = [Self::Person, Self::Office, Self::Window, Self::Courier];

    /// The name in columns and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Office => "office",
            Self::Window => "window",
            Self::Courier => "courier",
            Self::Kept => "kept",
            Self::Client => "client",
        }
    }

    /// Reads a kind's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Place {
    /// What kind of place it is.
    #[must_use]
    pub fn kind(&self) -> PlaceKind {
        match self {
            Self::Client => PlaceKind::Client,
            Self::Person(_) => PlaceKind::Person,
            Self::Office(_) => PlaceKind::Office,
            Self::Window(_) => PlaceKind::Window,
            Self::Courier { .. } => PlaceKind::Courier,
            Self::Kept { .. } => PlaceKind::Kept,
        }
    }

    /// What tells it from other places of its kind: user name, office, window, carrier and waybill; empty for the client.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Client => String::new(),
            Self::Person(person) => person.0.clone(),
            Self::Office(office) | Self::Kept { office, .. } => office.0.clone(),
            Self::Window(window) => window.clone(),
            Self::Courier { carrier, number } => format!("{carrier} {number}"),
        }
    }

    /// Whether this person holds it.
    #[must_use]
    pub fn is_with(&self, person: &Username) -> bool {
        matches!(self, Self::Person(holder) if holder == person)
    }

    /// Whether a piece there needs no further care: back with the client, or kept by an authority with its reason.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Client | Self::Kept { .. })
    }
}

/// A file that belongs to a piece, a result or a signature: its row and the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The file's row.
    pub id: FileId,
    /// SHA-256 of its bytes, lower-case hex.
    pub hash: String,
    /// The media type found in its bytes.
    pub media_type: String,
}

/// A piece handed in for a material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// `I1`, … within the case.
    pub id: ItemId,
    /// The material it is for.
    pub material: MaterialId,
    /// Original, copy or electronic.
    pub form: PieceForm,
    /// Pages of one copy.
    pub pages: u32,
    /// Copies.
    pub copies: u32,
    /// What tells it from others of the same material: whose identity card, which plot. An original without one is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// 状况: what shape it is in, where that is worth a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether the client gets it back.
    pub to_return: bool,
    /// The electronic piece, or the scan of a paper one.
    pub file: Option<FileRef>,
    /// Where it is.
    pub place: Place,
    /// Since when it is there.
    pub since: DateTime<Utc>,
    /// When it was listed.
    pub received_at: DateTime<Utc>,
    /// The signed handover list that moved it from the client to the agent.
    pub handed_over: Option<DocumentId>,
}

/// A move of a piece: from whom to whom, who gave it out of hand, and what the taker says (S2.1, S3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyLine {
    /// The piece.
    pub item: ItemId,
    /// Where it was.
    pub from: Place,
    /// Where it is then.
    pub to: Place,
    /// When it moved.
    pub at: DateTime<Utc>,
    /// Who entered the move: the giver, or who gave in its stead.
    pub by: Username,
    /// The list on which giver and taker signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<DocumentId>,
    /// The taker's word for it, where no list was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
}

impl CustodyLine {
    /// Whether the taker's word is still owed: nobody signed a list, and whoever has it now has not said so. A parcel's word is
    /// its receipt, a client's the list it signs.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let is_asked = matches!(self.to, Place::Person(_) | Place::Office(_) | Place::Window(_));
        is_asked && self.list.is_none() && self.taken.is_none()
    }

    /// Whether the piece went to this person, or to its office.
    #[must_use]
    pub fn is_to(&self, person: &Username, office: Option<&OfficeCode>) -> bool {
        match &self.to {
            Place::Office(taker) => office == Some(taker),
            place => place.is_with(person),
        }
    }
}

/// A taker's word for a piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Who took it, under its own login; or who brought the signed slip back.
    pub by: Username,
    /// When.
    pub at: DateTime<Utc>,
    /// The slip that a taker without a login has signed on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<FileRef>,
}

/// The last day on which a piece may have come to somebody for its time there to be over by now: whatever came on it or before
/// lies longer than `days` working days (S6.3).
#[must_use]
pub fn overdue_since(calendar: &Calendar, days: u32, today: NaiveDate) -> NaiveDate {
    let mut day = today;
    while calendar.add_working_days(day, days).date >= today {
        let Some(before) = day.pred_opt() else { break };
        day = before;
    }
    day
}

impl Item {
    /// Whether it is an original that is neither with the client nor kept for good.
    #[must_use]
    pub fn is_outstanding(&self) -> bool {
        self.form == PieceForm::Original && !self.place.is_final()
    }
}
