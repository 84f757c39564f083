//! Signing before staff and on the client's own device.

use crate::hand::{DOT, Hand, begin};
use app::{AppError, Ink, LinkSigning, LinkStage, SignerForm, Signing};
use chrono::TimeDelta;
use domain::case::{Case, Code, Document, DocumentKind, IdentityProof, Side};
use serde_json::json;
use testkit::{TestApp, TestDb};

const STROKES: &str = r#"{"width":300,"height":120,"strokes":[[[10,10,0,0.5],[60,40,30,0.5]]]}"#;

fn drawn() -> Ink {
    Ink::Drawn { picture: DOT.to_vec(), strokes: STROKES.to_owned() }
}

fn seen(name: &str, proof: Option<IdentityProof>) -> Option<SignerForm> {
    Some(SignerForm { name: name.to_owned(), proof, letter: None })
}

fn signing(document: &Document, signer: Option<SignerForm>) -> Signing {
    Signing {
        document: document.id.clone(),
        hash: document.hash.clone(),
        side: Side::Client,
        ink: drawn(),
        signer,
        results: document.about.results.clone(),
        items: document.about.items.clone(),
        collector: String::new(),
    }
}

fn codes(error: &AppError) -> Vec<(&str, &str)> {
    match error {
        AppError::Invalid(errors) => errors.iter().map(|e| (e.pointer.as_str(), e.code.as_str())).collect(),
        other => panic!("{other:?}"),
    }
}

/// A case whose handover list waits for signatures, and that list.
async fn waiting(app: &TestApp) -> (Hand<'_>, Document) {
    let hand = begin(app, &["YY-16"]).await;
    hand.take_on().await;
    hand.receive_all().await;
    let list = hand.case().await.newest(DocumentKind::HandoverList).unwrap().clone();
    (hand, list)
}

async fn try_to_sign(hand: &Hand<'_>, signing: Signing) -> Result<(), AppError> {
    let version = Some(hand.case().await.version);
    hand.app.sign(&hand.app.user("agent"), &hand.id, signing, version, None).await.map(drop)
}

/// What the holder of a link gives.
async fn by_link(hand: &Hand<'_>, document: &Document) -> LinkSigning {
    let version = Some(hand.case().await.version);
    LinkSigning { hash: document.hash.clone(), version, name: "阿拉坦·其其格".to_owned(), ink: drawn() }
}

fn token_of(url: &str) -> String {
    let (before, token) = url.rsplit_once('/').unwrap();
    assert!(before.ends_with("/sign"), "{url}");
    assert!(token.len() >= 22, "128 bits: {url}");
    token.to_owned()
}

/// A link whose code has been given.
async fn opened(hand: &Hand<'_>, document: &Document) -> (String, String) {
    let made = hand.app.make_sign_link(&hand.app.user("agent"), &hand.id, &document.id).await.unwrap();
    let token = token_of(&made.url);
    let secret = hand.app.open_sign_link(&token, &made.code).await.unwrap();
    (token, secret)
}

fn client_signatures(case: &Case, document: &Document) -> usize {
    let document = case.document(&document.id).unwrap();
    document.signatures.iter().filter(|signature| signature.side == Side::Client).count()
}

