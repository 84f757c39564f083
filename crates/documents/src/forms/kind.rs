use serde::{Deserialize, Serialize};

use super::Form;

macro_rules! kinds {
    ($($kind:ident => $name:literal, $template:literal;)*) => {
        /// Which form a paper is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[expect(missing_docs, reason = "each kind is explained at the form of the same name")]
        pub enum FormKind {
            $($kind,)*
        }

        impl FormKind {
            /// Every kind, in the order of the work.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The name on the wire, such as `handover-list`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// The kind's own template.
            pub(crate) fn template(self) -> &'static str {
                match self {
                    $(Self::$kind => include_str!(concat!("../../templates/", $template)),)*
                }
            }
        }

        impl Form {
            /// Which form it is.
            #[must_use]
            pub fn kind(&self) -> FormKind {
                match self {
                    $(Self::$kind(_) => FormKind::$kind,)*
                }
            }

            pub(super) fn paper(&self) -> &dyn super::Paper {
                match self {
                    $(Self::$kind(form) => form,)*
                }
            }
        }
    };
}

kinds! {
    ConsultationRecord => "consultation-record", "consultation-record.typ";
    ServiceApplication => "service-application", "service-application.typ";
    OneTimeNotice => "one-time-notice", "one-time-notice.typ";
    HandoverList => "handover-list", "handover-list.typ";
    CustodyLabels => "custody-labels", "custody-labels.typ";
    Agreement => "agreement", "agreement.typ";
    PowerOfAttorney => "power-of-attorney", "power-of-attorney.typ";
    GreenChannelApproval => "green-channel-approval", "green-channel-approval.typ";
    TaskSlip => "task-slip", "task-slip.typ";
    DeferralPromise => "deferral-promise", "deferral-promise.typ";
    DeferralNotice => "deferral-notice", "deferral-notice.typ";
    SpecialProcedureNotice => "special-procedure-notice", "special-procedure-notice.typ";
    Decision => "decision", "decision.typ";
    SignatureSheet => "signature-sheet", "signature-sheet.typ";
    DeliveryNotice => "delivery-notice", "delivery-notice.typ";
    CourierRecord => "courier-record", "courier-record.typ";
    CallBackRecord => "call-back-record", "call-back-record.typ";
    SupervisionOrder => "supervision-order", "supervision-order.typ";
    LedgerNotice => "ledger-notice", "ledger.typ";
    MeetingMinutes => "meeting-minutes", "meeting-minutes.typ";
    TransferList => "transfer-list", "transfer-list.typ";
    ArchiveCover => "archive-cover", "archive-cover.typ";
    ArchiveCatalogue => "archive-catalogue", "archive-catalogue.typ";
}
