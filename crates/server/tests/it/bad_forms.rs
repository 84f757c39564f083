//! What bad input gets in the forms that people use: the page comes back with what was typed, the sentence at its field, and
//! nothing written.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::bad_input::{content, running};
use crate::hall::{Answer, Hall, PNG};
use axum::body::Body;
use axum::http::{Request, header};
use domain::case::DocumentKind;
use domain::ids::CaseId;

fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

/// A form with files, in the order of its parts.
async fn post_parts(hall: &Hall, who: &str, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let (cookie, csrf) = hall.session(who).await;
    let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let request = Request::post(path)
        .header(header::COOKIE, format!("bangban_session={cookie}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    hall.send(request.body(Body::from(body)).unwrap()).await
}

/// The field of a page with what stands beside it, up to the next one.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let at = page.find(&format!("id=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}"));
    let rest = &page[at..];
    rest[1..].find("<label").map_or(rest, |end| &rest[..=end])
}

/// The page has come back: what was typed is there, and what is wrong stands at its field.
fn comes_back(answer: &Answer, kept: &[(&str, &str)], wrong: &[(&str, &str)]) {
    assert_eq!(answer.status, 422, "{}", answer.text());
    let page = answer.text();
    for (name, value) in kept {
        let field = field(&page, name);
        let is_kept = field.contains(&format!("value=\"{value}\"")) || field.contains(&format!(">{value}</textarea>"));
        assert!(is_kept, "{name} is not kept: {field}");
    }
    for (name, told) in wrong {
        let field = field(&page, name);
        assert!(field.contains("aria-invalid=\"true\"") && field.contains(told), "{name} is not told {told}: {field}");
    }
}

#[tokio::test]
async fn signing_in_keeps_the_name_and_says_what_to_do() {
    let hall = Hall::open().await;
    for name in ["agent", "nobody", "<b>&\"'", &"x".repeat(10_000), "𠮷ᠮᠣᠩᠭᠣᠯ"] {
        let fields = encoded(&[("username", name), ("password", "wrong"), ("next", "/work")]);
        let answer = hall.post("", "POST", "/login", &fields).await;
        assert_eq!(answer.status, 401);
        let page = answer.text();
        assert!(page.contains("用户名或密码不对。请核对后再试。"), "{page}");
        let shown = name
            .replace('&', "&#38;")
            .replace('<', "&#60;")
            .replace('>', "&#62;")
            .replace('"', "&#34;")
            .replace('\'', "&#39;");
        assert!(page.contains(&format!("value=\"{shown}\"")), "{page}");
        assert!(!page.contains("wrong\"") || !page.contains("value=\"wrong\""), "a password is never sent back");
    }
    assert_eq!(hall.post("", "POST", "/login", "username=a%00&password=b").await.status, 400);
    assert_eq!(hall.post("", "POST", "/login", "").await.status, 401, "a form without its fields");
    let twice = hall.post("", "POST", "/login", "username=a&username=b&password=c").await;
    assert_eq!(twice.status, 400, "a form that could be meant in two ways");
    assert!(twice.text().contains("没读懂"), "{}", twice.text());
}

#[tokio::test]
async fn an_enterprise_gets_its_application_back_with_every_wrong_field() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let typed = [
        ("who", "other"),
        ("name", "云梯<新>能源"),
        ("uscc", "91150422XTEXTEXT5E"),
        ("contact", "欧阳𠮷"),
        ("phone", "1380000000"),
        ("project", "风光储"),
        ("investment", "1200"),
        ("matters", "QY-01"),
        ("delivery", "in_person"),
        ("step", "send"),
        ("once", "form-1"),
    ];
    let answer = hall.post("enterprise", "POST", "/apply", &encoded(&typed)).await;
    let kept = [("name", "云梯&#60;新&#62;能源"), ("contact", "欧阳𠮷"), ("project", "风光储"), ("investment", "1200")];
    let wrong = [("uscc", "第 18 位校验码"), ("phone", "手机号码应为 11 位，现在是 10 位")];
    comes_back(&answer, &kept, &wrong);
    comes_back(&answer, &[("uscc", "91150422XTEXTEXT5E"), ("phone", "1380000000")], &[]);
    assert!(answer.text().contains("value=\"QY-01\" checked"), "the matter stays ticked");
    for (name, value, told) in [
        ("name", "名".repeat(10_000), "最多 200 个字"),
        ("name", "张\u{202e}三".to_owned(), "第 2 个字符看不见"),
        ("contact", "\u{1b}[2J".to_owned(), "第 1 个字符看不见"),
        ("investment", "-5".to_owned(), "金额应当不小于零"),
        ("investment", "1e30".to_owned(), "金额应当不小于零"),
        ("project", "字".repeat(300), "最多 200 个字"),
    ] {
        let fields: Vec<_> = typed.iter().map(|(n, v)| (*n, if *n == name { value.as_str() } else { v })).collect();
        let answer = hall.post("enterprise", "POST", "/apply", &encoded(&fields)).await;
        comes_back(&answer, &[], &[(name, told)]);
    }
    let matters: Vec<_> = typed.iter().filter(|(name, _)| *name != "matters").copied().collect();
    let answer = hall.post("enterprise", "POST", "/apply", &encoded(&matters)).await;
    assert!(answer.status == 422 || answer.status == 303, "{}", answer.status);
    let unknown: Vec<_> = typed.iter().map(|(n, v)| (*n, if *n == "matters" { "XX-99" } else { v })).collect();
    let answer = hall.post("enterprise", "POST", "/apply", &encoded(&unknown)).await;
    assert!(answer.status == 422 || answer.status == 303, "{}", answer.status);
    assert_eq!(content(&hall).await, before);
    // Mended, the same form goes through: the refusals have not used up its key.
    let right = [("uscc", "91150422XTEXTEXT5D"), ("phone", "13800000000")];
    let mended = |name: &str| right.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let fields: Vec<_> = typed.iter().map(|(name, value)| (*name, mended(name).unwrap_or(value))).collect();
    let answer = hall.post("enterprise", "POST", "/apply", &encoded(&fields)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(content(&hall).await.0, before.0 + 1);
}

#[tokio::test]
async fn the_desk_gets_an_application_back_with_every_wrong_field() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let typed = [
        ("enterprise", "云梯“新”能源"),
        ("kind", "founding"),
        ("founder", "阿拉坦·其其格"),
        ("id_number", "110105194912310020"),
        ("contact", ""),
        ("phone", "0476-123"),
        ("site", "林东镇"),
        ("investment", "很多"),
        ("matters", "QY-01"),
        ("step", "send"),
        ("once", "form-1"),
    ];
    let answer = hall.post("clerk", "POST", "/apply/new", &encoded(&typed)).await;
    let kept =
        [("enterprise", "云梯“新”能源"), ("founder", "阿拉坦·其其格"), ("site", "林东镇"), ("investment", "很多")];
    let wrong = [
        ("id_number", "第 18 位校验码"),
        ("contact", "请填写这一项"),
        ("phone", "固定电话应为区号加 7 或 8 位号码"),
        ("project", "请填写这一项"),
        ("investment", "金额应当不小于零"),
    ];
    comes_back(&answer, &kept, &wrong);
    let english = Request::post("/apply/new")
        .header(header::COOKIE, format!("bangban_session={}; bangban_lang=en", hall.session("clerk").await.0))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={}&{}", hall.session("clerk").await.1, encoded(&typed))))
        .unwrap();
    let answer = hall.send(english).await;
    comes_back(&answer, &kept, &[("id_number", "does not fit the others"), ("phone", "7 or 8 digits")]);
    assert!(!answer.text().contains("请对照"), "no Chinese sentence in an English form");
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn s6_1_reception_gets_its_record_back() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let typed = [
        ("contact", "张先生"),
        ("enterprise", "示例<食品>"),
        ("uscc", "9115"),
        ("phone", "138a"),
        ("question", " "),
        ("answer", "先办\n再说"),
        ("channel", "phone"),
        ("once", "form-1"),
    ];
    let answer = hall.post("clerk", "POST", "/reception", &encoded(&typed)).await;
    let kept = [("contact", "张先生"), ("enterprise", "示例&#60;食品&#62;"), ("answer", "先办\n再说")];
    let wrong =
        [("uscc", "应为 18 位，现在是 4 位"), ("phone", "第 4 个字符“a”不是数字"), ("question", "请填写这一项")];
    comes_back(&answer, &kept, &wrong);
    let nobody = [("contact", ""), ("enterprise", ""), ("question", "怎么办？")];
    comes_back(&hall.post("clerk", "POST", "/reception", &encoded(&nobody)).await, &[], &[("contact", "请填写这一项")]);
    let hidden = [("contact", "张三"), ("question", "怎\u{202e}么办？"), ("answer", "答")];
    let answer = hall.post("clerk", "POST", "/reception", &encoded(&hidden)).await;
    comes_back(&answer, &[("answer", "答")], &[("question", "第 2 个字符看不见")]);
    let many = format!("question=x&{}", "a=1&".repeat(200_000));
    let answer = hall.post("clerk", "POST", "/reception", &many).await;
    comes_back(&answer, &[], &[("contact", "请填写这一项")]);
    let answer = hall.post("clerk", "POST", "/reception", &format!("question={}", "x".repeat(1024 * 1024))).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("文字最多 1 MB"), "{}", answer.text());
    assert_eq!(hall.visit("clerk", "/reception?cursor=nonsense").await.status, 422);
    assert_eq!(hall.visit("head", "/cases?cursor=nonsense&colour=pink&limit=-1").await.status.as_u16() / 100, 4);
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn a_command_from_the_page_comes_back_with_what_was_typed() {
    let hall = Hall::open().await;
    let id = running(&hall).await;
    hall.command(&id, "agent", r#"{"type":"submit_matter","matter":"QY-03"}"#).await;
    let before = content(&hall).await;
    let form = |kind: &str| format!("/cases/{id}/do/{kind}");
    let preparing = |kind: &str| format!("/cases/{}/do/{kind}", hall.case);

    let stop = [("matter", "QY-03"), ("kind", "correction"), ("reason", "补<正>"), ("until", "2026-02-30")];
    let answer = hall.post("office", "POST", &form("stop_clock"), &encoded(&stop)).await;
    comes_back(&answer, &[("reason", "补&#60;正&#62;"), ("until", "2026-02-30")], &[("until", "请填日期")]);

    let attach = [("uscc", "91150422XTEXTEXT5E")];
    let answer = hall.post("agent", "POST", &preparing("attach_uscc"), &encoded(&attach)).await;
    comes_back(&answer, &[("uscc", "91150422XTEXTEXT5E")], &[]);
    assert!(answer.text().contains("统一社会信用代码不对") && answer.text().contains("18"), "{}", answer.text());

    let submit = [("matter", "YY-03"), ("number", "左 2026-1")];
    let answer = hall.post("agent", "POST", &form("submit_matter"), &encoded(&submit)).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("前面的事项还没办结：个体工商户设立登记"), "{}", answer.text());

    let session = [("channel", "phone"), ("topic", "远程"), ("started_at", "2026-13-01T09:00"), ("minutes", "-5")];
    let answer = hall.post("agent", "POST", &preparing("record_remote_session"), &encoded(&session)).await;
    comes_back(&answer, &[("topic", "远程"), ("minutes", "-5")], &[("started_at", "请填日期和时间")]);

    let reason = "长".repeat(10_000);
    let absent = [("person", "agent2"), ("reason", reason.as_str())];
    let answer = hall.post("head", "POST", &preparing("set_stand_in"), &encoded(&absent)).await;
    comes_back(&answer, &[("reason", &reason)], &[]);
    assert!(answer.text().contains("最多 2000 字"), "{}", &answer.text()[..2000]);

    let fee = [("fee", "QY-02|加急费"), ("amount", "100"), ("receipt", "1")];
    let answer = hall.post("agent", "POST", &preparing("note_fee"), &encoded(&fee)).await;
    comes_back(&answer, &[("receipt", "1"), ("amount", "100")], &[]);
    assert!(answer.text().contains("加急费"), "{}", answer.text());

    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let material = open.case.materials[0].spec.id.clone();
    let cell = |base: &str| format!("{base}.{material}");
    let (take, pages, copies) = (cell("take"), cell("pages"), cell("copies"));
    let items = [(take.as_str(), "1"), (pages.as_str(), "0"), (copies.as_str(), "many")];
    let answer = hall.post("agent", "POST", &preparing("receive_materials"), &encoded(&items)).await;
    comes_back(&answer, &[(&pages, "0"), (&copies, "many")], &[(&pages, "1 以上的数字"), (&copies, "1 以上的数字")]);

    assert_eq!(hall.post("agent", "POST", &form("fly"), "x=1").await.status, 404);
    assert_eq!(hall.post("agent", "POST", "/cases/x/do/start", "x=1").await.status, 404);
    let start = hall.post("agent", "POST", &preparing("start"), "version=1&once=k").await;
    assert_eq!(start.status, 412);
    assert!(start.text().contains("这次没有保存。请刷新"), "{}", start.text());
    let start = hall.post("agent", "POST", &preparing("start"), "version=seven").await;
    assert_eq!(start.status, 428);
    assert_eq!(content(&hall).await, before);
}

