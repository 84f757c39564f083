//! A signature drawn with a pen, as a PNG picture: what the signing pad of a page would send.

use super::chance::Chance;

const WIDTH: usize = 360;
const HEIGHT: usize = 120;
const ROW: usize = WIDTH / 8;

/// A picture of a name written by hand, in as many strokes as the name has characters. It is not legible, but it differs
/// from name to name.
pub(super) fn signature(name: &str, chance: Chance) -> Vec<u8> {
    let mut page = Page(vec![0xff; ROW * HEIGHT]);
    let letters = name.chars().count().clamp(2, 8);
    let space = (WIDTH - 40) / letters;
    for letter in 0..letters {
        let left = 20 + letter * space;
        for stroke in 0..3 {
            let at = |what: &str, low: usize, high: usize| {
                let what = format!("{name} {letter} {stroke} {what}");
                f64::from(chance.between(&what, to_u32(low), to_u32(high)))
            };
            let points = ["a", "b", "c"]
                .map(|p| (at(&format!("{p} x"), left, left + space + 6), at(&format!("{p} y"), 20, HEIGHT - 20)));
            page.curve(points);
        }
    }
    page.png()
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// One bit for each point, white where it is set.
struct Page(Vec<u8>);

impl Page {
    /// A curve from the first point to the last, drawn to the second.
    fn curve(&mut self, [a, b, c]: [(f64, f64); 3]) {
        const STEPS: u32 = 160;
        for step in 0..=STEPS {
            let t = f64::from(step) / f64::from(STEPS);
            let on = |a: f64, b: f64, c: f64| (1.0 - t).powi(2) * a + 2.0 * t * (1.0 - t) * b + t.powi(2) * c;
            self.dot(on(a.0, b.0, c.0), on(a.1, b.1, c.1));
        }
    }

    fn dot(&mut self, x: f64, y: f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the points lie on the page")]
        let (x, y) = (x.max(1.0) as usize, y.max(1.0) as usize);
        for (x, y) in [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1), (x - 1, y), (x, y - 1)] {
            if x < WIDTH && y < HEIGHT {
                self.0[y * ROW + x / 8] &= !(0x80 >> (x % 8));
            }
        }
    }

    /// The page as a PNG of one bit grey; it is small enough to stay uncompressed.
    fn png(&self) -> Vec<u8> {
        let mut header = Vec::new();
        header.extend(to_u32(WIDTH).to_be_bytes());
        header.extend(to_u32(HEIGHT).to_be_bytes());
        header.extend([1, 0, 0, 0, 0]);
        // Each row begins with its filter: none.
        let raw: Vec<u8> = self.0.chunks(ROW).flat_map(|row| std::iter::once(0).chain(row.iter().copied())).collect();
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut file, *b"IHDR", &header);
        chunk(&mut file, *b"IDAT", &stored(&raw));
        chunk(&mut file, *b"IEND", &[]);
        file
    }
}

/// A zlib stream that holds the data as they are.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len();
    for (number, block) in (1..).zip(blocks) {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(number == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (b + a) % 65521)
    });
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(to_u32(data.len()).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// CRC-32 as PNG wants it.
fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_sums_are_those_of_the_standards() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        // The end of every PNG file, as its specification prints it.
        let mut end = Vec::new();
        chunk(&mut end, *b"IEND", &[]);
        assert_eq!(end, [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82]);
        // Adler-32 of "Wikipedia", stored in one block.
        assert!(stored(b"Wikipedia").ends_with(&[0x11, 0xe6, 0x03, 0x98]));
    }

    #[test]
    fn a_signature_differs_from_name_to_name_and_not_from_time_to_time() {
        let chance = Chance::new(1);
        assert_eq!(signature("那日苏", chance), signature("那日苏", chance));
        assert_ne!(signature("那日苏", chance), signature("郑强", chance));
    }
}
