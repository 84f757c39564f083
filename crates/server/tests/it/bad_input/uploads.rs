//! Files that are too large, empty, or not what they say; names that want out of their folder.

use super::refused::{content, is_problem};
use crate::hall::{Answer, Hall, PNG};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

fn code(answer: &Answer) -> (u16, String) {
    let problem = is_problem(answer, &Value::Null);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.ends_with('。') && detail.contains('请'), "{detail}");
    (answer.status.as_u16(), problem["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_file_is_what_its_bytes_are() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let html = b"<!DOCTYPE html><html><script>alert(1)</script></html>";
    let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let exe = [b"MZ\x90\x00".as_slice(), &[0; 60], b"PE\0\0", &[7; 200]].concat();
    let polyglot = [b"<html><script>alert(1)</script>".as_slice(), b"%PDF-1.7\n%%EOF"].concat();
    let zip = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    for (name, bytes, expected) in [
        ("a.png", exe.as_slice(), (415, "file_not_what_it_says")),
        ("a.exe", &exe, (415, "file_type_not_allowed")),
        ("a.png", html, (415, "file_not_what_it_says")),
        ("a.html", html, (415, "file_type_not_allowed")),
        ("a.svg", svg, (415, "file_type_not_allowed")),
        ("a.png", svg, (415, "file_not_what_it_says")),
        ("a.pdf", &polyglot, (415, "file_not_what_it_says")),
        ("a.pdf", PNG, (415, "file_not_what_it_says")),
        ("a.docx", zip, (415, "file_not_what_it_says")),
        ("a.zip", zip, (415, "file_type_not_allowed")),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n", (415, "file_not_what_it_says")),
        ("a", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], (415, "file_type_not_allowed")),
        ("a.png", b"", (422, "file_empty")),
    ] {
        let answer = hall.upload("agent", &[], name, bytes).await;
        let (status, code) = code(&answer);
        assert_eq!(
            (status, code.as_str()),
            expected,
            "{name} {}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(20)])
        );
    }
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_quickly_and_not_kept() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let mut large = PNG.to_vec();
    large.resize(30 * 1024 * 1024, 0);
    let begun = std::time::Instant::now();
    assert_eq!(code(&hall.upload("agent", &[], "a.png", &large).await), (413, "too_large".to_owned()));
    large.truncate(21 * 1024 * 1024);
    assert_eq!(code(&hall.upload("agent", &[], "a.png", &large).await), (413, "file_too_large".to_owned()));
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert_eq!(content(&hall).await, before);
}

/// A form with one part, as it is written.
async fn part(hall: &Hall, disposition: &[u8], boundary: &str, bytes: &[u8]) -> Answer {
    let head = [b"--x\r\nContent-Disposition: form-data; ".as_slice(), disposition, b"\r\n\r\n"].concat();
    let request = Request::post("/api/v1/files")
        .header(header::AUTHORIZATION, format!("Bearer {}", hall.token("agent").await))
        .header(header::CONTENT_TYPE, format!("multipart/form-data{boundary}"));
    hall.send(request.body(Body::from([head.as_slice(), bytes, b"\r\n--x--\r\n"].concat())).unwrap()).await
}

#[tokio::test]
async fn forms_that_are_none_are_refused() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let other = part(&hall, b"name=\"other\"; filename=\"a.png\"", "; boundary=x", PNG).await;
    assert_eq!(code(&other), (422, "file_needed".to_owned()));
    assert_eq!(code(&part(&hall, b"name=\"file\"", "", PNG).await), (415, "unsupported_media_type".to_owned()));
    let other = part(&hall, b"name=\"file\"; filename=\"a.png\"", "; boundary=y", PNG).await;
    assert!(matches!(other.status.as_u16(), 400 | 422), "{}", other.text());
    let cut = Request::post("/api/v1/files")
        .header(header::AUTHORIZATION, format!("Bearer {}", hall.token("agent").await))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nhalf"))
        .unwrap();
    assert_eq!(code(&hall.send(cut).await), (400, "unreadable".to_owned()));
    assert_eq!(content(&hall).await, before);
}

