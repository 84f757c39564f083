//! `bangban verify`: an archive package against itself and against a hash from elsewhere. It needs nothing but the file.
//!
//! Ends with 0 if nothing is wrong, 1 if something is, 2 if the package could not be judged.

use crate::args::{Language, VerifyArguments};
use crate::say::{say, tell};
use files::package::{Bound, Finding, Lang, Verified, describe, verify as verify_package};
use std::fs::File;
use std::process::ExitCode;

/// Something is wrong with the package.
const WRONG: u8 = 1;
/// Nothing can be said of it.
const UNJUDGED: u8 = 2;

pub fn verify(arguments: &VerifyArguments) -> ExitCode {
    let words = |zh: &str, en: &str| match arguments.lang {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    };
    if arguments.key.is_some() {
        tell(&words(
            "案卷包目前没有签名，不能用公钥核验。请去掉 --key，用 --expect 给出另外得到的哈希。",
            "Packages carry no signature yet and cannot be verified with a key. Leave out --key and give a hash with --expect.",
        ));
        return UNJUDGED.into();
    }
    let name = arguments.file.display();
    let mut file = match File::open(&arguments.file) {
        Ok(file) => file,
        Err(error) => {
            tell(&words(&format!("打不开 {name}：{error}"), &format!("{name} cannot be opened: {error}")));
            return UNJUDGED.into();
        }
    };
    match verify_package(&mut file, arguments.expect.as_deref()) {
        Ok(verified) => {
            say(&report(&verified, arguments.lang));
            ExitCode::SUCCESS
        }
        Err(findings) => {
            let count = findings.len();
            say(&words(
                &format!("核验不通过，共 {count} 处："),
                &format!("The package is not sound; {count} findings:"),
            ));
            let lang = match arguments.lang {
                Language::Zh => Lang::Zh,
                Language::En => Lang::En,
            };
            for finding in &findings {
                say(&format!("- {}", describe(finding, lang)));
            }
            let is_unread = findings.iter().all(|finding| matches!(finding, Finding::Unreadable { .. }));
            if is_unread { UNJUDGED.into() } else { WRONG.into() }
        }
    }
}

fn report(verified: &Verified, language: Language) -> String {
    let Verified { number, events, documents, head, package_hash, bound, unnamed, .. } = verified;
    let unvouched = unnamed.len();
    match language {
        Language::Zh => {
            let bound = match bound {
                Bound::Package => "与您提供的哈希一致：整个文件逐字节相同。".to_owned(),
                Bound::Head if unvouched == 0 => "与您提供的末条记录哈希一致：全部记录和文件都由它证明。".to_owned(),
                Bound::Head => {
                    format!("与您提供的末条记录哈希一致；另有 {unvouched} 个文件没有被记录提到，它不能证明。")
                }
                Bound::Nothing => "没有提供另外得到的哈希：只能证明案卷包自身前后一致。".to_owned(),
            };
            format!(
                "核验通过：办件 {number}，{events} 条办理记录，{documents} 个文件。\n{bound}\n末条记录哈希 {head}\n文件哈希 {package_hash}"
            )
        }
        Language::En => {
            let bound = match bound {
                Bound::Package => "It has the hash you gave: every byte is the same.".to_owned(),
                Bound::Head if unvouched == 0 => {
                    "Its last event has the hash you gave, which vouches for all events and documents.".to_owned()
                }
                Bound::Head => format!(
                    "Its last event has the hash you gave; {unvouched} documents are named by no event, so it does not vouch for them."
                ),
                Bound::Nothing => {
                    "No hash from elsewhere was given: the package agrees with itself, no more.".to_owned()
                }
            };
            format!(
                "The package is sound: case {number}, {events} events, {documents} documents.\n{bound}\nlast event {head}\nfile {package_hash}"
            )
        }
    }
}
