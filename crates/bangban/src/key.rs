//! `bangban key`: the public key of the hall's signature, for everybody who wants to check one.

use crate::say::{Failure, say, tell};
use std::path::Path;
use std::process::ExitCode;

/// Prints the key that signs now, with `all` those from before as well; with `renew` makes a new one first.
pub fn key(data: &Path, all: bool, renew: bool) -> Result<ExitCode, Failure> {
    if renew {
        let made = app::renew_seal(data)?;
        tell(&format!(
            "新密钥 {0} 已生成，重新启动程序后生效。以前的公钥都还保留。请把新公钥公布给核验的人。\n\
             The new key {0} signs after the next start. Earlier public keys are kept. Publish the new one.",
            made.key
        ));
    }
    for seal in app::public_seals(data)?.iter().filter(|seal| all || seal.is_current) {
        tell(&format!("{} {}", seal.key, if seal.is_current { "现用 / current" } else { "以前 / earlier" }));
        say(seal.pem.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
