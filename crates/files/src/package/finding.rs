//! What a verification can find, as data, and the sentences for it.

use serde::Serialize;

/// Something that is wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The file could not be read.
    Unreadable {
        /// What the system said.
        why: String,
    },
    /// The end of the file is not that of a package: another file, cut off, or with something added at its end.
    NotAPackage,
    /// More entries than a package may have.
    TooManyEntries {
        /// How many it claims.
        count: u64,
        /// How many are allowed.
        max: u64,
    },
    /// An entry claims a size that cannot be.
    AbsurdSize {
        /// Name of the entry.
        name: String,
        /// Claimed size in bytes.
        size: u64,
        /// What is possible at most, in bytes.
        max: u64,
    },
    /// A name that would leave the folder it is unpacked in, or that some system cannot hold.
    UnsafeName {
        /// The name.
        name: String,
    },
    /// A name that comes twice (upper and lower case are the same).
    Duplicate {
        /// The name.
        name: String,
    },
    /// The entries are not sorted: this one stands in the wrong place.
    OutOfOrder {
        /// The name.
        name: String,
    },
    /// The frame around the content is not the one every package has.
    NotCanonical {
        /// The entry concerned, or empty if it is none of them.
        name: String,
        /// Where in the file, in bytes from its start.
        offset: u64,
    },
    /// An entry that the manifest lists is not there.
    Missing {
        /// Name of the entry.
        name: String,
    },
    /// An entry is there that the manifest does not list.
    Added {
        /// Name of the entry.
        name: String,
    },
    /// The content of an entry is not the one that was sealed.
    Changed {
        /// Name of the entry.
        name: String,
    },
    /// An entry that must be JSON of a certain form is not.
    NotJson {
        /// Name of the entry.
        name: String,
    },
    /// The package has another form than this program knows.
    UnknownFormat {
        /// What it says.
        found: String,
    },
    /// The events are not numbered on from 1.
    EventGap {
        /// The number that should come.
        expected: u64,
        /// The entry that came.
        found: String,
    },
    /// An event says another number than its place has.
    EventNumber {
        /// Number of its place.
        seq: u64,
        /// What it says.
        says: String,
    },
    /// An event names another case than the manifest.
    EventOfAnotherCase {
        /// Number of the event.
        seq: u64,
        /// The case it names.
        says: String,
    },
    /// The hash of an event does not follow from its bytes and the event before it.
    ChainBroken {
        /// Number of the event.
        seq: u64,
        /// The hash that was sealed.
        expected: String,
        /// The hash that follows.
        found: String,
    },
    /// The number of events is not the one that was sealed.
    EventCount {
        /// The number that was sealed.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// The head of the chain is not the one the manifest says.
    HeadDiffers {
        /// What the manifest says.
        expected: String,
        /// What the events give.
        found: String,
    },
    /// Neither a record nor the package file has the hash that was given from outside.
    NotTheExpected {
        /// The hash that was given.
        expected: String,
        /// The head of the chain.
        head: String,
        /// The hash of the package file.
        package: String,
    },
    /// The hall's signature is not one under this manifest, or not of the key that the manifest names.
    SignatureWrong {
        /// Id of the key that came with the signature.
        key: String,
    },
    /// It was to be held against a key, but packages of this form carry no signature.
    NotSigned,
    /// The signature is right, but made with none of the keys that were given from outside.
    KeyNotTrusted {
        /// Id of the key that made it.
        key: String,
        /// Ids of the keys that were given.
        given: Vec<String>,
    },
    /// The list of contents and the documents do not agree.
    CatalogueDiffers {
        /// Name of the document that is in only one of both.
        name: String,
    },
}

