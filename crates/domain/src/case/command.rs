//! What can be asked of a case, by part. The JSON form of these types is the wire form of `POST /cases/{id}/commands`.
#![expect(missing_docs, reason = "the fields carry the names of the wire contract; the variants say what they do")]

use super::outside::OutsideState;
pub use super::values::*;
use crate::catalogue::Mode;
use crate::custody::PieceForm;
use crate::ids::{DocumentId, FileId, ItemId, MaterialId, MatterCode, OfficeCode, ResultId, Username};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the parts of the commands, the list of their kinds, and the reading of either from JSON.
macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident as $short:ident {
        $($(#[$vdoc:meta])* $variant:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }),+ $(,)?
    })+) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
        pub enum $part { $($(#[$vdoc])* $variant { $($(#[$fmeta])* $field: $ty),* }),+ }

        impl $part {
            /// The kinds of this part.
            pub const KINDS: &[CommandKind] = &[$(CommandKind::$variant),+];

            /// Which command this is.
            #[must_use]
            pub fn kind(&self) -> CommandKind {
                match self { $(Self::$variant { .. } => CommandKind::$variant),+ }
            }
        }

        impl From<$part> for Command {
            fn from(part: $part) -> Self { Self::$short(part) }
        })+

        /// The name of a command, as in its `type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum CommandKind { $($($(#[$vdoc])* $variant),+),+ }

        impl CommandKind {
            /// Every command, in the order of a case's life.
            pub const ALL: &[Self] = &[$($(Self::$variant),+),+];
        }

        /// A command on a case.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command { $($(#[$doc])* $short($part)),+ }

        impl Command {
            /// Which command this is.
            #[must_use]
            pub fn kind(&self) -> CommandKind {
                match self { $(Self::$short(part) => part.kind()),+ }
            }

            fn read(kind: CommandKind, value: serde_json::Value) -> Result<Self, serde_json::Error> {
                $(if $part::KINDS.contains(&kind) { return serde_json::from_value(value).map(Self::$short); })+
                unreachable!("every kind belongs to a part")
            }
        }

        impl Serialize for Command {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$short(part) => part.serialize(serializer)),+ }
            }
        }
    };
}

impl CommandKind {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether the person must name the version it saw (`contract.md`): signing, starting, delivering, archiving, leaving.
    #[must_use]
    pub fn needs_version(self) -> bool {
        matches!(
            self,
            Self::SignHandover
                | Self::SignAgreement
                | Self::SignTakeover
                | Self::SignPaper
                | Self::Start
                | Self::HandOverResult
                | Self::SendResult
                | Self::ConfirmReceipt
                | Self::ReturnMaterials
                | Self::Archive
                | Self::Withdraw
                | Self::Terminate
        )
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = serde_json::Value::deserialize(deserializer)?;
        let name = value.get("type").cloned().ok_or_else(|| D::Error::missing_field("type"))?;
        let kind = serde_json::from_value(name).map_err(D::Error::custom)?;
        Self::read(kind, value).map_err(D::Error::custom)
    }
}

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 委托方
    Client,
    /// 代办方
    Agent,
    /// 移交人: who was the agent, or the lead office's head in that person's stead.
    Giver,
    /// 接收人: who is the agent now.
    Taker,
}

/// How it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureMethod {
    /// Drawn on the screen.
    Drawn,
    /// Signed on paper and scanned back.
    Scan,
}

/// A signature as it is handed over: which side, how, on which document with which hash, and its picture or scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureInput {
    pub side: Side,
    pub method: SignatureMethod,
    pub document: DocumentId,
    pub hash: String,
    pub file: FileId,
    pub signer: Option<SignerInput>,
}

/// Who signs, and how that was made sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerInput {
    /// The name; the contact of the case's client if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the identity was checked.
    pub proof: IdentityProof,
    /// The strokes of a drawn signature, with their times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strokes: Option<FileId>,
    /// The letter that a delegate has brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<FileId>,
}

/// The check of one material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialCheck {
    pub material: MaterialId,
    pub result: CheckResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A piece that the client hands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemInput {
    pub material: MaterialId,
    pub form: PieceForm,
    pub pages: u32,
    pub copies: u32,
    #[serde(rename = "return")]
    pub to_return: bool,
    #[serde(default)]
    pub file: Option<FileId>,
    /// What tells it from others of the same material.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What shape it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// A result that an office hands out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultInput {
    pub name: String,
    pub form: PieceForm,
    #[serde(default)]
    pub file: Option<FileId>,
}

/// A piece that an authority keeps for good, with its legal reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptInput {
    pub item: ItemId,
    pub reason: String,
}

