//! A paper without its looks, for halls that are simulated: one page that names what it is and its number. It is a file like
//! any other, with a hash of its own, and is stored, signed and checked like any other.

use documents::{Form, Rendered};

/// The page of a form.
pub(crate) fn plain(form: &Form) -> Rendered {
    let head = form.head();
    Rendered { pdf: page(&[form.title(), &head.number, &head.code, &head.hall]), pages: 1, replaced: Vec::new() }
}

/// A PDF of one A4 page with these lines, in a Chinese font that readers bring along, so that none lies in the file.
fn page(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("<{}> Tj T* ", hex(line))).collect();
    let content = format!("BT /F 14 Tf 22 TL 72 760 Td {shown}ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>".to_owned(),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
            .to_owned(),
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0\
         /Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
            .to_owned(),
    ];
    let size = objects.len() + 1;
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    file.push_str(&table);
    file.push_str(&format!("trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"));
    file.into_bytes()
}

/// Text as the font's encoding wants it: four hexadecimal digits for each unit of UTF-16.
fn hex(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_page_is_a_pdf_whose_table_points_at_its_objects() {
        let file = page(&["材料交接清单", "2026-0001-交-01"]);
        assert_eq!(files::sniff(&file, "paper.pdf").unwrap(), files::MediaType::Pdf);
        let file = String::from_utf8(file).unwrap();
        let start: usize = file.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        assert!(file[start..].starts_with("xref\n0 8\n"));
        for (number, line) in (1..=7).zip(file[start..].lines().skip(3)) {
            let at: usize = line[..10].parse().unwrap();
            assert!(file[at..].starts_with(&format!("{number} 0 obj\n")), "{line}");
            assert_eq!(line.len() + 1, 20, "an entry of the table has twenty bytes");
        }
        assert!(file.contains("<67506599"), "材料 in UTF-16");
    }
}
