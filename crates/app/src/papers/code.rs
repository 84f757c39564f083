//! The code by which anybody can check a paper.

use domain::ids::{CaseId, DocumentId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// No 0 and O, no 1, I and L: the code is read from paper and typed in.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH: usize = 12;
const GROUP: usize = 4;

/// The code printed on a document, such as `7KQF-2M9X-4TRD`: an HMAC-SHA256 under the hall's own key over case, document
/// and number. Who does not have the key cannot guess a code (31¹² of them) or make one up.
#[must_use]
pub fn verification_code(key: &[u8], case: &CaseId, document: &DocumentId, number: &str) -> String {
    // A key of any length will do, so this never fails; an empty code would be found by nobody.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    for part in ["bangban document code", case.as_str(), document.as_str(), number] {
        // Each part with its length, so that no two triples run together to the same bytes.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    let digest = mac.finalize().into_bytes();
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for (index, pair) in digest.chunks_exact(2).take(LENGTH).enumerate() {
        if index > 0 && index % GROUP == 0 {
            code.push('-');
        }
        let number = usize::from(u16::from_be_bytes([pair[0], pair[1]]));
        code.push(char::from(ALPHABET[number % ALPHABET.len()]));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(key: &[u8], case: &str, document: &str, number: &str) -> String {
        verification_code(key, &case.into(), &document.into(), number)
    }

    #[test]
    fn a_code_can_be_read_aloud_and_typed() {
        for n in 0..500 {
            let code = code(b"key", "case", &format!("D{n}"), "2026-0187-协-01");
            let groups: Vec<&str> = code.split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [4, 4, 4], "{code}");
            assert!(!code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
            assert!(groups.concat().chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()), "{code}");
        }
    }

    #[test]
    fn a_code_hangs_on_key_case_document_and_number() {
        let one = code(b"key", "a", "D1", "1");
        assert_eq!(one, code(b"key", "a", "D1", "1"));
        for other in [
            code(b"kez", "a", "D1", "1"),
            code(b"key", "b", "D1", "1"),
            code(b"key", "a", "D2", "1"),
            code(b"key", "a", "D1", "2"),
            code(b"key", "aD", "1", "1"),
        ] {
            assert_ne!(one, other);
        }
    }
}
