//! Hashes as text (lower-case hex), and the chain of events.
//!
//! The chain is `hash = SM3(previous hash as 32 bytes || exact bytes of the event)`; before the first event stand 32
//! zero bytes.

use sha2::Digest as _;

/// The hash that stands before the first event: 32 zero bytes in hex.
pub const CHAIN_START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 of the bytes, as 64 lower-case hex digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha2::Sha256::digest(bytes))
}

/// SM3 (GB/T 32905) of the bytes, as 64 lower-case hex digits.
#[must_use]
pub fn sm3_hex(bytes: &[u8]) -> String {
    hex(&sm3::Sm3::digest(bytes))
}

/// The chain hash of an event: `prev` is the hash of the event before it in hex ([`CHAIN_START`] for the first).
///
/// A `prev` that is not a hash can never be part of a chain; the answer is then the empty text, which equals no hash.
#[must_use]
pub fn chain_hash(prev: &str, body: &[u8]) -> String {
    let Some(prev) = unhex(prev) else {
        return String::new();
    };
    let mut hasher = sm3::Sm3::new();
    hasher.update(prev);
    hasher.update(body);
    hex(&hasher.finalize())
}

/// Whether the text is a hash as this program writes it: 64 lower-case hex digits.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    unhex(text).is_some()
}

/// Lower-case hex digits of the bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = half(pair[0])? << 4 | half(pair[1])?;
    }
    Some(bytes)
}

fn half(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_agree_with_their_standards() {
        // The examples printed in GB/T 32905 and FIPS 180-4.
        assert_eq!(sm3_hex(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn the_chain_starts_with_zero_bytes_and_goes_on_from_the_hash_itself() {
        let first = chain_hash(CHAIN_START, b"{}");
        assert_eq!(first, sm3_hex(&[&[0; 32][..], b"{}"].concat()));
        let second = chain_hash(&first, b"{}");
        assert_ne!(first, second);
        assert_eq!(second, sm3_hex(&[&unhex(&first).unwrap_or_default()[..], b"{}"].concat()));
    }

    #[test]
    fn only_lower_case_hex_is_a_hash() {
        assert!(is_hash(CHAIN_START));
        assert!(!is_hash(&CHAIN_START.replace("00", "0")));
        assert!(!is_hash(&CHAIN_START.replace('0', "A")));
        assert_eq!(chain_hash("zz", b"{}"), "");
    }
}
