//! `bangban verify`: an archive package against itself, against a hash and against a key from elsewhere. It needs nothing but
//! the file.
//!
//! Ends with 0 if nothing is wrong, 1 if something is, 2 if the package could not be judged.

use crate::args::{Language, VerifyArguments};
use crate::say::{say, tell};
use files::package::{Bound, Finding, Known, Lang, Signed, Verified, describe, verify_against};
use files::seal::PublicKey;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

/// Something is wrong with the package.
const WRONG: u8 = 1;
/// Nothing can be said of it.
const UNJUDGED: u8 = 2;

pub fn verify(arguments: &VerifyArguments) -> ExitCode {
    let lang = arguments.lang;
    let keys = match arguments.key.as_deref().map(|path| keys(path, lang)).transpose() {
        Ok(keys) => keys.unwrap_or_default(),
        Err(why) => {
            tell(&why);
            return UNJUDGED.into();
        }
    };
    let name = arguments.file.display();
    let mut file = match File::open(&arguments.file) {
        Ok(file) => file,
        Err(error) => {
            tell(&lang.words(&format!("打不开 {name}：{error}"), &format!("{name} cannot be opened: {error}")));
            return UNJUDGED.into();
        }
    };
    match verify_against(&mut file, Known { expect: arguments.expect.as_deref(), keys: &keys }) {
        Ok(verified) => {
            say(&report(&verified, lang));
            ExitCode::SUCCESS
        }
        Err(findings) => {
            let count = findings.len();
            say(&lang.words(
                &format!("核验不通过，共 {count} 处："),
                &format!("The package is not sound; {count} findings:"),
            ));
            for finding in &findings {
                say(&format!("- {}", describe(finding, lang.into())));
            }
            let is_unread = findings.iter().all(|finding| matches!(finding, Finding::Unreadable { .. }));
            if is_unread { UNJUDGED.into() } else { WRONG.into() }
        }
    }
}

/// The keys that the reader trusts; why they cannot be read.
fn keys(path: &Path, lang: Language) -> Result<Vec<PublicKey>, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| lang.words(&format!("读不了 {name}：{error}"), &format!("{name} cannot be read: {error}")))?;
    PublicKey::all_from_pem(&text).ok_or_else(|| {
        lang.words(
            &format!("{name} 不是 SM2 公钥文件（PEM）。大厅用 `bangban key` 输出公钥。"),
            &format!("{name} holds no SM2 public key (PEM). The hall prints it with `bangban key`."),
        )
    })
}

impl Language {
    fn words(self, zh: &str, en: &str) -> String {
        match self {
            Self::Zh => zh.to_owned(),
            Self::En => en.to_owned(),
        }
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

fn report(verified: &Verified, lang: Language) -> String {
    let Verified { number, events, documents, head, package_hash, .. } = verified;
    let lines = [
        lang.words(
            &format!("核验通过：办件 {number}，{events} 条办理记录，{documents} 个文件。"),
            &format!("The package is sound: case {number}, {events} events, {documents} documents."),
        ),
        signature(verified.signed.as_ref(), lang),
        bound(verified, lang),
        lang.words(&format!("末条记录哈希 {head}"), &format!("last event {head}")),
        lang.words(&format!("文件哈希 {package_hash}"), &format!("file {package_hash}")),
    ];
    let how = lang.words(
        "与纸质件核对：《结果交付通知单》末尾印有“办理记录摘要（SM3）”，用 --expect 给出这 64 位字符；相符即证明印出以前的记录没有改动过。",
        "Against paper: the delivery notice ends with “办理记录摘要（SM3）”. Give its 64 characters with --expect; if they fit, no \
         record from before it was printed has been changed.",
    );
    let how = (verified.bound == Bound::Nothing).then_some(how);
    lines.into_iter().chain(how).collect::<Vec<_>>().join("\n")
}

/// Whose the signature is, as far as that is known.
fn signature(signed: Option<&Signed>, lang: Language) -> String {
    let Some(Signed { hall, at, volume, key, is_trusted }) = signed else {
        return lang.words("旧格式的案卷包，没有大厅签名。", "A package of the first form, without a signature.");
    };
    let (zh, en) = if *is_trusted {
        ("与您提供的大厅公钥相符", "made with the key you gave")
    } else {
        (
            "签名与包内公钥相符，但公钥本身没有核对，请用 --key 给出另外得到的大厅公钥",
            "it fits the key inside, which was itself not checked: give the hall's key from elsewhere with --key",
        )
    };
    lang.words(
        &format!("签名（SM2）：{hall}，{at}，第 {volume} 卷，密钥 {key}；{zh}。"),
        &format!("Signature (SM2): {hall}, {at}, volume {volume}, key {key}; {en}."),
    )
}

/// What the hash from elsewhere proves.
fn bound(verified: &Verified, lang: Language) -> String {
    let (unvouched, events) = (verified.unnamed.len(), verified.events);
    match verified.bound {
        Bound::Package => {
            lang.words("与您提供的哈希一致：整个文件逐字节相同。", "It has the hash you gave: every byte is the same.")
        }
        Bound::Head if unvouched == 0 => lang.words(
            "与您提供的末条记录哈希一致：全部记录和文件都由它证明。",
            "Its last event has the hash you gave, which vouches for all events and documents.",
        ),
        Bound::Head => lang.words(
            &format!("与您提供的末条记录哈希一致；另有 {unvouched} 个文件没有被记录提到，它不能证明。"),
            &format!(
                "Its last event has the hash you gave; {unvouched} documents are named by no event, so it does not vouch for them."
            ),
        ),
        Bound::Record(seq) => lang.words(
            &format!(
                "您提供的是第 {seq} 条记录的哈希，相符：前 {seq} 条记录（共 {events} 条）和其中提到的文件由它证明；此后的记录和另外 {unvouched} 个文件它不能证明。"
            ),
            &format!(
                "Event {seq} of {events} has the hash you gave, which vouches for the events up to it and the documents they name; not \
                 for later events and {unvouched} other documents."
            ),
        ),
        Bound::Nothing => lang.words(
            "没有提供另外得到的哈希：只能证明案卷包自身前后一致。",
            "No hash from elsewhere was given: the package agrees with itself, no more.",
        ),
    }
}
