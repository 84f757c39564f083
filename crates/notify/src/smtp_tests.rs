//! Tests against a small SMTP server.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::message::sample;

/// Takes one mail, answering `RCPT` and `AUTH` as told, and returns every line the client sent.
async fn sink(client: TcpStream, rcpt: &str, auth: &str) -> Vec<String> {
    let mut client = BufReader::new(client);
    let (mut lines, mut in_data) = (Vec::new(), false);
    client.write_all(b"220 sink\r\n").await.unwrap();
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await.unwrap() == 0 {
            return lines;
        }
        let line = line.trim_end().to_owned();
        let answer = if in_data {
            in_data = line != ".";
            if in_data { "" } else { "250 taken\r\n" }
        } else if line.starts_with("EHLO") {
            "250-sink\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n"
        } else if line.starts_with("AUTH") {
            auth
        } else if line.starts_with("RCPT") {
            rcpt
        } else if line == "DATA" {
            in_data = true;
            "354 go on\r\n"
        } else {
            "250 ok\r\n"
        };
        lines.push(line);
        client.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        username: None,
        password: None,
        from: "帮办 <hall@example.com>".to_owned(),
    }
}

async fn send(rcpt: &'static str, auth: Option<&'static str>) -> (Result<(), NotifyError>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(listener.local_addr().unwrap().port());
    if auth.is_some() {
        settings.username = Some("hall".to_owned());
        settings.password = Some("very-secret".to_owned());
    }
    let auth = auth.unwrap_or("503 no\r\n");
    let server = tokio::spawn(async move { sink(listener.accept().await.unwrap().0, rcpt, auth).await });
    let result = Smtp::new(&settings).unwrap().send(&sample(), DateTime::UNIX_EPOCH).await;
    (result, server.await.unwrap())
}

#[tokio::test]
async fn a_mail_arrives_with_its_parts() {
    let (result, lines) = send("250 ok\r\n", None).await;
    result.unwrap();
    assert!(lines.iter().any(|l| l.starts_with("MAIL FROM:<hall@example.com>")), "{lines:?}");
    assert!(lines.iter().any(|l| l == "RCPT TO:<agent@example.com>"), "{lines:?}");
    let id = format!("Message-ID: <{}@example.com>", sample().id());
    assert!(lines.contains(&id), "{lines:?}");
    assert!(lines.iter().any(|l| l.starts_with("Subject: =?utf-8?b?")), "{lines:?}");
    assert!(!lines.iter().any(|l| l.contains("case-1/due_soon")), "the dedup key stays inside");
}

#[tokio::test]
async fn refusals_say_whether_to_try_again() {
    let cases = [
        ("550 no such person\r\n", None, "refused", false),
        ("450 busy\r\n", None, "refused_for_now", true),
        ("250 ok\r\n", Some("535 wrong password\r\n"), "not_authorised", true),
    ];
    for (rcpt, auth, code, retry) in cases {
        let error = send(rcpt, auth).await.0.unwrap_err();
        assert_eq!((error.code(), error.may_retry()), (code, retry), "{error}");
    }
    assert!(send("250 ok\r\n", Some("235 welcome\r\n")).await.0.is_ok());
}

#[tokio::test]
async fn an_absent_server_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = Smtp::new(&settings(port)).unwrap().send(&sample(), DateTime::UNIX_EPOCH).await.unwrap_err();
    assert_eq!((error.code(), error.may_retry()), ("unreachable", true));
}

#[tokio::test]
async fn starttls_is_not_waived_when_the_server_does_not_offer_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(listener.local_addr().unwrap().port());
    settings.tls = SmtpTls::Starttls;
    let server = tokio::spawn(async move { sink(listener.accept().await.unwrap().0, "250 ok\r\n", "").await });
    let error = Smtp::new(&settings).unwrap().send(&sample(), DateTime::UNIX_EPOCH).await.unwrap_err();
    assert!(error.may_retry(), "{error}");
    let lines = server.await.unwrap();
    assert!(!lines.iter().any(|l| l.starts_with("MAIL")), "{lines:?}");
}

#[test]
fn settings_are_checked_and_hide_the_password() {
    let mut half = settings(25);
    half.password = Some("very-secret".to_owned());
    assert_eq!(Smtp::new(&half).unwrap_err().code(), "bad_setting");
    assert!(!format!("{half:?}").contains("very-secret"));
    half.username = Some("hall".to_owned());
    assert!(!format!("{:?}", Smtp::new(&half).unwrap()).contains("very-secret"));
    half.from = "nobody".to_owned();
    assert_eq!(Smtp::new(&half).unwrap_err().code(), "bad_setting");
}
