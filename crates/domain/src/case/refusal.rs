//! Why a rule says no: a code, its parameters and the clause. The sentence, in each language, is a message of the faces.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $text:literal, $clause:literal;)+) => {
        /// Every reason for a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code on the wire and in message files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The clause of the plan behind it; empty where it is a matter of form.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause),+ }
            }
        }
    };
}

codes! {
    /// Who acts has no right to this command on this case.
    NotYours => "not_yours", "";
    /// The case is in a state in which this cannot be done; `status` tells which.
    WrongStatus => "wrong_status", "";
    /// The case has ended.
    CaseEnded => "case_ended", "S6.3";
    /// The case is suspended.
    CaseSuspended => "case_suspended", "";
    /// The case is assistance, not agency.
    ModeIsAssistance => "mode_is_assistance", "S3.2";
    /// The case is agency, not assistance.
    ModeIsAgency => "mode_is_agency", "S3.1";
    /// The mode is chosen already and the service runs.
    ModeFixed => "mode_fixed", "S3.2";
    /// No such matter in the catalogue.
    UnknownMatter => "unknown_matter", "S4";
    /// No such project template.
    UnknownTemplate => "unknown_template", "S4";
    /// At least one matter is needed.
    NoMatters => "no_matters", "S4";
    /// The matter is not in this case.
    MatterNotInCase => "matter_not_in_case", "S4";
    /// The matter is in this case already.
    MatterInCase => "matter_in_case", "S4";
    /// The lead office's head has decided which office takes the matter.
    DecidedByLead => "decided_by_lead", "S2.3";
    /// A matter that was submitted cannot be taken out of the scope.
    MatterUnderWay => "matter_under_way", "S4";
    /// A reason is needed.
    ReasonNeeded => "reason_needed", "";
    /// No such office, or it cannot do this.
    UnknownOffice => "unknown_office", "S2.3";
    /// No lead office is named yet.
    NoLeadOffice => "no_lead_office", "S2.3";
    /// No such person.
    UnknownPerson => "unknown_person", "S5.3";
    /// The person is not qualified to act as agent.
    NotQualified => "not_qualified", "S7";
    /// Agent and stand-in are the same person.
    SamePerson => "same_person", "S5.3";
    /// No agent is named yet.
    NoAgent => "no_agent", "S5.3";
    /// The credit code is wrong.
    UsccInvalid => "uscc_invalid", "S5.3";
    /// The enterprise has its credit code already.
    NotFounding => "not_founding", "S5.3";
    /// No such material in this case.
    UnknownMaterial => "unknown_material", "S6.2";
    /// What is wrong must be said.
    WhyNeeded => "why_needed", "S6.2";
    /// Some materials have not been checked yet: a notice names everything at once.
    NotAllChecked => "not_all_checked", "S6.2";
    /// Nothing is missing.
    NothingMissing => "nothing_missing", "S6.2";
    /// A second notice for the same matter needs a reason code.
    SecondNoticeNeedsReason => "second_notice_needs_reason", "S6.2";
    /// The list is empty.
    NothingGiven => "nothing_given", "";
    /// Pages and copies must be at least one.
    CountInvalid => "count_invalid", "S6.2";
    /// A limit is extended by 1 to 365 days.
    DaysInvalid => "days_invalid", "S8.2";
    /// A session lies in the future, more than a year back, or took longer than a day.
    SessionTimeInvalid => "session_time_invalid", "S5.2";
    /// No such file, or it is someone else's.
    UnknownFile => "unknown_file", "";
    /// A signature must be a picture, a scan a picture or a PDF.
    FileNotSignature => "file_not_signature", "S3.2";
    /// No such piece in this case.
    UnknownItem => "unknown_item", "S6.3";
    /// The piece is there already.
    ItemAlreadyThere => "item_already_there", "S6.3";
    /// The piece is still with the client: the handover is not signed.
    ItemNotHandedOver => "item_not_handed_over", "S3.2";
    /// The client gets it back only against signature.
    ReturnNeedsSignature => "return_needs_signature", "S2.1";
    /// Materials are missing.
    MaterialsIncomplete => "materials_incomplete", "S3.2";
    /// The handover list is not signed by both sides.
    HandoverNotSigned => "handover_not_signed", "S3.2";
    /// The agreement is not signed by both sides.
    AgreementNotSigned => "agreement_not_signed", "S3.2";
    /// There is no such document to sign now.
    NothingToSign => "nothing_to_sign", "S3.2";
    /// Another version of the document is on offer.
    DocumentSuperseded => "document_superseded", "S3.2";
    /// The hash is not that of the document on offer.
    HashMismatch => "hash_mismatch", "S3.2";
    /// This side has signed already.
    AlreadySigned => "already_signed", "S3.2";
    /// This side cannot be signed for by this person.
    NotYourSignature => "not_your_signature", "S3.2";
    /// What a former agent holds has not been handed over to the present one.
    TakeoverNotSigned => "takeover_not_signed", "S5.3";
    /// The service has started already.
    AlreadyStarted => "already_started", "S3.2";
    /// The service has not started.
    NotStarted => "not_started", "S3.2";
    /// The matter has not been claimed by its office.
    MatterNotClaimed => "matter_not_claimed", "S5.3";
    /// The matter is claimed already.
    AlreadyClaimed => "already_claimed", "S5.3";
    /// A body outside the hall never claims.
    OutsideNeverClaims => "outside_never_claims", "S5.3";
    /// It is with that office already.
    SameOffice => "same_office", "S5.3";
    /// Hard prerequisites in this case are not finished.
    PrerequisiteOpen => "prerequisite_open", "S5.3";
    /// The matter is submitted already.
    AlreadySubmitted => "already_submitted", "S5.3";
    /// The matter is not submitted.
    NotSubmitted => "not_submitted", "S5.3";
    /// The matter is finished already.
    AlreadyFinished => "already_finished", "S5.3";
    /// A granted matter hands out at least one result.
    ResultNeeded => "result_needed", "S6.3";
    /// The clock is stopped.
    ClockStopped => "clock_stopped", "S8.2";
    /// The clock is not stopped.
    ClockNotStopped => "clock_not_stopped", "S8.2";
    /// A special procedure needs its name.
    ProcedureNameNeeded => "procedure_name_needed", "S8.2";
    /// The planned end lies in the past.
    DateInPast => "date_in_past", "S8.2";
    /// The planned end lies beyond all planning.
    DateTooFar => "date_too_far", "S8.2";
    /// A special procedure would last beyond its cap; `cap` in `unit`, `date` the last day within it.
    BeyondCap => "beyond_cap", "S8.2";
    /// The machine's clock shows an earlier time than the last event of the case.
    ClockSetBack => "clock_set_back", "S8.2";
    /// The entry is made long after the fact; it needs a reason.
    LateReasonNeeded => "late_reason_needed", "S8.2";
    /// Only what a body outside finished may be dated back.
    MomentOnlyOutside => "moment_only_outside", "S8.2";
    /// The matter is decided and filed within the hall: there is nothing to follow outside.
    NotFollowedOutside => "not_followed_outside", "S5.3";
    /// The usual order does not put that matter first.
    NotInOrder => "not_in_order", "S5.3";
    /// No step of the usual order is open here.
    OrderSettled => "order_settled", "S5.3";
    /// Matters put each other first, so that none of them could ever be submitted.
    OrderInCircle => "order_in_circle", "S5.3";
    /// Nothing in the case leads to this milestone.
    MilestoneNotInCase => "milestone_not_in_case", "S5.3";
    /// No such milestone in the catalogue.
    UnknownMilestone => "unknown_milestone", "S5.3";
    /// The approver is not the head of the office or of the lead office, or is the agent; `people` may approve.
    ApproverInvalid => "approver_invalid", "S6.4";
    /// No fee of this name is listed for the matter (S2.2).
    FeeNotListed => "fee_not_listed", "S2.2";
    /// An amount must be above zero.
    AmountInvalid => "amount_invalid", "S2.2";
    /// Some matters are not finished.
    MattersOpen => "matters_open", "S6.3";
    /// No such result in this case.
    UnknownResult => "unknown_result", "S6.3";
    /// Some results are not on the list.
    ResultsOutstanding => "results_outstanding", "S6.3";
    /// Some originals are not accounted for.
    OriginalsOutstanding => "originals_outstanding", "S6.3";
    /// Carrier, waybill number and address are needed.
    CourierNeeded => "courier_needed", "S6.3";
    /// Nothing was sent.
    NothingSent => "nothing_sent", "S6.3";
    /// It was sent already, or has reached the client.
    AlreadySent => "already_sent", "S6.3";
    /// The time lies before the sending or the last change of a clock, or in the future.
    TimeInvalid => "time_invalid", "S6.3";
    /// The grade is 1 to 5.
    GradeInvalid => "grade_invalid", "S8.m";
    /// The service has been evaluated.
    AlreadyEvaluated => "already_evaluated", "S8.m";
    /// The case has not ended.
    NotEnded => "not_ended", "S6.5";
    /// The file is incomplete.
    FileIncomplete => "file_incomplete", "S6.5";
    /// The file is sealed.
    AlreadyArchived => "already_archived", "S6.5";
    /// Some windows have not accepted.
    WindowsOpen => "windows_open", "S3.1";
    /// The green channel is open already.
    AlreadyGreen => "already_green", "S6.4";
    /// Such an original of this material is here already.
    ReceivedTwice => "received_twice", "S2.1";
    /// No move waits for a taker's word.
    NothingToTake => "nothing_to_take", "S2.1";
    /// Somebody else has it: that person or office takes it, or signs a slip that is scanned.
    NotYoursToTake => "not_yours_to_take", "S2.1";
    /// The catalogue does not let this material be handed in later.
    NotDeferrable => "not_deferrable", "S6.2";
    /// Nothing that is lacking may be handed in later.
    NothingDeferrable => "nothing_deferrable", "S6.2";
    /// It is deferred already.
    AlreadyDeferred => "already_deferred", "S6.2";
    /// The material is here: nothing to defer.
    NotLacking => "not_lacking", "S6.2";
    /// What was promised for later is still owed: the result is withheld.
    DeferralOpen => "deferral_open", "S6.3";
    /// A delegate collects with a letter.
    LetterNeeded => "letter_needed", "S6.3";
    /// This paper exists, and nothing has happened since.
    PaperThere => "paper_there", "S6.5";
    /// The task slip of a matter is for one that was sent to its office.
    MatterNotOffered => "matter_not_offered", "S5.3";
    /// The file is not sealed yet.
    NotArchived => "not_archived", "S6.5";
    /// A text is too long or has characters that cannot be printed.
    TextInvalid => "text_invalid", "";
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Which reason.
    pub code: Code,
    /// What the sentence names: materials, dates, people, each as text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl Refusal {
    /// A refusal without parameters.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a list, joined as Chinese joins it.
    #[must_use]
    pub fn naming<'a>(self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let joined: Vec<&str> = values.into_iter().collect();
        self.with(name, joined.join("、"))
    }

    /// The clause of the plan behind it, or nothing.
    #[must_use]
    pub fn clause(&self) -> Option<&'static str> {
        Some(self.code.clause()).filter(|clause| !clause.is_empty())
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}