/// The language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Finding {
    /// The code, as it stands in JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::NotAPackage => "not_a_package",
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::AbsurdSize { .. } => "absurd_size",
            Self::UnsafeName { .. } => "unsafe_name",
            Self::Duplicate { .. } => "duplicate",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::NotCanonical { .. } => "not_canonical",
            Self::Missing { .. } => "missing",
            Self::Added { .. } => "added",
            Self::Changed { .. } => "changed",
            Self::NotJson { .. } => "not_json",
            Self::UnknownFormat { .. } => "unknown_format",
            Self::EventGap { .. } => "event_gap",
            Self::EventNumber { .. } => "event_number",
            Self::EventOfAnotherCase { .. } => "event_of_another_case",
            Self::ChainBroken { .. } => "chain_broken",
            Self::EventCount { .. } => "event_count",
            Self::HeadDiffers { .. } => "head_differs",
            Self::NotTheExpected { .. } => "not_the_expected",
            Self::SignatureWrong { .. } => "signature_wrong",
            Self::NotSigned => "not_signed",
            Self::KeyNotTrusted { .. } => "key_not_trusted",
            Self::CatalogueDiffers { .. } => "catalogue_differs",
        }
    }
}

/// One sentence for a person about a finding. Names from the package are shown without control characters.
#[must_use]
pub fn describe(finding: &Finding, lang: Lang) -> String {
    let sentence = match lang {
        Lang::Zh => zh(finding),
        Lang::En => en(finding),
    };
    // A hostile package must not move the cursor of the terminal that shows its names.
    sentence.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn zh(finding: &Finding) -> String {
    use Finding as F;
    match finding {
        F::Unreadable { why } => format!("文件无法读取：{why}。"),
        F::NotAPackage => "文件结尾不完整：这不是案卷包，或者文件被截断、末尾被添加了内容。".to_owned(),
        F::TooManyEntries { count, max } => format!("案卷包声称含有 {count} 个文件，最多允许 {max} 个，已停止核验。"),
        F::AbsurdSize { name, size, max } => {
            format!("“{name}”声称有 {size} 字节，实际最多只能有 {max} 字节，未予读取。")
        }
        F::UnsafeName { name } => format!("文件名“{name}”不安全，解包时可能写到别处，请勿解包。"),
        F::Duplicate { name } => format!("文件名“{name}”出现了不止一次。"),
        F::OutOfOrder { name } => format!("“{name}”的位置不对：包内文件应当按名称排列。"),
        F::NotCanonical { name, offset } if name.is_empty() => {
            format!("包的结构被改动过（第 {offset} 字节处），与封存时的格式不一致。")
        }
        F::NotCanonical { name, offset } => {
            format!("“{name}”的文件头或格式被改动过（第 {offset} 字节处），与封存时的格式不一致。")
        }
        F::Missing { name } => format!("缺少“{name}”：清单上有，包里没有。"),
        F::Added { name } => format!("多出“{name}”：包里有，清单上没有。"),
        F::Changed { name } => format!("“{name}”的内容被改动过，与封存时不一致。"),
        F::NotJson { name } => format!("“{name}”的内容不符合规定的格式，无法读取。"),
        F::UnknownFormat { found } => format!("案卷包格式为“{found}”，本程序不认识，请用更新的版本核验。"),
        F::EventGap { expected, found } => format!("办理记录不连续：应为第 {expected} 条，实际是“{found}”。"),
        F::EventNumber { seq, says } => format!("第 {seq} 条办理记录自称是第 {says} 条。"),
        F::EventOfAnotherCase { seq, says } => format!("第 {seq} 条办理记录属于另一个案件（{says}）。"),
        F::ChainBroken { seq, expected, found } => {
            format!("从第 {seq} 条办理记录起链条断开：封存的哈希是 {expected}，按内容算出的是 {found}。")
        }
        F::EventCount { expected, found } => format!("办理记录应有 {expected} 条，实际有 {found} 条。"),
        F::HeadDiffers { expected, found } => {
            format!("末条办理记录的哈希不符：清单写的是 {expected}，按内容算出的是 {found}。")
        }
        F::NotTheExpected { expected, head, package } => format!(
            "与您提供的哈希不符：您提供的是 {expected}，它不是本包任何一条办理记录的哈希（末条是 {head}），也不是整个文件的哈希（{package}）。"
        ),
        F::SignatureWrong { key } => {
            format!(
                "“signature.json”中的签名不是对本包“manifest.json”作出的（随附密钥 {key}）：清单被改写过，或者签名被替换过。"
            )
        }
        F::NotSigned => "本包属于旧格式，没有大厅签名，不能用公钥核验。".to_owned(),
        F::KeyNotTrusted { key, given } => {
            format!("签名与本包相符，但签名用的密钥 {key} 不是您提供的公钥（{}）。", given.join("、"))
        }
        F::CatalogueDiffers { name } => format!("卷内目录与文件不一致：“{name}”只在其中一处。"),
    }
}

fn en(finding: &Finding) -> String {
    use Finding as F;
    match finding {
        F::Unreadable { why } => format!("The file cannot be read: {why}."),
        F::NotAPackage => {
            "The end of the file is not right: this is not a package, it is cut off, or something was added.".to_owned()
        }
        F::TooManyEntries { count, max } => {
            format!("The package claims {count} files, at most {max} are allowed. The check stopped here.")
        }
        F::AbsurdSize { name, size, max } => {
            format!("“{name}” claims {size} bytes, at most {max} are possible. It was not read.")
        }
        F::UnsafeName { name } => {
            format!("The name “{name}” is not safe: unpacking it may write elsewhere. Do not unpack this file.")
        }
        F::Duplicate { name } => format!("The name “{name}” comes more than once."),
        F::OutOfOrder { name } => format!("“{name}” stands in the wrong place: files are sorted by name."),
        F::NotCanonical { name, offset } if name.is_empty() => {
            format!("The frame of the package was changed (at byte {offset}).")
        }
        F::NotCanonical { name, offset } => {
            format!("The header or form of “{name}” was changed (at byte {offset}).")
        }
        F::Missing { name } => format!("“{name}” is missing: it is in the manifest but not in the package."),
        F::Added { name } => format!("“{name}” was added: it is in the package but not in the manifest."),
        F::Changed { name } => format!("The content of “{name}” is not the one that was sealed."),
        F::NotJson { name } => format!("The content of “{name}” does not have the form it must have."),
        F::UnknownFormat { found } => {
            format!("The form of the package is “{found}”, which this program does not know. Use a newer version.")
        }
        F::EventGap { expected, found } => {
            format!("The records do not run on: number {expected} should come, “{found}” came.")
        }
        F::EventNumber { seq, says } => format!("Record number {seq} says it is number {says}."),
        F::EventOfAnotherCase { seq, says } => format!("Record number {seq} belongs to another case ({says})."),
        F::ChainBroken { seq, expected, found } => {
            format!("The chain breaks at record {seq}: sealed was {expected}, its content gives {found}.")
        }
        F::EventCount { expected, found } => format!("There should be {expected} records, there are {found}."),
        F::HeadDiffers { expected, found } => {
            format!("The hash of the last record differs: the manifest says {expected}, the content gives {found}.")
        }
        F::NotTheExpected { expected, head, package } => format!(
            "This is not the package you expect: no record has the hash {expected} (the last one has {head}), nor has the file ({package})."
        ),
        F::SignatureWrong { key } => format!(
            "The signature in “signature.json” is not one under this “manifest.json” (key {key}): the manifest was rewritten or the signature replaced."
        ),
        F::NotSigned => {
            "The package has the first form, which carries no signature: it cannot be held against a key.".to_owned()
        }
        F::KeyNotTrusted { key, given } => {
            format!("The signature fits, but its key {key} is none of those you gave ({}).", given.join(", "))
        }
        F::CatalogueDiffers { name } => {
            format!("The list of contents and the files do not agree: “{name}” is in only one of them.")
        }
    }
}