#[testkit::db_test]
async fn s3_2_whoever_lets_a_client_sign_says_who_it_is_and_how_it_knows(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (hand, list) = waiting(&app).await;
    for (signer, wrong) in [
        (None, vec![("/signer", "signer_name"), ("/proof", "signer_proof")]),
        (seen("欧阳𬭚", None), vec![("/proof", "signer_proof")]),
        (seen("欧阳𬭚", Some(IdentityProof::Account)), vec![("/proof", "signer_proof")]),
        (seen("欧阳𬭚", Some(IdentityProof::LinkAndCode)), vec![("/proof", "signer_proof")]),
        (seen("欧阳𬭚", Some(IdentityProof::Letter)), vec![("/letter", "signer_letter")]),
        (seen(&"长".repeat(41), Some(IdentityProof::IdCard)), vec![("/signer", "signer_name")]),
    ] {
        let refused = try_to_sign(&hand, signing(&list, signer)).await.unwrap_err();
        assert_eq!(codes(&refused), wrong);
    }
    assert_eq!(client_signatures(&hand.case().await, &list), 0);

    let form = seen(" 欧阳𬭚 ", Some(IdentityProof::IdCard));
    try_to_sign(&hand, signing(&list, form)).await.unwrap();
    let case = hand.case().await;
    let signature = case.document(&list.id).unwrap().signature(Side::Client).unwrap();
    let signer = signature.signer.as_ref().unwrap();
    assert_eq!((signer.name.as_deref(), signer.proof), (Some("欧阳𬭚"), IdentityProof::IdCard));
    let strokes = signer.strokes.as_ref().unwrap();
    let kept = app.case_file(&app.user("agent"), &hand.id, &strokes.id).await.unwrap();
    assert_eq!(kept.bytes, STROKES.as_bytes(), "the strokes are kept as they were drawn");

    // The sheet says who, how it was checked, by whom.
    let mut own = hand.signature("agent", DocumentKind::HandoverList, "agent").await;
    own["type"] = "sign_handover".into();
    hand.give("agent", own).await;
    let case = hand.case().await;
    let sheet = case.documents.iter().find(|d| d.about.document.as_ref() == Some(&list.id)).unwrap();
    let form = app.document_form(&app.user("agent"), &hand.id, &sheet.id).await.unwrap();
    let form = serde_json::to_value(&form).unwrap().to_string();
    assert!(form.contains("欧阳𬭚") && form.contains("身份证件，由") && form.contains("本人账号登录"), "{form}");
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s6_3_a_delegate_who_collects_brings_a_letter(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let hand = begin(&app, &["YY-16"]).await;
    hand.start().await;
    hand.give("office-d12", json!({ "type": "claim_matter", "matter": "YY-16" })).await;
    hand.give("agent", json!({ "type": "submit_matter", "matter": "YY-16", "number": "左交许 2026-31" })).await;
    let results = json!([{ "name": "道路运输经营许可证", "form": "original" }]);
    hand.give(
        "office-d12",
        json!({ "type": "finish_matter", "matter": "YY-16", "outcome": "granted", "results": results }),
    )
    .await;
    let notice = hand.case().await.newest(DocumentKind::DeliveryNotice).unwrap().clone();
    let stranger = "那仁𠮷";
    let refused = try_to_sign(&hand, signing(&notice, seen(stranger, Some(IdentityProof::IdCard)))).await.unwrap_err();
    assert_eq!(codes(&refused), [("/proof", "collector_letter")]);
    let mut form = seen(stranger, Some(IdentityProof::Letter)).unwrap();
    form.letter = Some(("委托书.png".to_owned(), DOT.to_vec()));
    try_to_sign(&hand, signing(&notice, Some(form))).await.unwrap();
    let case = hand.case().await;
    let signer = case.document(&notice.id).unwrap().signature(Side::Client).unwrap().signer.clone().unwrap();
    assert!(signer.letter.is_some());
    assert_eq!(signer.name.as_deref(), Some(stranger));
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s3_2_a_signature_without_ink_is_none_whichever_way_it_comes(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (hand, list) = waiting(&app).await;
    // The bytes of the one point, and the sum over them, are those of a white one.
    let at = DOT.windows(4).position(|four| four == b"IDAT").unwrap() + 6;
    let end = DOT.windows(4).position(|four| four == b"IEND").unwrap() - 4;
    let point = [0x63, 0xf8, 0x0f, 0, 1, 1, 1, 0, 0xb1, 0x38, 0xf6, 0x14];
    let white = [&DOT[..at], &point, &DOT[end..]].concat();
    let garbled = b"\x89PNG\r\n\x1a\n<html>this only begins like a picture</html>".to_vec();
    for (picture, code) in [(white, "signature_blank"), (garbled, "signature_unreadable"), (vec![], "signature_blank")]
    {
        let mut form = signing(&list, seen("欧阳𬭚", Some(IdentityProof::IdCard)));
        form.ink = Ink::Drawn { picture: picture.clone(), strokes: String::new() };
        assert_eq!(codes(&try_to_sign(&hand, form).await.unwrap_err()), [("/file", code)]);
        if picture.is_empty() {
            continue;
        }
        // Past the page, by a command with the id of a file.
        let file = app.upload(&app.user("agent"), "签字.png", picture).await.unwrap().id;
        let command = json!({ "type": "sign_handover", "side": "client", "method": "drawn", "document": list.id,
            "hash": list.hash, "file": file });
        let version = hand.case().await.version;
        let refused = hand.try_with("agent", command, Some(version)).await.unwrap_err();
        assert_eq!(codes(&refused), [("/file", code)]);
    }
    let mut form = signing(&list, seen("欧阳𬭚", Some(IdentityProof::IdCard)));
    form.ink = Ink::Drawn { picture: DOT.to_vec(), strokes: r#"{"strokes":"<script>"}"#.to_owned() };
    assert_eq!(codes(&try_to_sign(&hand, form).await.unwrap_err()), [("/file", "strokes_unreadable")]);
    let mut claimed = hand.signature("agent", DocumentKind::HandoverList, "client").await;
    claimed["type"] = "sign_handover".into();
    claimed["signer"] = json!({ "name": "欧阳𬭚", "proof": "link_and_code" });
    let version = hand.case().await.version;
    let refused = hand.try_with("agent", claimed, Some(version)).await.unwrap_err();
    assert_eq!(codes(&refused), [("/signer/proof", "link_only")], "that a link was used only the link can say");
    assert_eq!(client_signatures(&hand.case().await, &list), 0);
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s3_2_a_client_signs_once_by_link_and_code(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (hand, list) = waiting(&app).await;
    let made = app.make_sign_link(&app.user("agent"), &hand.id, &list.id).await.unwrap();
    let token = token_of(&made.url);
    assert!(matches!(app.sign_link(&token, "").await.unwrap(), LinkStage::Code));
    assert!(matches!(app.sign_link_pdf(&token, "", false).await, Err(AppError::NotFound)));
    let early = app.sign_by_link(&token, "", by_link(&hand, &list).await).await;
    assert!(matches!(early, Err(AppError::NotLoggedIn)), "{early:?}");

    let secret = app.open_sign_link(&token, &format!(" {} ", made.code)).await.unwrap();
    let LinkStage::Sign(paper) = app.sign_link(&token, &secret).await.unwrap() else { panic!("not to be signed") };
    assert_eq!((paper.document.id.clone(), paper.refusal), (list.id.clone(), None));
    let shown = app.sign_link_pdf(&token, &secret, false).await.unwrap();
    assert_eq!(shown.bytes, app.document_pdf(&app.user("agent"), &hand.id, &list.id).await.unwrap());

    // Two fingers, one signature.
    let given = by_link(&hand, &list).await;
    let (one, two) = tokio::join!(
        app.sign_by_link(&token, &secret, given.clone()),
        app.sign_by_link(&token, &secret, given.clone())
    );
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    app.sign_by_link(&token, &secret, given).await.unwrap();
    let case = hand.case().await;
    assert_eq!(client_signatures(&case, &list), 1);
    let signature = case.document(&list.id).unwrap().signature(Side::Client).unwrap();
    let signer = signature.signer.as_ref().unwrap();
    assert_eq!((signature.by.as_str(), signer.proof), ("agent", IdentityProof::LinkAndCode));
    assert_eq!(signer.name.as_deref(), Some("阿拉坦·其其格"));
    let again = app.make_sign_link(&app.user("agent"), &hand.id, &list.id).await.unwrap_err();
    assert!(matches!(again, AppError::Refused(ref refusal) if refusal.code == Code::AlreadySigned), "{again:?}");

    // For a day what was signed can be fetched, the sheet once everybody has signed.
    assert!(matches!(app.sign_link_pdf(&token, &secret, true).await, Err(AppError::NotFound)));
    let mut own = hand.signature("agent", DocumentKind::HandoverList, "agent").await;
    own["type"] = "sign_handover".into();
    hand.give("agent", own).await;
    app.clock().advance(TimeDelta::hours(23));
    assert!(app.sign_link_pdf(&token, &secret, true).await.unwrap().bytes.starts_with(b"%PDF"));
    assert_eq!(app.sign_link_pdf(&token, &secret, false).await.unwrap().bytes, shown.bytes);
    let LinkStage::Signed(signed) = app.sign_link(&token, &secret).await.unwrap() else { panic!("not signed") };
    assert!(signed.has_sheet);
    app.clock().advance(TimeDelta::hours(1));
    assert!(matches!(app.sign_link(&token, &secret).await, Err(AppError::NotFound)));
    assert_eq!(app.forget_old_sign_links().await.unwrap(), 1);
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s3_2_five_wrong_codes_end_a_link_also_at_the_same_moment(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (hand, list) = waiting(&app).await;
    let made = app.make_sign_link(&app.user("agent"), &hand.id, &list.id).await.unwrap();
    let token = token_of(&made.url);
    let wrong = if made.code == "000000" { "000001" } else { "000000" };
    let guesses: Vec<_> = (0..12)
        .map(|_| {
            let (app, token) = (std::ops::Deref::deref(&app).clone(), token.clone());
            tokio::spawn(async move { app.open_sign_link(&token, wrong).await })
        })
        .collect();
    for guess in guesses {
        assert!(guess.await.unwrap().is_err());
    }
    let right = app.open_sign_link(&token, &made.code).await;
    assert!(matches!(right, Err(AppError::NotFound)), "{right:?}");
    assert!(matches!(app.sign_link(&token, "").await, Err(AppError::NotFound)));
    for guessed in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(matches!(app.sign_link(guessed, "").await, Err(AppError::NotFound)), "{guessed}");
        assert!(matches!(app.open_sign_link(guessed, &made.code).await, Err(AppError::NotFound)), "{guessed}");
    }
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s3_2_a_link_signs_nothing_but_its_own_document_as_it_was(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (hand, list) = waiting(&app).await;
    let (token, secret) = opened(&hand, &list).await;

    // Another hash, another version of the case.
    let mut other = by_link(&hand, &list).await;
    other.hash = "0".repeat(64);
    let refused = app.sign_by_link(&token, &secret, other).await.unwrap_err();
    assert!(matches!(refused, AppError::Refused(ref r) if r.code == Code::HashMismatch), "{refused:?}");
    let mut old = by_link(&hand, &list).await;
    old.version = old.version.map(|version| version - 1);
    assert!(matches!(app.sign_by_link(&token, &secret, old).await, Err(AppError::Stale { .. })));
    // A newer link ends this one.
    let (newer, newer_secret) = opened(&hand, &list).await;
    assert!(matches!(app.sign_link(&token, &secret).await, Err(AppError::NotFound)));
    assert!(matches!(app.sign_link(&newer, &secret).await.unwrap(), LinkStage::Code), "a device is known to one link");

    // A further piece makes a new list: the old link says so and signs nothing.
    let case = hand.case().await;
    let piece =
        json!({ "material": case.materials[0].spec.id, "form": "copy", "pages": 1, "copies": 1, "return": false });
    hand.give("agent", json!({ "type": "receive_materials", "items": [piece] })).await;
    let newest = hand.case().await.newest(DocumentKind::HandoverList).unwrap().clone();
    assert_ne!(newest.id, list.id, "there is a new list");
    let refused = app.sign_by_link(&newer, &newer_secret, by_link(&hand, &list).await).await.unwrap_err();
    assert!(matches!(refused, AppError::Refused(ref r) if r.code == Code::DocumentSuperseded), "{refused:?}");
    let LinkStage::Sign(paper) = app.sign_link(&newer, &newer_secret).await.unwrap() else { panic!("signed?") };
    assert_eq!(paper.refusal.unwrap().code, Code::DocumentSuperseded);

    // Another agent: the link was made in the name of one who may not sign here any more.
    let (token, secret) = opened(&hand, &newest).await;
    hand.give("head", json!({ "type": "assign_agent", "person": "agent2", "reason": "工作调整" })).await;
    let gone = app.sign_by_link(&token, &secret, by_link(&hand, &newest).await).await;
    assert!(matches!(gone, Err(AppError::NotFound)), "{gone:?}");
    let case = hand.case().await;
    assert_eq!(client_signatures(&case, &list) + client_signatures(&case, &newest), 0);

    // Half an hour is over.
    let agent2 = app.user("agent2");
    let newest = case.newest(DocumentKind::HandoverList).unwrap();
    let made = app.make_sign_link(&agent2, &hand.id, &newest.id).await.unwrap();
    app.clock().advance(TimeDelta::minutes(30));
    assert!(matches!(app.open_sign_link(&token_of(&made.url), &made.code).await, Err(AppError::NotFound)));
    app.run_jobs().await;
}

#[testkit::db_test]
async fn s6_5_what_was_signed_stays_as_it_was(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (hand, list) = waiting(&app).await;
    let agent = app.user("agent");
    let signed = app.document_pdf(&agent, &hand.id, &list.id).await.unwrap();
    hand.sign("sign_handover", DocumentKind::HandoverList).await;
    hand.sign("sign_agreement", DocumentKind::Agreement).await;
    hand.give("agent", json!({ "type": "start" })).await;
    hand.give("office-d12", json!({ "type": "claim_matter", "matter": "YY-16" })).await;
    app.clock().advance(TimeDelta::days(800));
    let kept = hand.case().await.document(&list.id).unwrap().clone();
    assert_eq!(kept.hash, list.hash);
    assert_eq!(app.document_pdf(&agent, &hand.id, &list.id).await.unwrap(), signed, "byte for byte");
    let check = app.check_code(&kept.code).await.unwrap().unwrap();
    assert!(check.is_same(&signed) && !check.is_same(&signed[1..]));
    assert!(check.sides.iter().all(|(_, at)| at.is_some()), "{:?}", check.sides);
    let sheet = hand.case().await.documents.iter().find(|d| d.about.document.as_ref() == Some(&list.id)).cloned();
    assert!(app.document_pdf(&agent, &hand.id, &sheet.unwrap().id).await.unwrap().starts_with(b"%PDF"));
    app.run_jobs().await;
}
