//! The archive room in the browser and in the API (S6.5, S8.4).
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::Hall;
use domain::ids::CaseId;

/// A case that was withdrawn before it began.
async fn ended(hall: &Hall) -> (CaseId, String) {
    let made = hall.api("clerk", "POST", "/cases", &[], &new_case().to_string()).await.json();
    let id = CaseId::from(made["id"].as_str().unwrap());
    hall.command(&id, "clerk", r#"{"type":"withdraw"}"#).await;
    (id, made["number"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn s6_5_the_archive_room_shows_what_is_to_be_sealed_and_then_what_is_sealed() {
    let hall = Hall::open().await;
    let empty = hall.visit("archivist", "/archive").await.text();
    assert!(empty.contains("没有等着归档的办件"), "{empty}");
    let (id, number) = ended(&hall).await;
    let open = hall.visit("archivist", "/archive").await.text();
    assert!(open.contains(&number) && open.contains("100%") && open.contains("齐全，可以归档"), "{open}");
    assert!(open.contains("href=\"/archive\""), "the menu leads there: {open}");
    let case = hall.visit("archivist", &format!("/cases/{id}")).await.text();
    assert!(case.contains("案卷完整度 100%"), "{case}");
    hall.command(&id, "archivist", r#"{"type":"archive"}"#).await;

    let open = hall.visit("archivist", "/archive").await.text();
    assert!(!open.contains(&number), "{open}");
    let sealed = hall.visit("archivist", "/archive/sealed").await.text();
    assert!(sealed.contains(&number) && sealed.contains("没登记架位"), "{sealed}");
    let none = hall.visit("archivist", "/archive/sealed?state=lent").await.text();
    assert!(!none.contains(&number) && none.contains("没有找到"), "{none}");

    let page = format!("/archive/files/{id}");
    hall.post("archivist", &page, &[("what", "shelve"), ("shelf", "3"), ("box", "12"), ("folder", "7")]).await;
    let file = hall.visit("archivist", &page).await.text();
    assert!(file.contains("在3架 12盒 7件") && file.contains("第 1 卷"), "{file}");
    let listed = hall.api("supervisor", "GET", "/archive?state=unshelved", &[], "").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 0);
    let listed = hall.api("supervisor", "GET", "/archive", &[], "").await.json();
    let item = &listed["items"][0];
    assert_eq!((item["number"].as_str(), item["place"]["box"].as_str()), (Some(&*number), Some("12")));
    assert_eq!((item["volumes"].as_u64(), item["retention"].is_string()), (Some(1), true));
    for path in ["/archive.xlsx", "/archive/sealed.xlsx"] {
        assert_eq!(hall.visit("archivist", path).await.status, 200, "{path}");
    }
    let zip = hall.visit("archivist", &format!("/cases/{id}/archive.zip?volume=1")).await;
    let second = hall.visit("archivist", &format!("/cases/{id}/archive.zip?volume=2")).await;
    assert_eq!((zip.status, second.status), (200.into_status(), 404.into_status()));
}