#[tokio::test]
async fn a_file_that_is_none_is_told_at_its_field() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let material = open.case.materials[0].spec.id.clone();
    let cell = |base: &str| format!("{base}.{material}");
    let (take, pages, copies, file) = (cell("take"), cell("pages"), cell("copies"), cell("file"));
    let path = format!("/cases/{}/do/receive_materials", hall.case);
    let exe = [b"MZ\x90\x00".as_slice(), &[0; 200]].concat();
    let html = b"<html><script>alert(1)</script></html>".as_slice();
    let large = vec![b'x'; 21 * 1024 * 1024];
    for bytes in [exe.as_slice(), html, &large] {
        let parts = [
            (take.as_str(), None, b"1".as_slice()),
            (&pages, None, b"3"),
            (&copies, None, b"2"),
            (&file, Some("scan.png"), bytes),
        ];
        let answer = post_parts(&hall, "agent", &path, &parts).await;
        comes_back(&answer, &[(&pages, "3"), (&copies, "2")], &[(&file, "文件没收下")]);
    }
    let parts = [(file.as_str(), Some("scan.png"), &*vec![b'x'; 26 * 1024 * 1024])];
    let answer = post_parts(&hall, "agent", &path, &parts).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("最多 25 MB"), "{}", answer.text());
    assert_eq!(content(&hall).await, before);
    // What is right and large is taken: a scan has more than the two megabytes that many servers stop at.
    let mut scan = PNG.to_vec();
    scan.resize(5 * 1024 * 1024, 0);
    let right = [
        (take.as_str(), None, b"1".as_slice()),
        (&pages, None, b"3"),
        (&copies, None, b"2"),
        (&file, Some("scan.png"), &scan),
    ];
    let answer = post_parts(&hall, "agent", &path, &right).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// Signing: from the refusal back to the paper, with what is in the way.
