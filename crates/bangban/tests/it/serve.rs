//! `bangban serve`.

use crate::place::Place;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that serves; ended with its test, whatever becomes of that.
struct Serving {
    child: Child,
    address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(place: &Place) -> Serving {
    let mut command = place.program(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address = said.trim().rsplit("http://").next().unwrap().to_owned();
    Serving { child, address }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_answers_and_ends_by_itself_when_told_to() {
    let place = Place::new();
    let mut serving = serve(&place);
    assert!(get(&serving.address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(&serving.address, "/readyz").starts_with("HTTP/1.1 200"));

    let told = Instant::now();
    let pid = serving.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = serving.child.wait().unwrap();
    assert!(status.success(), "{status}");
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
}

#[test]
fn an_address_in_use_is_named() {
    let place = Place::new();
    let serving = serve(&place);
    let (code, said) = Place::new().run(&["serve", "--listen", &serving.address]);
    assert_eq!(code, 1);
    assert!(said.contains(&serving.address) && said.contains("BANGBAN_LISTEN"), "{said}");
}
