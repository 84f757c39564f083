//! Names of things: text newtypes, so that a matter's code is never taken for an office's.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The bare text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_id! {
    /// A government service hall (政务服务中心); leads every key in the database.
    HallId,
    /// A case (办件): a UUID v7 in its usual text form.
    CaseId,
    /// A party (企业 or founder) as kept in the private store: a UUID v7.
    PartyId,
    /// A consultation (咨询接待登记): a UUID v7.
    ConsultationId,
    /// A lead on a project (提前介入): a UUID v7.
    LeadId,
    /// A meeting of offices (联席会议): a UUID v7.
    MeetingId,
    /// An uploaded or made file: a UUID v7.
    FileId,
    /// A person who can log in: the user name.
    Username,
    /// An office (科室, 部门 or outside body): its code, such as `D15` or `B01`.
    OfficeCode,
    /// A matter (事项): its catalogue code, such as `QY-02`.
    MatterCode,
    /// A project template: its catalogue code, such as `T5`.
    TemplateCode,
    /// A material of a case: `M1`, `M2`, … within the case.
    MaterialId,
    /// A piece handed in: `I1`, … within the case.
    ItemId,
    /// A result of a matter: `R1`, … within the case.
    ResultId,
    /// A document of a case: `D1`, … within the case.
    DocumentId,
}
