//! Tests of what is taken and what is refused.

use std::io::{Cursor, Write as _};

use super::*;

fn zip_of(names: &[&str]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for name in names {
        writer.start_file(*name, options).unwrap();
        writer.write_all(b"<x/>").unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn heic() -> Vec<u8> {
    b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic....".to_vec()
}

#[test]
fn every_allowed_kind_is_known_by_its_content() {
    let docx = zip_of(&["[Content_Types].xml", "word/document.xml"]);
    let xlsx = zip_of(&["[Content_Types].xml", "xl/workbook.xml"]);
    let ofd = zip_of(&["OFD.xml", "Doc_0/Document.xml"]);
    let cases: [(&[u8], &str, MediaType); 12] = [
        (b"%PDF-1.7\n", "营业执照.pdf", MediaType::Pdf),
        (b"%PDF-1.7\n", "SCAN.PDF", MediaType::Pdf),
        (b"\x89PNG\r\n\x1a\n....", "a.png", MediaType::Png),
        (b"\xff\xd8\xff\xe0....", "a.jpg", MediaType::Jpeg),
        (b"\xff\xd8\xff\xe0....", "a.JPEG", MediaType::Jpeg),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", MediaType::Webp),
        (&heic(), "IMG_1.HEIC", MediaType::Heic),
        (&docx, "申请表.docx", MediaType::Docx),
        (&xlsx, "表.xlsx", MediaType::Xlsx),
        (&ofd, "批文.ofd", MediaType::Ofd),
        ("说明".as_bytes(), "说明.txt", MediaType::Text),
        (b"%PDF-1.7\n", "no extension", MediaType::Pdf),
    ];
    for (bytes, name, kind) in cases {
        assert_eq!(sniff(bytes, name).unwrap(), kind, "{name}");
    }
}

#[test]
fn what_is_not_taken_is_named() {
    let elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0".repeat(4);
    let exe = [b"MZ\x90\0".to_vec(), vec![0; 60]].concat();
    let macros = zip_of(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
    let cases: [(&[u8], &str, &str); 9] = [
        (&elf, "run", "elf"),
        (&exe, "setup.exe", "exe"),
        (b"#!/bin/sh\nls", "run.sh", "sh"),
        (b"<html><body>", "page.html", "html"),
        (b"<svg xmlns='x'/>", "logo.svg", "svg"),
        (&zip_of(&["a.txt"]), "all.zip", "zip"),
        (b"PK\x03\x04 broken", "all.zip", "zip"),
        (&macros, "a.docm", "docm"),
        (&[0, 1, 2, 3, 200, 201], "x", "unknown"),
    ];
    for (bytes, name, expected) in cases {
        match sniff(bytes, name) {
            Err(FilesError::TypeNotAllowed { found }) => assert_eq!(found, expected, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_wrong_extension_is_refused_with_both_named() {
    let exe = [b"MZ\x90\0".to_vec(), vec![0; 60]].concat();
    let docx = zip_of(&["[Content_Types].xml", "word/document.xml"]);
    let cases: [(&[u8], &str, &str, &str); 7] = [
        (b"%PDF-1.7\n", "photo.jpg", "jpg", "pdf"),
        (&exe, "contract.pdf", "pdf", "exe"),
        (b"<html>", "contract.pdf", "pdf", "html"),
        (b"plain words", "contract.pdf", "pdf", "txt"),
        (b"plain words", "run.js", "js", "txt"),
        (&docx, "sheet.xlsx", "xlsx", "docx"),
        (b"\x89PNG\r\n\x1a\n", "..\\dir.x\\photo.JPG", "jpg", "png"),
    ];
    for (bytes, name, says, is) in cases {
        let error = sniff(bytes, name).unwrap_err();
        assert_eq!((error.code(), error.status()), ("file_not_what_it_says", 415), "{name}");
        match error {
            FilesError::NotWhatItSays { declared, found } => {
                assert_eq!((declared.as_str(), found.as_str()), (says, is), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn size_is_bounded_on_both_sides() {
    let limits = Limits { max_bytes: 9 };
    assert_eq!(check_upload(b"%PDF-1.7\n", "a.pdf", &limits).unwrap(), MediaType::Pdf);
    let large = check_upload(b"%PDF-1.7\n.", "a.pdf", &limits).unwrap_err();
    assert_eq!((large.code(), large.status()), ("file_too_large", 413));
    let empty = check_upload(b"", "a.pdf", &limits).unwrap_err();
    assert_eq!(empty.code(), "file_empty");
    assert_eq!(Limits::default().max_bytes, 20 * 1024 * 1024);
}
