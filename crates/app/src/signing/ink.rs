//! What was written on the pad: a picture with something on it, and strokes as numbers.

use image::{ImageFormat, ImageReader, Limits};
use serde::Deserialize;
use std::io::Cursor;

/// The largest picture of a signature, in bytes, and in pixels along each side.
const MOST_BYTES: usize = 2 * 1024 * 1024;
const MOST_PIXELS: u32 = 4096;
/// The largest record of strokes, in bytes.
pub(crate) const MOST_STROKES: usize = 200_000;
/// Fainter than this is paper, not ink: of 255, in darkness and in cover.
const FAINT: u8 = 16;

/// Whether a picture can be read and has ink on it.
///
/// # Errors
/// The code of a field error.
pub(crate) fn check_picture(bytes: &[u8]) -> Result<(), &'static str> {
    if bytes.is_empty() {
        return Err("signature_blank");
    }
    if bytes.len() > MOST_BYTES {
        return Err("signature_large");
    }
    let format = image::guess_format(bytes).ok().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format.ok_or("signature_unreadable")?);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(128 * 1024 * 1024);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| "signature_unreadable")?.into_luma_alpha8();
    let is_inked = picture.pixels().any(|image::LumaA([light, cover])| {
        let dark = 255 - light;
        dark >= FAINT && *cover >= FAINT
    });
    if is_inked { Ok(()) } else { Err("signature_blank") }
}

/// As the pad writes it: `{"width","height","strokes":[[[x,y,ms,pressure],…],…]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strokes {
    width: f64,
    height: f64,
    strokes: Vec<Vec<[f64; 4]>>,
}

/// Whether a record of strokes is one: bounded, nothing but numbers, and at least one point.
///
/// # Errors
/// The code of a field error.
pub(crate) fn check_strokes(json: &[u8]) -> Result<(), &'static str> {
    if json.len() > MOST_STROKES {
        return Err("strokes_large");
    }
    let read: Strokes = serde_json::from_slice(json).map_err(|_| "strokes_unreadable")?;
    let is_drawn = read.width > 0.0 && read.height > 0.0 && read.strokes.iter().any(|stroke| !stroke.is_empty());
    if is_drawn { Ok(()) } else { Err("strokes_unreadable") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Luma, LumaA};

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn grey(light: u8) -> DynamicImage {
        DynamicImage::ImageLuma8(image::ImageBuffer::from_pixel(20, 10, Luma([light])))
    }

    #[test]
    fn a_picture_with_ink_is_a_signature_and_an_empty_one_is_not() {
        let mut written = image::ImageBuffer::from_pixel(20, 10, LumaA([0, 0]));
        let empty = DynamicImage::ImageLumaA8(written.clone());
        written.put_pixel(3, 3, LumaA([10, 255]));
        let written = encoded(&DynamicImage::ImageLumaA8(written), ImageFormat::Png);
        assert_eq!(check_picture(&written), Ok(()));
        assert_eq!(check_picture(&encoded(&grey(40), ImageFormat::Jpeg)), Ok(()));
        for blank in [encoded(&empty, ImageFormat::Png), encoded(&grey(255), ImageFormat::Png), Vec::new()] {
            assert_eq!(check_picture(&blank), Err("signature_blank"));
        }
        assert_eq!(check_picture(&encoded(&grey(254), ImageFormat::Jpeg)), Err("signature_blank"));
        for end in [8, 40, written.len() - 20] {
            assert_eq!(check_picture(&written[..end]), Err("signature_unreadable"), "{end}");
        }
        assert_eq!(check_picture(b"<svg/>"), Err("signature_unreadable"));
        assert_eq!(check_picture(&vec![0x89; MOST_BYTES + 1]), Err("signature_large"));
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_not_unpacked() {
        let wide = DynamicImage::ImageLuma8(image::ImageBuffer::from_pixel(MOST_PIXELS + 1, 1, Luma([0])));
        assert_eq!(check_picture(&encoded(&wide, ImageFormat::Png)), Err("signature_unreadable"));
    }

    #[test]
    fn strokes_are_numbers() {
        let good = br#"{"width":300,"height":120,"strokes":[[[1,2.5,0,0.5],[3,4,16,0.5]],[]]}"#;
        assert_eq!(check_strokes(good), Ok(()));
        for bad in [
            r#"{"width":300,"height":120,"strokes":[]}"#,
            r#"{"width":300,"height":120,"strokes":[[[1,2,0]]]}"#,
            r#"{"width":300,"height":120,"strokes":[[["<b>",2,0,0]]]}"#,
            r#"{"width":300,"height":120,"strokes":[[[1,2,0,1]]],"more":1}"#,
            r#"{"width":0,"height":120,"strokes":[[[1,2,0,1]]]}"#,
            "nonsense",
        ] {
            assert_eq!(check_strokes(bad.as_bytes()), Err("strokes_unreadable"), "{bad}");
        }
        assert_eq!(check_strokes(&vec![b' '; MOST_STROKES + 1]), Err("strokes_large"));
    }
}