#[tokio::test]
async fn s3_2_a_signature_that_does_not_hold_signs_nothing() {
    let hall = Hall::open().await;
    let id = waiting_for_signatures(&hall).await;
    let before = content(&hall).await;
    let open = hall.app.open_case(&hall.user("agent"), &id).await.unwrap();
    let list = open.case.newest(DocumentKind::HandoverList).unwrap();
    let path = format!("/cases/{id}/sign/{}", list.id);
    let version = open.case.version.to_string();
    let parts = |hash: &'static str, version: &'static str, scan: &'static [u8]| {
        vec![
            ("side", None, b"agent".as_slice()),
            ("hash", None, hash.as_bytes()),
            ("version", None, version.as_bytes()),
            ("scan", Some("sign.png"), scan),
        ]
    };
    let exe = b"MZ\x90\x00 this is a program".as_slice();
    let garbled = b"\x89PNG\r\n\x1a\n<html>this only begins like a picture</html>".as_slice();
    for (what, parts, told) in [
        ("nothing", parts("", "1", b""), "签"),
        ("a program", parts("", "1", exe), "扩展名不符"),
        ("an old version", parts("", "1", PNG), "这次没有保存"),
        ("a garbled picture", parts("", "1", garbled), ""),
    ] {
        let answer = post_parts(&hall, "agent", &path, &parts).await;
        assert_eq!(answer.status, 303, "{what}: {}", answer.text());
        assert!(answer.header("location").starts_with(&path), "{what}");
        let page = shown_after(&hall, "agent", &answer).await;
        assert!(page.contains("said bad") && page.contains(told), "{what}: {page}");
    }
    let answer = post_parts(&hall, "rival", &path, &[("side", None, b"client")]).await;
    assert_eq!(answer.status, 404, "somebody else's paper");
    let now = content(&hall).await;
    // The picture itself was taken in, as the uploader's own; the case has not changed.
    assert_eq!((now.0, now.1, now.3, &now.4), (before.0, before.1, before.3, &before.4));
    assert_eq!(hall.app.open_case(&hall.user("agent"), &id).await.unwrap().case.version.to_string(), version);
}

