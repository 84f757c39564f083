//! The archive room in the browser and in the API (S6.5, S8.4).
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::contract::new_case;
use crate::hall::Hall;
use axum::http::StatusCode;
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
    let shelved = hall.post("archivist", "POST", &page, "what=shelve&shelf=3&box=12&folder=7").await;
    assert_eq!(shelved.status, 303);
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
    assert_eq!((zip.status, second.status), (StatusCode::OK, StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn s6_5_a_disposal_is_proposed_by_the_archivist_and_approved_by_a_head() {
    let hall = Hall::open().await;
    let (id, _) = ended(&hall).await;
    hall.command(&id, "archivist", r#"{"type":"archive"}"#).await;
    let page = format!("/archive/files/{id}");
    let propose = "what=propose_disposal&reason=%E4%BF%9D%E7%AE%A1%E6%9C%9F%E6%BB%A1";
    hall.post("archivist", "POST", &page, propose).await;
    let early = hall.visit("archivist", &page).await.text();
    assert!(!early.contains("提请销毁："), "its period is not over: {early}");
    hall.later_days(40 * 366);
    assert!(hall.visit("archivist", "/archive/sealed?state=due").await.text().contains("保管期满"));
    hall.post("archivist", "POST", &page, propose).await;
    let refused = hall.post("archivist", "POST", &page, "what=approve_disposal").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let asked = hall.visit("head", &page).await.text();
    assert!(asked.contains("批准销毁") && asked.contains("系统不会自行删除电子归档包"), "{asked}");
    assert_eq!(hall.post("head", "POST", &page, "what=approve_disposal").await.status, StatusCode::SEE_OTHER);
    assert!(hall.visit("archivist", &page).await.text().contains("已批准销毁"));
    let kept = hall.visit("archivist", &format!("/cases/{id}/archive.zip")).await;
    assert_eq!(kept.status, StatusCode::OK, "the program deletes nothing by itself");
}

#[tokio::test]
async fn s8_4_an_inspection_sheet_is_drawn_filled_in_and_exported() {
    let hall = Hall::open().await;
    let (id, number) = ended(&hall).await;
    hall.command(&id, "archivist", r#"{"type":"archive"}"#).await;
    let list = hall.visit("supervisor", "/archive/inspections").await.text();
    assert!(list.contains("抽取样本") && list.contains("还没有抽查过"), "{list}");
    assert!(!hall.visit("archivist", "/archive/inspections").await.text().contains("name=\"per_office\""));
    let today = domain::calendar::today(hall.app.now());
    let form = format!("from={today}&to={today}&per_office=3");
    assert_eq!(hall.post("archivist", "POST", "/archive/inspections", &form).await.status, StatusCode::FORBIDDEN);
    let drawn = hall.post("supervisor", "POST", "/archive/inspections", &form).await;
    let sheet = drawn.header("location").to_owned();
    let page = hall.visit("supervisor", &sheet).await.text();
    assert!(page.contains(&number) && page.contains("还没查") && page.contains("随机种子"), "{page}");
    let judged = format!("case={id}&verdict=deficient&remark=%E7%BC%BA%E9%A1%B5");
    assert_eq!(hall.post("supervisor", "POST", &sheet, &judged).await.status, StatusCode::SEE_OTHER);
    let page = hall.visit("archivist", &sheet).await.text();
    assert!(page.contains("缺页") && page.contains("1 件有问题") && !page.contains("name=\"verdict\""), "{page}");
    let file = hall.visit("supervisor", &format!("{sheet}/sheet.xlsx")).await;
    assert_eq!(file.status, StatusCode::OK);
}
