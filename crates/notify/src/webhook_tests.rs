//! Tests against a small HTTP server.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::message::sample;

const SECRET: &str = "0123456789abcdef";

/// Takes one request, gives the answer, and returns head and body of the request.
async fn sink(listener: TcpListener, answer: &str) -> (String, Vec<u8>) {
    let (mut client, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut some = [0; 1024];
        let length = client.read(&mut some).await.unwrap();
        assert!(length > 0, "the request ended early");
        bytes.extend_from_slice(&some[..length]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let wanted: usize = header(&head, "content-length").parse().unwrap();
        if bytes.len() == end + 4 + wanted {
            client.write_all(answer.as_bytes()).await.unwrap();
            return (head, bytes[end + 4..].to_vec());
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim()).unwrap()
}

fn webhook(url: &str) -> Webhook {
    Webhook::new(&WebhookSettings { url: url.to_owned(), secret: SECRET.to_owned() }).unwrap()
}

async fn send(answer: &'static str) -> (Result<(), NotifyError>, String, Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let webhook = webhook(&format!("http://{}/hook?a=1", listener.local_addr().unwrap()));
    let server = tokio::spawn(sink(listener, answer));
    let result = webhook.send(&sample(), DateTime::from_timestamp(1_795_550_400, 0).unwrap()).await;
    let (head, body) = server.await.unwrap();
    (result, head, body)
}

#[tokio::test]
async fn a_post_arrives_with_a_signature_that_fits() {
    let (result, head, body) = send("HTTP/1.1 204 No Content\r\n\r\n").await;
    result.unwrap();
    assert!(head.starts_with("POST /hook?a=1 HTTP/1.1\r\n"), "{head}");
    assert!(header(&head, "host").starts_with("127.0.0.1:"), "{head}");
    assert_eq!(header(&head, "content-type"), "application/json");
    assert_eq!(header(&head, "x-bangban-timestamp"), "1795550400");
    assert_eq!(header(&head, "x-bangban-signature"), sign(SECRET, 1_795_550_400, &body));
    assert_eq!(header(&head, "idempotency-key"), sample().id());
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(json["subject"], sample().subject);
    assert_eq!(json["text"], sample().text);
    assert_eq!(json["kind"], "due_soon");
    assert_eq!(json["sent_at"], "2026-11-24T20:00:00Z");
}

#[test]
fn the_signature_is_hmac_sha256_of_time_and_body() {
    // Computed with an independent implementation: HMAC-SHA256("0123456789abcdef", "1.{}").
    let expected = "sha256=2af693cb56b22c16912222aeefdc75a01de562bf70ee2015f41ecea48382997f";
    assert_eq!(sign(SECRET, 1, b"{}"), expected);
    assert_ne!(sign(SECRET, 2, b"{}"), expected);
    assert_ne!(sign("fedcba9876543210", 1, b"{}"), expected);
}

#[tokio::test]
async fn answers_say_whether_to_try_again() {
    let cases = [
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", None),
        ("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", Some(("refused_for_now", true))),
        ("HTTP/1.1 408 Slow\r\ncontent-length: 0\r\n\r\n", Some(("refused_for_now", true))),
        ("HTTP/1.1 400 Bad\r\ncontent-length: 0\r\n\r\n", Some(("refused", false))),
        ("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n", Some(("refused", false))),
        ("not http at all\r\n\r\n", Some(("unreachable", true))),
    ];
    for (answer, expected) in cases {
        let error = send(answer).await.0.err();
        assert_eq!(error.as_ref().map(|e| (e.code(), e.may_retry())), expected, "{answer}: {error:?}");
    }
    let busy = send("HTTP/1.1 429 Busy\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n").await.0.unwrap_err();
    assert!(matches!(busy, NotifyError::Retry { after: Some(after), .. } if after.as_secs() == 120), "{busy:?}");
}

#[tokio::test]
async fn silence_and_absence_are_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut webhook = webhook(&format!("http://{}/", listener.local_addr().unwrap()));
    webhook.timeout = Duration::from_millis(50);
    let error = webhook.send(&sample(), DateTime::UNIX_EPOCH).await.unwrap_err();
    assert_eq!((error.code(), error.may_retry()), ("timed_out", true));
    drop(listener);
    webhook.timeout = TIMEOUT;
    let error = webhook.send(&sample(), DateTime::UNIX_EPOCH).await.unwrap_err();
    assert_eq!((error.code(), error.may_retry()), ("unreachable", true));
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_over_https() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let webhook = webhook(&format!("https://{}/", listener.local_addr().unwrap()));
    let server = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut some = [0; 4096];
        let length = client.read(&mut some).await.unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        some[..length].to_vec()
    });
    let error = webhook.send(&sample(), DateTime::UNIX_EPOCH).await.unwrap_err();
    assert_eq!((error.code(), error.may_retry()), ("tls_failed", true));
    let sent = server.await.unwrap();
    assert!(!sent.windows(4).any(|four| four == b"POST"));
}

#[test]
fn settings_are_checked_and_hide_the_secret() {
    let settings = |url: &str, secret: &str| WebhookSettings { url: url.to_owned(), secret: secret.to_owned() };
    for bad in ["ftp://example.com/", "example.com", "/path", "http://name:word@example.com/", "http://"] {
        assert_eq!(Webhook::new(&settings(bad, SECRET)).unwrap_err().code(), "bad_setting", "{bad}");
    }
    assert_eq!(Webhook::new(&settings("http://example.com/", "short")).unwrap_err().code(), "bad_setting");
    let good = settings("https://[::1]:8443/hook", SECRET);
    assert!(!format!("{good:?} {:?}", Webhook::new(&good).unwrap()).contains(SECRET));
}
