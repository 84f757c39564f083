//! Bodies that cannot be read, and what comes over the network itself: large heads, packed bodies, half-sent requests.

use super::refused::{call, content, is_problem, refusal, refused};
use crate::contract::new_case;
use crate::hall::Hall;
use serde_json::{Value, json};
use server::{ServerConfig, ServerState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn what_is_no_json_of_the_contract_is_refused_whole() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let commands = format!("/cases/{}/commands", hall.case);
    let to = ("head", "POST", commands.as_str());
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let deep_field = format!("{{\"type\":\"accept\",\"x\":{deep}}}");
    for (body, status, code) in [
        ("", 400, "unreadable"),
        ("{", 400, "unreadable"),
        ("{\"type\":\"accept\",}", 400, "unreadable"),
        ("{'type':'accept'}", 400, "unreadable"),
        ("{\"type\":\"accept\"} {}", 400, "unreadable"),
        ("type=accept", 400, "unreadable"),
        ("[]", 400, "unreadable"),
        ("null", 400, "unreadable"),
        ("{\"type\":\"accept\",\"x\":1e999}", 400, "unreadable"),
        ("{\"type\":\"accept\",\"x\":\"\\ud800\"}", 400, "unreadable"),
        (&deep, 400, "unreadable"),
        (&deep_field, 400, "unreadable"),
        ("{\"type\":\"fly\"}", 400, "unknown_value"),
        ("{\"type\":7}", 400, "unknown_value"),
        ("{\"type\":\"accept\",\"type\":\"start\"}", 400, "twice"),
        ("{\"type\":\"assign_agent\",\"person\":\"agent\",\"person\":\"agent2\"}", 400, "twice"),
    ] {
        refused(&hall, to, &[], body, &refusal(status, code)).await;
    }
    let unknown =
        super::refused::Expected { status: 400, code: "unknown_field", fields: &[("/colour", "unknown_field")] };
    let told = refused(&hall, to, &[], "{\"type\":\"accept\",\n\"colour\":1}", &unknown).await;
    assert_eq!((told["params"]["name"].as_str(), told["params"]["line"].as_str()), (Some("colour"), Some("2")));
    let nested = super::with("/applicant/contact/mail", json!("a@b"));
    let unknown = super::refused::Expected {
        status: 400,
        code: "unknown_field",
        fields: &[("/applicant/contact/mail", "unknown_field")],
    };
    refused(&hall, ("clerk", "POST", "/cases"), &[], &nested, &unknown).await;
    for (body, what) in [
        (b"{\"type\":\"accept\",\"x\":\"\xff\xfe\"}".to_vec(), "bytes that are no UTF-8"),
        ("{\"type\":\"accept\"}".encode_utf16().flat_map(u16::to_le_bytes).collect(), "UTF-16"),
    ] {
        let answer = call(&hall, "head", "POST", &commands, &[], body).await;
        assert_eq!(is_problem(&answer, &Value::Null)["code"], "unreadable", "{what}");
    }
    assert_eq!(content(&hall).await, before);
    // A byte order mark is how some programs begin a text.
    let marked = format!("\u{feff}{}", new_case());
    assert_eq!(hall.api("clerk", "POST", "/cases", &[], &marked).await.status, 201);
}

#[tokio::test]
async fn only_plain_json_of_a_bounded_size_is_taken() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let create = ("clerk", "POST", "/cases");
    let body = new_case().to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""] {
        let wrong = refusal(415, "unsupported_media_type");
        refused(&hall, create, &[("Content-Type", kind)], &body, &wrong).await;
    }
    for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "GZIP"] {
        refused(&hall, create, &[("Content-Encoding", coding)], &body, &refusal(415, "encoding_not_taken")).await;
    }
    // Fifty bytes that would unfold to a megabyte of zeros are never unfolded.
    let packed = call(&hall, "clerk", "POST", "/cases", &[("Content-Encoding", "gzip")], vec![0x1f, 0x8b, 8, 0]).await;
    assert_eq!(packed.status, 415, "{}", packed.text());
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(1024 * 1024));
    refused(&hall, create, &[], &large, &refusal(413, "too_large")).await;
    // A list as long as a body can carry, of what there is not and of what there is.
    let many: Vec<Value> = (0..50_000).map(|_| json!("QY-01")).collect();
    let made = hall.api("clerk", "POST", "/cases", &[], &super::with("/matters", json!(many))).await;
    assert!(matches!(made.status.as_u16(), 201 | 422), "{}", made.text());
    let before = if made.status == 201 { (before.0 + 1, before.1 + 1, before.2, before.3, before.4) } else { before };
    let many: Vec<Value> = (0..30_000).map(|_| json!({ "material": "x", "result": "ok" })).collect();
    let commands = format!("/cases/{}/commands", hall.case);
    let checks = json!({ "type": "check_materials", "checks": many }).to_string();
    refused(&hall, ("agent", "POST", &commands), &[], &checks, &refusal(422, "unknown_material")).await;
    assert_eq!(content(&hall).await, before);
}

/// Sends bytes to a server on the loopback and reads what it answers, for at most some seconds.
async fn spoken(address: std::net::SocketAddr, parts: &[Vec<u8>]) -> String {
    let talk = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        for part in parts {
            // The server may close while it is still being spoken to.
            if stream.write_all(part).await.is_err() {
                break;
            }
        }
        let mut answer = vec![0; 4096];
        let mut length = 0;
        while let Ok(read) = stream.read(&mut answer[length..]).await {
            length += read;
            if read == 0 || length == answer.len() || answer[..length].windows(4).any(|end| end == b"\r\n\r\n") {
                break;
            }
        }
        String::from_utf8_lossy(&answer[..length]).into_owned()
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), talk).await.expect("an answer in time")
}

#[tokio::test]
async fn a_server_outlives_what_is_thrown_at_it() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let token = hall.token("agent").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = server::router(ServerState::new(hall.app.clone(), ServerConfig::default()));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });

    let large_head = format!("GET /healthz HTTP/1.1\r\nHost: h\r\nX-Large: {}\r\n\r\n", "x".repeat(2 * 1024 * 1024));
    let answer = spoken(address, &[large_head.into_bytes()]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many: String = (0..5_000).map(|n| format!("X-{n}: 1\r\n")).collect();
    let answer = spoken(address, &[format!("GET /healthz HTTP/1.1\r\nHost: h\r\n{many}\r\n").into_bytes()]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let answer = spoken(address, &[b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is TLS\r\n\r\n".to_vec()]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    let long = format!("GET /cases?q={} HTTP/1.1\r\nHost: h\r\n\r\n", "x".repeat(100_000));
    let answer = spoken(address, &[long.into_bytes()]).await;
    assert!(answer.starts_with("HTTP/1.1 414") || answer.starts_with("HTTP/1.1 303"), "{answer}");
    let head = |length: usize, more: &str| {
        format!(
            "POST /api/v1/files HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n{more}\
             Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    // A program that asks first hears at once; one that just sends hears as well.
    let answer = spoken(address, &[head(30 * 1024 * 1024, "Expect: 100-continue\r\n").into_bytes()]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.resize(30 * 1024 * 1024, b'x');
    let answer = spoken(address, &[head(body.len(), "").into_bytes(), body]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");

    let answer = spoken(address, &[b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n".to_vec()]).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serving.abort();
    assert_eq!(content(&hall).await, before);
}