/// A case whose handover list waits for both signatures.
async fn waiting_for_signatures(hall: &Hall) -> CaseId {
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let items: Vec<_> = open
        .case
        .materials
        .iter()
        .map(|m| {
            serde_json::json!({ "material": m.spec.id, "form": m.spec.form, "pages": 1, "copies": 1, "return": true })
        })
        .collect();
    let receive = serde_json::json!({ "type": "receive_materials", "items": items }).to_string();
    hall.command(&hall.case, "agent", &receive).await;
    hall.case.clone()
}

/// The page that an answer leads to, with what it then says.
async fn shown_after(hall: &Hall, who: &str, answer: &Answer) -> String {
    let flash = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let cookie = format!("bangban_session={}; {flash}", hall.session(who).await.0);
    let request = Request::get(answer.header("location")).header(header::COOKIE, cookie);
    hall.send(request.body(Body::empty()).unwrap()).await.text()
}

#[tokio::test]
async fn an_enterprises_answers_are_refused_with_what_to_do() {
    let hall = Hall::open().await;
    let before = content(&hall).await;
    let form = |name: &str| format!("/my/{}/{name}", hall.case);
    let withdraw = hall.post("enterprise", "POST", &form("withdraw"), "reason=x&version=1&once=w").await;
    assert_eq!((withdraw.status.as_u16(), withdraw.header("location")), (303, form("withdraw").as_str()));
    assert!(shown_after(&hall, "enterprise", &withdraw).await.contains("这次没有保存"));
    let evaluate = hall.post("enterprise", "POST", &form("evaluate"), "grade=9&once=e").await;
    assert_eq!((evaluate.status.as_u16(), evaluate.header("location")), (303, form("evaluate").as_str()));
    assert_eq!(hall.post("enterprise", "POST", &form("evaluate"), "grade=many").await.status, 200);
    let receipt = hall.post("enterprise", "POST", &form("receipt"), "signed_by=x&at=2026-02-30T10:00&version=1").await;
    assert_eq!((receipt.status.as_u16(), receipt.header("location")), (303, form("receipt").as_str()));
    assert!(shown_after(&hall, "enterprise", &receipt).await.contains("没有这个时间"));
    let unreadable = hall.post("enterprise", "POST", &form("withdraw"), "reason=x&version=seven").await;
    assert_eq!(unreadable.status, 400, "{}", unreadable.text());
    for name in ["withdraw", "evaluate", "receipt"] {
        assert_eq!(hall.post("rival", "POST", &form(name), "reason=x&grade=1&version=1").await.status, 404, "{name}");
    }
    assert_eq!(content(&hall).await, before);
}

/// A private number is shown for a reason, and the reason is a text like others.
#[tokio::test]
async fn a_reason_is_needed_and_bounded() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/reveal", hall.case);
    for (reason, told) in
        [("", "请填写这一项"), ("\u{202e}x", "第 1 个字符看不见"), (&"长".repeat(3_000), "最多 2000 个字")]
    {
        let fields = encoded(&[("what", "contact_phone"), ("reason", reason)]);
        let answer = hall.post("agent", "POST", &path, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(shown_after(&hall, "agent", &answer).await.contains(told), "{told}");
        assert!(!answer.text().contains("13800000000"));
    }
    let fields = encoded(&[("what", "password"), ("reason", "x")]);
    assert_eq!(hall.post("agent", "POST", &path, &fields).await.status, 404);
}
