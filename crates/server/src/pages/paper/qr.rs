//! A QR code as one path of a picture that stands in the page itself.

use qrcode::{Color, QrCode};
use std::fmt::Write as _;

/// The quiet zone around the code, in modules, as its standard asks for.
const QUIET: usize = 4;

/// A code: the side of its square in modules, quiet zone included, and the path of its dark modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Qr {
    pub(super) side: usize,
    pub(super) path: String,
}

impl Qr {
    /// The code of a text; empty for a text that is too long for any.
    pub(super) fn of(text: &str) -> Self {
        let Ok(code) = QrCode::new(text) else { return Self::default() };
        let width = code.width();
        let mut path = String::new();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let _ = write!(path, "M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
            }
        }
        Self { side: width + 2 * QUIET, path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_begins_with_its_corner_inside_the_quiet_zone() {
        let code = Qr::of("http://127.0.0.1:8080/sign/abcdefghijklmnopqrstuv");
        assert!(code.path.starts_with("M4 4h1v1h-1zM5 4"), "{}", code.path);
        assert!(code.side > 21 + 2 * QUIET);
        assert_eq!(Qr::of(&"x".repeat(5000)), Qr::default());
    }
}
