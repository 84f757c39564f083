//! The notice with the ledger of projects, in the layout of GB/T 9704-2012.

use documents::{Form, Head, LedgerNotice};

use crate::pdf::paper;
use crate::samples::{ledger_notice, text};

#[test]
fn s5_3_the_notice_has_the_parts_of_an_official_document_in_order() {
    let form = ledger_notice();
    let paper = paper("s5-3-ledger-notice", &Form::LedgerNotice(form.clone()));
    let first = &paper.pages[0];
    let parts = [
        "巴林左旗政务服务局",
        "左政服发〔2026〕12号",
        "关于重大项目审批事项办理进展情况的通报",
        "旗直各有关单位：",
        "截至2026年11月24日，纳入台账的在办项目14个",
        "附件：重大项目审批事项推进台账",
        "2026年11月24日",
        "—1—",
    ];
    let mut from = 0;
    for part in parts {
        let at = first[from..].find(part).unwrap_or_else(|| panic!("“{part}” comes not in its place:\n{first}"));
        from += at + part.len();
    }
    assert!(paper.pages[1].starts_with("附件重大项目审批事项推进台账"), "{}", paper.pages[1]);
    let table: String = paper.pages[1..].concat();
    for row in &form.rows {
        assert!(table.contains(&row[0]), "{}", row[0]);
    }
    let pages = paper.pages.len();
    for (index, page) in paper.pages.iter().enumerate().skip(1) {
        assert!(page.contains("计划完成日期"), "the heading comes again on page {}", index + 1);
        assert!(page.contains(&format!("—{}—", index + 1)), "page {} of {pages} is numbered", index + 1);
    }
    paper.says(&["共60项", "填表说明", "停留工作日：从轮到这一方那天的次日起算。"]);
    assert!(paper.rendered.replaced.is_empty(), "{:?}", paper.rendered.replaced);
}

#[test]
fn s5_3_a_notice_without_number_and_addressee_is_left_to_be_written_in() {
    let blank = ledger_notice();
    let head = Head { number: text(" "), ..blank.head };
    let form = LedgerNotice { head, to: text(""), rows: Vec::new(), definitions: Vec::new(), ..blank };
    let paper = paper("s5-3-ledger-notice-blank", &Form::LedgerNotice(form));
    paper.says(&["〔〕号", "：截至2026年11月24日", "共0项"]);
    assert_eq!(paper.rendered.pages, 2);
}
