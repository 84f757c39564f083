//! Papers that somebody asks for, and labels for what was handed in.

use crate::hall::Hall;
use domain::case::DocumentKind;

#[tokio::test]
async fn s3_2_labels_are_printed_from_the_case_once_there_is_something_to_stick_them_on() {
    let hall = Hall::open().await;
    let (case, labels) = (format!("/cases/{}", hall.case), format!("/cases/{}/labels.pdf", hall.case));
    assert_eq!(hall.visit("agent", &labels).await.status, 404, "nothing was handed in yet");
    assert!(!hall.visit("agent", &case).await.text().contains("打印材料标签"));
    hall.sign_and_start(&hall.case).await;
    let page = hall.visit("agent", &case).await.text();
    assert!(page.contains(&labels) && page.contains("打印材料标签"), "{page}");
    let sheet = hall.visit("agent", &labels).await;
    assert_eq!((sheet.status.as_u16(), sheet.header("content-type")), (200, "application/pdf"));
    assert!(sheet.body.starts_with(b"%PDF"));
    assert_eq!(hall.visit("rival", &labels).await.status, 404, "who may not see the case sees no label");
}

#[tokio::test]
async fn s6_1_a_paper_that_was_asked_for_is_read_on_the_screen_as_it_prints() {
    let hall = Hall::open().await;
    hall.sign_and_start(&hall.case).await;
    hall.command(&hall.case, "agent", r#"{"type":"issue_paper","kind":"application"}"#).await;
    hall.command(&hall.case, "agent", r#"{"type":"issue_paper","kind":"power-of-attorney"}"#).await;
    let open = hall.app.open_case(&hall.user("agent"), &hall.case).await.unwrap();
    let path = |kind| format!("/cases/{}/papers/{}", hall.case, open.case.newest(kind).unwrap().id);
    let power = path(DocumentKind::PowerOfAttorney);
    let own = hall.visit("enterprise", &power).await.text();
    for words in ["授权委托书", "委托权限", "陪同现场勘验、核查", "代理人不得转委托。", "委托期限至"]
    {
        assert!(own.contains(words), "{words}: {own}");
    }
    assert!(hall.visit("agent", &format!("{power}.pdf")).await.body.starts_with(b"%PDF"));
    let application = path(DocumentKind::Application);
    assert!(hall.visit("enterprise", &application).await.text().contains("本申请出于自愿"));
    let client = hall.app.open_case(&hall.user("enterprise"), &hall.case).await.unwrap().party.contact_phone_masked;
    assert!(client.contains('*'), "the sample's telephone is masked for pages");
    assert!(hall.visit("agent", &application).await.text().contains(&client), "staff has no need of it here");
}
