//! Signing over pages: before staff, on the client's own device, and the public check of what was signed.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::hall::{Answer, Hall, PNG};
use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::case::{Document, DocumentKind, IdentityProof, Side};
use serde_json::{Value, json};

const FORM: &str = "0123456789abcdef0123456789abcdef0123";
const STROKES: &str = r#"{"width":300,"height":120,"strokes":[[[10,10,0,0.5],[60,40,30,0.5]]]}"#;

fn picture() -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(PNG))
}

/// A form with files, under the cookies of a browser and its token.
async fn send(hall: &Hall, cookies: &str, csrf: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in std::iter::once(&("csrf", csrf)).chain(fields) {
        let file = if *name == "file" { "; filename=\"a.pdf\"" } else { "" };
        body += &format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n");
    }
    let request = Request::post(path)
        .header(header::COOKIE, cookies)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    hall.send(request.body(Body::from(body + "--x--\r\n")).unwrap()).await
}

async fn as_agent(hall: &Hall, path: &str, fields: &[(&str, &str)]) -> Answer {
    let (session, csrf) = hall.session("agent").await;
    send(hall, &format!("bangban_session={session}"), &csrf, path, fields).await
}

/// Somebody's phone, without an account: the form's token and what a link has given it.
struct Phone<'a> {
    hall: &'a Hall,
    opened: String,
}

impl Phone<'_> {
    fn cookies(&self) -> String {
        format!("bangban_form={FORM}; {}", self.opened)
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, self.cookies());
        self.hall.send(request.body(Body::empty()).unwrap()).await
    }

    async fn code(&mut self, path: &str, code: &str) -> Answer {
        let request = Request::post(format!("{path}/code"))
            .header(header::COOKIE, self.cookies())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.hall.send(request.body(Body::from(format!("csrf={FORM}&code={code}"))).unwrap()).await;
        if answer.status == 303 {
            self.opened = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        }
        answer
    }

    async fn sign(&self, path: &str, page: &str) -> Answer {
        let (hash, version) = (hidden(page, "hash"), hidden(page, "version"));
        let image = picture();
        let fields = [
            ("hash", hash.as_str()),
            ("version", version.as_str()),
            ("signer", "阿拉坦·其其格"),
            ("image", image.as_str()),
            ("strokes", STROKES),
        ];
        send(self.hall, &self.cookies(), FORM, path, &fields).await
    }
}

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

fn marked(page: &str, id: &str) -> String {
    let (_, rest) = page.split_once(&format!("<code id=\"{id}\">")).unwrap_or_else(|| panic!("no {id}: {page}"));
    rest.split('<').next().unwrap().to_owned()
}

/// Makes the handover list; `count` pieces on it.
async fn list(hall: &Hall, from: usize, count: usize) -> Document {
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let piece = |m: &domain::case::CaseMaterial| json!({ "material": m.spec.id, "form": m.spec.form, "pages": 1, "copies": 1, "return": true });
    let items: Vec<Value> = open.case.materials.iter().skip(from).take(count).map(piece).collect();
    let receive = json!({ "type": "receive_materials", "items": items }).to_string();
    hall.command(&hall.case, "agent", &receive).await;
    newest(hall).await
}

async fn newest(hall: &Hall) -> Document {
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    open.case.newest(DocumentKind::HandoverList).unwrap().clone()
}

/// The path of a fresh link, and its code.
async fn link(hall: &Hall, document: &Document) -> (String, String) {
    let made = hall.post("agent", "POST", &format!("/cases/{}/sign/{}/link", hall.case, document.id), "").await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let page = made.text();
    assert!(page.contains("<svg role=\"img\""), "{page}");
    let url = marked(&page, "link");
    (url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned(), marked(&page, "told"))
}

