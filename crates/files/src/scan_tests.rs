//! Tests against a small clamd: it takes `INSTREAM`, and finds a virus in whatever contains the word VIRUS.

use tokio::net::{TcpListener, UnixListener};

use super::*;

/// Speaks the server's side of one scan and returns how many pieces came.
async fn clamd<S: AsyncRead + AsyncWrite + Unpin>(mut client: S) -> usize {
    let mut command = [0; 10];
    client.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let (mut content, mut pieces) = (Vec::new(), 0);
    loop {
        let length = client.read_u32().await.unwrap() as usize;
        if length == 0 {
            break;
        }
        let start = content.len();
        content.resize(start + length, 0);
        client.read_exact(&mut content[start..]).await.unwrap();
        pieces += 1;
    }
    let infected = content.windows(5).any(|word| word == b"VIRUS");
    let answer: &[u8] = if infected { b"stream: Test.Virus-1 FOUND\0" } else { b"stream: OK\0" };
    client.write_all(answer).await.unwrap();
    pieces
}

async fn listening() -> (TcpListener, Scanner) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scanner = Scanner::from_setting(&format!("tcp:{}", listener.local_addr().unwrap())).unwrap();
    (listener, scanner)
}

async fn scan_with_server(bytes: &[u8]) -> (Verdict, usize) {
    let (listener, scanner) = listening().await;
    let server = tokio::spawn(async move { clamd(listener.accept().await.unwrap().0).await });
    let verdict = scanner.scan(bytes).await.unwrap();
    (verdict, server.await.unwrap())
}

#[tokio::test]
async fn clean_and_infected_are_told_apart() {
    assert_eq!(scan_with_server(b"good").await, (Verdict::Clean, 1));
    let mut large = vec![b'.'; CHUNK * 2];
    large.extend_from_slice(b"VIRUS");
    assert_eq!(scan_with_server(&large).await, (Verdict::Infected { name: "Test.Virus-1".to_owned() }, 3));
}

#[tokio::test]
async fn a_unix_socket_serves_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clamd.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = tokio::spawn(async move { clamd(listener.accept().await.unwrap().0).await });
    let scanner = Scanner::from_setting(&format!("unix:{}", path.display())).unwrap();
    assert_eq!(scanner.scan(b"VIRUS").await.unwrap(), Verdict::Infected { name: "Test.Virus-1".to_owned() });
    server.await.unwrap();
}

#[tokio::test]
async fn an_error_of_the_scanner_is_no_verdict() {
    let (listener, scanner) = listening().await;
    let server = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut some = [0; 64];
        let _ = client.read(&mut some).await.unwrap();
        client.write_all(b"INSTREAM size limit exceeded. ERROR\0").await.unwrap();
    });
    match scanner.scan(b"large").await {
        Err(ScanError::Refused(why)) => assert_eq!(why, "INSTREAM size limit exceeded. ERROR"),
        other => panic!("{other:?}"),
    }
    server.await.unwrap();
}

#[tokio::test]
async fn silence_and_absence_are_no_verdict() {
    let (listener, scanner) = listening().await;
    let silent = scanner.scan_within(b"x", Duration::from_millis(50)).await;
    assert!(matches!(silent, Err(ScanError::TimedOut)), "{silent:?}");
    drop(listener);
    let absent = scanner.scan(b"x").await;
    assert!(matches!(absent, Err(ScanError::Unreachable(_))), "{absent:?}");
    assert_eq!(Scanner::None.scan(b"x").await.unwrap(), Verdict::NotScanned);
}

#[test]
fn the_setting_is_read_strictly() {
    assert_eq!(Scanner::from_setting("").unwrap(), Scanner::None);
    assert!(Scanner::from_setting("127.0.0.1:3310").is_err());
    assert!(Scanner::from_setting("unix:relative").is_err());
    assert!(Scanner::from_setting("tcp:host").is_err());
}