/// Where a piece goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Destination {
    /// To a member of staff.
    Person(Username),
    /// To an office.
    Office(OfficeCode),
    /// To a window.
    Window(String),
    /// Back to the client.
    Client(bool),
    /// Kept for good by an authority, with its legal reason, although the service goes no further.
    Kept {
        /// Who keeps it.
        office: OfficeCode,
        /// The legal reason.
        reason: String,
    },
}

parts! {
    /// The application: mode and scope.
    ApplicationCommand as Application {
        /// Chooses agency or assistance.
        ChooseMode { mode: Mode },
        /// Adds and removes matters, with the reason.
        ChangeMatters {
            #[serde(default)] add: Vec<MatterCode>,
            #[serde(default)] remove: Vec<MatterCode>,
            reason: String,
        },
        /// Attaches the credit code of an enterprise that has been founded meanwhile (S5.3).
        AttachUscc { uscc: String },
        /// Sets the day on which a milestone of the project is wanted.
        SetGoal { milestone: String, date: NaiveDate },
    }
    /// Who is answerable.
    AssignmentCommand as Assignment {
        /// The business office names the lead office.
        AssignLeadOffice { office: OfficeCode, #[serde(default)] reason: Option<String> },
        /// The lead office's head accepts the case.
        Accept {},
        /// The lead office's head names the agent.
        AssignAgent { person: Username, #[serde(default)] reason: Option<String> },
        /// The lead office's head names the stand-in.
        SetStandIn { person: Username, #[serde(default)] reason: Option<String> },
        /// The lead office's head opens the green channel.
        OpenGreenChannel { reason: String, person: Username, #[serde(default)] measures: Vec<GreenMeasure> },
    }
    /// What the client hands in.
    MaterialsCommand as Materials {
        /// Checks materials against the catalogue.
        CheckMaterials { checks: Vec<MaterialCheck> },
        /// Gives the one-time notice.
        IssueNotice { matters: Vec<MatterCode>, #[serde(default)] reason_code: Option<NoticeReason> },
        /// Lists pieces handed in.
        ReceiveMaterials { items: Vec<ItemInput> },
        /// Moves a piece.
        MoveMaterial { item: ItemId, to: Destination },
        /// The taker says that the pieces have arrived, or the agent brings the slip that the taker signed.
        TakeMaterial { items: Vec<ItemId>, #[serde(default)] slip: Option<FileId> },
        /// A material may be handed in later (容缺), if the client promises it.
        DeferMaterial {
            matter: MatterCode,
            material: MaterialId,
            due: NaiveDate,
            #[serde(default)] consequence: Option<String>,
        },
    }
    /// Handover list, agreement, start.
    AgreementCommand as Agreement {
        /// Signs the handover list, one side.
        SignHandover {
            side: Side,
            method: SignatureMethod,
            document: DocumentId,
            hash: String,
            file: FileId,
            #[serde(default)] signer: Option<SignerInput>,
        },
        /// Signs the agreement, one side.
        SignAgreement {
            side: Side,
            method: SignatureMethod,
            document: DocumentId,
            hash: String,
            file: FileId,
            #[serde(default)] signer: Option<SignerInput>,
        },
        /// Signs the list of pieces that go from a former agent to the present one (S5.3).
        SignTakeover {
            side: Side,
            method: SignatureMethod,
            document: DocumentId,
            hash: String,
            file: FileId,
            #[serde(default)] signer: Option<SignerInput>,
        },
        /// Signs another paper that asks for a signature: application, power of attorney, promise to hand in later.
        SignPaper {
            side: Side,
            method: SignatureMethod,
            document: DocumentId,
            hash: String,
            file: FileId,
            #[serde(default)] signer: Option<SignerInput>,
        },
        /// Has a paper made that is not made by itself.
        IssuePaper { kind: PaperOnRequest, #[serde(default)] matter: Option<MatterCode> },
        /// Starts to act in the client's stead.
        Start {},
    }
    /// The work of the offices.
    MattersCommand as Matters {
        /// An office takes its matter (责任认领).
        ClaimMatter { matter: MatterCode },
        /// An office declines a matter.
        DeclineMatter { matter: MatterCode, reason: String },
        /// A matter goes to another office.
        ForwardMatter { matter: MatterCode, office: OfficeCode, reason: String },
        /// The agent submits a matter.
        SubmitMatter { matter: MatterCode, #[serde(default)] number: Option<String> },
        /// A matter is finished, with its results.
        FinishMatter {
            matter: MatterCode,
            outcome: Outcome,
            #[serde(default)] results: Vec<ResultInput>,
            #[serde(default)] kept: Vec<KeptInput>,
            /// When a body outside finished it, if not just now.
            #[serde(default)] at: Option<DateTime<Utc>>,
            #[serde(default)] late_reason: Option<String>,
        },
        /// Stops a matter's clock.
        StopClock {
            matter: MatterCode,
            kind: StopKind,
            #[serde(default)] name: Option<String>,
            reason: String,
            until: NaiveDate,
            /// Why a special procedure takes longer than its cap.
            #[serde(default)] beyond_cap: Option<String>,
        },
        /// Lets a matter's clock run again.
        ResumeClock { matter: MatterCode },
        /// Extends a matter's limit.
        ExtendLimit { matter: MatterCode, days: u32, reason: String, approver: Username },
        /// The agent has looked how far a body outside is.
        CheckOutside {
            matter: MatterCode,
            state: OutsideState,
            #[serde(default)] number: Option<String>,
            #[serde(default)] receipt: Option<FileId>,
            #[serde(default)] checked_at: Option<DateTime<Utc>>,
            #[serde(default)] late_reason: Option<String>,
        },
        /// An office lifts a step of the usual order by a preliminary look (预审).
        LiftOrder { matter: MatterCode, before: MatterCode, opinion: String },
    }
    /// What is written down beside the matters.
    RecordCommand as Record {
        /// An escort to a window.
        RecordEscort {
            matter: MatterCode,
            window: String,
            #[serde(default)] ticket: Option<String>,
            outcome: EscortOutcome,
            #[serde(default)] at: Option<DateTime<Utc>>,
            #[serde(default)] late_reason: Option<String>,
        },
        /// A remote session.
        RecordRemoteSession {
            channel: RemoteChannel,
            topic: String,
            started_at: DateTime<Utc>,
            minutes: u32,
            outcome: String,
        },
        /// A statutory fee that the client paid to an authority.
        NoteFee { matter: MatterCode, fee: String, amount_fen: i64, receipt: String },
    }
    /// Results to the client.
    DeliveryCommand as Delivery {
        /// In person, against signature on the delivery notice.
        HandOverResult {
            results: Vec<ResultId>,
            items: Vec<ItemId>,
            collector: String,
            side: Side,
            method: SignatureMethod,
            document: DocumentId,
            hash: String,
            file: FileId,
            #[serde(default)] signer: Option<SignerInput>,
        },
        /// By courier, or electronically.
        SendResult {
            results: Vec<ResultId>,
            #[serde(default)] items: Vec<ItemId>,
            #[serde(default)] carrier: Option<String>,
            #[serde(default)] number: Option<String>,
            #[serde(default)] address: Option<String>,
        },
        /// Signed for, or confirmed.
        ConfirmReceipt { signed_by: String, at: DateTime<Utc>, #[serde(default)] file: Option<FileId> },
        /// Pieces go back to the client against signature.
        ReturnMaterials {
            items: Vec<ItemId>,
            side: Side,
            method: SignatureMethod,
            document: DocumentId,
            hash: String,
            file: FileId,
            #[serde(default)] signer: Option<SignerInput>,
        },
        /// What the carrier says of the parcel.
        RecordParcel {
            state: ParcelState,
            #[serde(default)] note: Option<String>,
            #[serde(default)] at: Option<DateTime<Utc>>,
        },
    }
    /// Pausing, leaving, closing.
    EndingCommand as Ending {
        /// 中止
        Suspend { reason_code: SuspendReason, reason: String },
        /// 续办
        Resume {},
        /// The client withdraws.
        Withdraw { #[serde(default)] reason_code: Option<String>, #[serde(default)] reason: Option<String> },
        /// 终止
        Terminate { reason_code: TerminateReason, reason: String },
        /// The last window has accepted (S3.1).
        CloseAssistance {},
        /// The client evaluates in the five national grades, 5 being the best.
        Evaluate { grade: u8, #[serde(default)] text: Option<String> },
        /// A document that came in after the file was sealed: it goes into a further volume.
        AddLateDocument { title: String, file: FileId, reason: String },
        /// The file is checked and sealed.
        Archive {},
    }
}

impl Command {
    /// The matter that the command is about, if it is about one: its office may have a say.
    #[must_use]
    pub fn matter(&self) -> Option<&MatterCode> {
        match self {
            Self::Matters(command) => Some(command.matter()),
            Self::Materials(MaterialsCommand::DeferMaterial { matter, .. }) => Some(matter),
            _ => None,
        }
    }
}

impl AgreementCommand {
    /// The signature that the command gives; none for the start.
    #[must_use]
    pub fn signature(&self) -> Option<SignatureInput> {
        match self {
            Self::SignHandover { side, method, document, hash, file, signer }
            | Self::SignAgreement { side, method, document, hash, file, signer }
            | Self::SignPaper { side, method, document, hash, file, signer }
            | Self::SignTakeover { side, method, document, hash, file, signer } => Some(SignatureInput {
                side: *side,
                method: *method,
                document: document.clone(),
                hash: hash.clone(),
                file: file.clone(),
                signer: signer.clone(),
            }),
            Self::Start {} | Self::IssuePaper { .. } => None,
        }
    }
}
