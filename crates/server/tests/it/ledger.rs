//! The ledger of projects and the director's board: page, Excel, notice and API say the same (S5.3, S8.2).

use crate::contract::new_case;
use crate::hall::Hall;
use serde_json::Value;

/// A hall with a project beside its case.
async fn with_project() -> Hall {
    let hall = Hall::open().await;
    let mut new = new_case();
    new["template"] = "T1".into();
    new["matters"] = serde_json::json!([]);
    new["project"] = serde_json::json!({ "name": "云梯风电场", "investment_fen": 30_000_000_000_i64 });
    let made = hall.api("clerk", "POST", "/cases", &[], &new.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    hall
}

#[tokio::test]
async fn s5_3_page_excel_and_api_hold_the_same_lines_and_say_what_the_columns_mean() {
    let hall = with_project().await;
    let api = hall.api("director", "GET", "/ledger", &[], "").await.json();
    let items = api["items"].as_array().unwrap();
    assert!(!items.is_empty() && api["totals"]["matters"] == items.len() && api["next"] == Value::Null, "{api}");
    let page = hall.visit("director", "/ledger").await.text();
    for item in items {
        assert!(page.contains(item["matter_name"].as_str().unwrap()), "{item}");
    }
    assert!(page.contains("云梯风电场") && page.contains("填表说明") && page.contains("卡点：正由某一方办理"));
    let file = hall.visit("director", "/ledger.xlsx").await;
    let sheets = app::sheet::read(&file.body).unwrap();
    let rows: Vec<u32> = sheets[0].1.keys().map(|(row, _)| *row).collect();
    assert_eq!(rows.iter().max().copied(), u32::try_from(items.len()).ok(), "a heading and a row for each line");
    assert!(sheets[1].1.values().any(|text| text.starts_with("计划完成日期：")), "{:?}", sheets[1]);
    let none = hall.visit("director", "/ledger?state=overdue").await.text();
    assert!(none.contains("没有找到") && !none.contains("云梯"));
    let wrong = hall.api("director", "GET", "/ledger?state=lost", &[], "").await;
    assert_eq!(wrong.status, 400);
    let strange = hall.visit("director", "/ledger?state=lost&skip=x&order=lost").await;
    assert_eq!(strange.status, 200);
}

#[tokio::test]
async fn s5_3_the_notice_is_a_pdf_with_the_number_that_was_typed() {
    let hall = with_project().await;
    let notice = hall.visit("head", "/ledger.pdf?notice_number=%E5%B7%A6%E5%8F%911%E5%8F%B7&notice_to=A").await;
    assert_eq!((notice.status.as_u16(), notice.header("content-type")), (200, "application/pdf"), "{}", notice.text());
    assert!(notice.body.starts_with(b"%PDF-"));
    let refused = hall.visit("clerk", "/ledger.pdf").await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn s8_2_every_figure_of_the_board_leads_to_its_list() {
    let hall = with_project().await;
    let board = hall.visit("director", "/board").await.text();
    let links = [
        "/ledger",
        "/ledger?behind=1",
        "/warnings?kind=red",
        "/warnings?kind=yellow",
        "/warnings?kind=offered",
        "/ledger?blocked=1&#38;side=hall&#38;order=days",
    ];
    for link in links {
        assert!(board.contains(&format!("href=\"{link}\"")), "{link}: {board}");
        assert_eq!(hall.visit("director", &link.replace("&#38;", "&")).await.status, 200, "{link}");
    }
    assert!(board.contains("云梯风电场"), "who has not accepted it yet is a blocker: {board}");
    assert_eq!(hall.visit("agent", "/board").await.status, 403);
    assert!(!hall.visit("agent", "/work").await.text().contains("href=\"/board\""));
}