/// The name of a file is a text to be shown, never a path.
#[tokio::test]
async fn a_name_leads_out_of_no_folder() {
    let hall = Hall::open().await;
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let material = open.case.materials[0].spec.id.clone();
    let long = format!("{}.png", "n".repeat(5_000));
    for (name, kept) in [
        ("../../../etc/passwd.png", "passwd.png"),
        ("..\\..\\windows\\system32\\evil.png", "evil.png"),
        ("/etc/shadow.png", "shadow.png"),
        ("照片\u{202e}gnp.exe.png", "照片gnp.exe.png"),
        ("营业执照（副本）.png", "营业执照（副本）.png"),
        ("..", "file"),
        (long.as_str(), &long[..120]),
    ] {
        let answer = hall.upload("agent", &[], name, PNG).await;
        assert_eq!(answer.status, 201, "{name}: {}", answer.text());
        let file = answer.json()["id"].as_str().unwrap().to_owned();
        let item =
            json!({ "material": material, "form": "copy", "pages": 1, "copies": 1, "return": false, "file": file });
        let receive = json!({ "type": "receive_materials", "items": [item] }).to_string();
        hall.command(&hall.case, "agent", &receive).await;
        let page = format!("/cases/{}/files/{file}", hall.case);
        let sent = hall.visit("agent", &page).await;
        assert_eq!((sent.status.as_u16(), sent.body.as_slice()), (200, PNG), "{page}");
        let disposition = sent.header("content-disposition").to_owned();
        let encoded = kept.bytes().fold(String::new(), |text, byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => text + &char::from(byte).to_string(),
            byte => text + &format!("%{byte:02X}"),
        });
        assert!(disposition.starts_with("attachment;") && disposition.ends_with(&encoded), "{name}: {disposition}");
        assert_eq!(sent.header("x-content-type-options"), "nosniff");
    }
    let report = hall.app.check().await.unwrap();
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
}

/// A picture that only begins like one, or says that it is larger than any memory, brings down no paper.
#[tokio::test]
async fn s3_2_a_picture_that_cannot_be_drawn_brings_down_no_paper() {
    let hall = Hall::open().await;
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let materials = open.case.materials.iter();
    let items: Vec<Value> = materials
        .map(|m| json!({ "material": m.spec.id, "form": m.spec.form, "pages": 1, "copies": 1, "return": true }))
        .collect();
    hall.command(&hall.case, "agent", &json!({ "type": "receive_materials", "items": items }).to_string()).await;
    let documents = format!("/cases/{}/documents", hall.case);
    let listed = hall.api("agent", "GET", &documents, &[], "").await.json();
    let list = listed["items"].as_array().unwrap().last().unwrap().clone();
    let garbled = b"\x89PNG\r\n\x1a\n<html>and goes on as a page</html>".to_vec();
    let begun = std::time::Instant::now();
    for (side, bytes) in [("client", boundless()), ("agent", garbled)] {
        let file = hall.upload("agent", &[], "sign.png", &bytes).await;
        if file.status != 201 {
            assert!(matches!(file.status.as_u16(), 415 | 422), "{}", file.text());
            continue;
        }
        let sign = json!({ "type": "sign_handover", "side": side, "method": "drawn", "document": list["id"],
            "hash": list["hash"], "file": file.json()["id"] });
        let path = format!("/cases/{}/commands", hall.case);
        let answer = hall.api("agent", "POST", &path, &[("If-Match", "*")], &sign.to_string()).await;
        assert!(matches!(answer.status.as_u16(), 200 | 415 | 422), "{side}: {}", answer.text());
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    for document in hall.api("agent", "GET", &documents, &[], "").await.json()["items"].as_array().unwrap() {
        let path = format!("{documents}/{}.pdf", document["id"].as_str().unwrap());
        assert_eq!(hall.api("agent", "GET", &path, &[], "").await.status, 200, "{document}");
    }
    let report = hall.app.check().await.unwrap();
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
}

/// A picture whose head says that it has sixty thousand lines of sixty thousand points.
fn boundless() -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    // The check sum of the head (CRC-32), without which nobody would read so far.
    let sum = bytes[12..29].iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    });
    bytes[29..33].copy_from_slice(&(!sum).to_be_bytes());
    bytes
}