#[tokio::test]
async fn s3_2_a_client_before_staff_is_named_and_what_was_typed_and_drawn_stays() {
    let hall = Hall::open().await;
    let list = list(&hall, 0, 99).await;
    let path = format!("/cases/{}/sign/{}", hall.case, list.id);
    let page = hall.visit("agent", &format!("{path}?side=client")).await.text();
    assert!(page.contains("签署人姓名") && page.contains("身份核验方式") && page.contains("用委托方自己的手机签"));
    assert!(!hall.visit("agent", &path).await.text().contains("身份核验方式"), "the agent is known by its account");
    let (image, version) = (picture(), hidden(&page, "version"));
    let mut fields = vec![
        ("side", "client"),
        ("hash", list.hash.as_str()),
        ("version", version.as_str()),
        ("image", image.as_str()),
        ("strokes", STROKES),
        ("signer", "那仁𠮷"),
    ];
    let answer = as_agent(&hall, &path, &fields).await;
    assert_eq!(answer.status, 422);
    let page = answer.text();
    assert!(page.contains("请选怎样核验的身份") && page.contains("value=\"那仁𠮷\""), "{page}");
    assert!(page.contains("&#34;strokes&#34;") || page.contains("&quot;strokes&quot;"), "what was drawn stays: {page}");
    fields.push(("proof", "letter"));
    assert!(as_agent(&hall, &path, &fields).await.text().contains("受托人签字要有授权委托书"));
    fields.pop();
    fields.push(("proof", "id_card"));
    let answer = as_agent(&hall, &path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let signed = newest(&hall).await;
    let signer = signed.signature(Side::Client).unwrap().signer.clone().unwrap();
    assert_eq!((signer.name.as_deref(), signer.proof), (Some("那仁𠮷"), IdentityProof::IdCard));
    assert!(signer.strokes.is_some());
    let shown = hall.visit("enterprise", &format!("/cases/{}/papers/{}", hall.case, list.id)).await.text();
    assert!(shown.contains("那仁𠮷") && shown.contains("身份证件，由agent·其其格核验") && shown.contains(&list.hash));
}

#[tokio::test]
async fn s3_2_the_clients_own_phone_signs_one_document_and_sees_nothing_else() {
    let hall = Hall::open().await;
    let list = list(&hall, 0, 99).await;
    let refused = hall.post("enterprise", "POST", &format!("/cases/{}/sign/{}/link", hall.case, list.id), "").await;
    assert_eq!(refused.status, 403, "the enterprise signs in its own account");
    let (path, code) = link(&hall, &list).await;
    let mut phone = Phone { hall: &hall, opened: String::new() };
    let page = phone.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("请输入验证码") && !page.text().contains(&list.number), "nothing before the code");
    assert_eq!(phone.get(&format!("{path}/paper.pdf")).await.status, 404);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answer = phone.code(&path, wrong).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("还可以试 4 次"), "{}", answer.text());
    assert_eq!(phone.code(&path, &code).await.status, 303);
    let page = phone.get(&path).await.text();
    assert!(page.contains(&list.number) && page.contains("class=\"pad\"") && page.contains("sign.js"), "{page}");
    assert!(!page.contains(&format!("/cases/{}", hall.case)) && !page.contains("/my/"), "no way to the case");
    assert!(phone.get(&format!("{path}/paper.pdf")).await.body.starts_with(b"%PDF"));
    let stranger = Phone { hall: &hall, opened: String::new() };
    assert!(stranger.get(&path).await.text().contains("请输入验证码"), "the address alone opens nothing");
    assert_eq!(stranger.sign(&path, &page).await.status, 303);
    assert!(newest(&hall).await.signatures.is_empty(), "nor does it sign");

    assert_eq!(phone.sign(&path, &page).await.status, 303);
    let signed = newest(&hall).await;
    assert_eq!(signed.signature(Side::Client).unwrap().signer.as_ref().unwrap().proof, IdentityProof::LinkAndCode);
    let thanks = phone.get(&path).await.text();
    assert!(thanks.contains("签好了") && thanks.contains(&list.code), "{thanks}");
    assert!(phone.get(&format!("{path}/paper.pdf")).await.body.starts_with(b"%PDF"));
    assert_eq!(phone.sign(&path, &page).await.status, 303, "sent again, it changes nothing");
    assert_eq!(newest(&hall).await, signed);
}

#[tokio::test]
async fn s3_2_a_form_or_a_link_of_an_old_document_signs_nothing() {
    let hall = Hall::open().await;
    let old = list(&hall, 0, 1).await;
    let (path, code) = link(&hall, &old).await;
    let mut phone = Phone { hall: &hall, opened: String::new() };
    phone.code(&path, &code).await;
    let shown = phone.get(&path).await.text();
    let new = list(&hall, 1, 1).await;
    assert_ne!(new.id, old.id);
    // The form of the old version, sent to the new one and to the old one.
    let (image, hash) = (picture(), old.hash.clone());
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let version = open.case.version.to_string();
    for (document, hash) in [(&new, &hash), (&old, &hash), (&old, &new.hash)] {
        let at = format!("/cases/{}/sign/{}", hall.case, document.id);
        let fields =
            [("side", "agent"), ("hash", hash.as_str()), ("version", version.as_str()), ("image", image.as_str())];
        assert_eq!(as_agent(&hall, &at, &fields).await.status, 303, "back to the paper with what is in the way");
    }
    phone.sign(&path, &shown).await;
    let page = phone.get(&path).await;
    assert_eq!(page.status, 409);
    assert!(page.text().contains("这个链接用不了"), "{}", page.text());
    for document in &hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap().case.documents {
        assert!(document.signatures.is_empty(), "{:?}", document.id);
    }
    // Guessing.
    let (path, _) = link(&hall, &new).await;
    let guessed = format!("/sign/{}", "A".repeat(22));
    assert_eq!(phone.get(&guessed).await.status, 404);
    assert_eq!(phone.code(&guessed, "123456").await.status, 404);
    let mut last = 0;
    for _ in 0..5 {
        last = phone.code(&path, "12").await.status.as_u16();
    }
    assert_eq!(last, 404);
    assert_eq!(phone.get(&path).await.status, 404);
}

#[tokio::test]
async fn anybody_can_hold_a_file_against_the_archive_and_nothing_is_kept() {
    let hall = Hall::open().await;
    let list = list(&hall, 0, 1).await;
    let page = hall.visit("", &format!("/check/{}", list.code)).await.text();
    for told in [list.hash.as_str(), "委托方", "代办方", "还没签字", "比对电子件"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("欧阳𠮷") && !page.contains("蓝马驹"), "no names: {page}");
    let path = format!("/check/{}", list.code);
    let cookies = format!("bangban_form={FORM}");
    let pdf = hall.app.document_pdf(&hall.user("agent"), &hall.case, &list.id).await.unwrap();
    let same = {
        let mut body =
            format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{FORM}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n").into_bytes();
        body.extend(&pdf);
        body.extend(b"\r\n--x--\r\n");
        let request = Request::post(&path)
            .header(header::COOKIE, &cookies)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        hall.send(request.body(Body::from(body)).unwrap()).await.text()
    };
    assert!(same.contains("与本馆存档一致"), "{same}");
    let other = send(&hall, &cookies, FORM, &path, &[("file", "%PDF-1.7 another")]).await.text();
    assert!(other.contains("与本馆存档不一致"), "{other}");
    let empty = send(&hall, &cookies, FORM, &path, &[("file", "")]).await.text();
    assert!(empty.contains("没有选文件"), "{empty}");
    let unknown = send(&hall, &cookies, FORM, "/check/XXXX", &[("file", "a")]).await.text();
    assert!(!unknown.contains("存档一致") && unknown.contains("没有查到"), "{unknown}");
}
