//! Searching, with what people really type.

use crate::samples::{case, event, insert};
use domain::ids::CaseId;
use store::{CaseFilter, CaseOrder};
use testkit::{TestDb, db_test};

async fn with_texts(db: &TestDb, texts: &[(&str, &str)]) {
    for (id, text) in texts {
        let mut row = case(id);
        row.search_text = (*text).to_owned();
        insert(db, row).await.unwrap();
    }
}

async fn found(db: &TestDb, q: &str) -> Vec<String> {
    let filter = CaseFilter { q: Some(q.to_owned()), ..CaseFilter::default() };
    let page = db.store.list_cases(&filter, CaseOrder::Newest, None, 100).await.unwrap();
    let mut ids: Vec<_> = page.items.into_iter().map(|case| case.id.0).collect();
    ids.sort();
    ids
}

#[db_test]
async fn a_part_of_a_chinese_text_is_found_exactly(db: TestDb) {
    with_texts(&db, &[("a", "张喆堃文物保护工程"), ("b", "文物与保护"), ("c", "物保管护")]).await;
    assert_eq!(found(&db, "张喆堃").await, ["a"]);
    assert_eq!(found(&db, "喆堃").await, ["a"]);
    assert_eq!(found(&db, "堃").await, ["a"]);
    assert_eq!(found(&db, "程").await, ["a"], "the last character of a text");
    assert_eq!(found(&db, "文物保护").await, ["a"], "not where the characters stand apart");
    assert_eq!(found(&db, "文物").await, ["a", "b"]);
    assert_eq!(found(&db, "护").await, ["a", "b", "c"]);
    assert_eq!(found(&db, "物保").await, ["a", "c"]);
    assert_eq!(found(&db, "文物 工程").await, ["a"], "all the words");
    assert_eq!(found(&db, "鑫").await, [""; 0]);
}

#[db_test]
async fn rare_characters_and_long_names_are_found(db: TestDb) {
    with_texts(&db, &[("a", "𬭚科技有限公司"), ("b", "负责人：阿拉坦·其其格"), ("c", "𠮷野家 café ИП")]).await;
    assert_eq!(found(&db, "𬭚").await, ["a"]);
    assert_eq!(found(&db, "𬭚科").await, ["a"]);
    assert_eq!(found(&db, "阿拉坦·其其格").await, ["b"]);
    assert_eq!(found(&db, "阿拉坦其其格").await, ["b"]);
    assert_eq!(found(&db, "坦•其").await, ["b"]);
    assert_eq!(found(&db, "𠮷").await, ["c"]);
    assert_eq!(found(&db, "ип").await, ["c"]);
    assert_eq!(found(&db, "CAF").await, ["c"]);
}

#[db_test]
async fn numbers_are_found_by_how_they_begin(db: TestDb) {
    with_texts(
        &db,
        &[("a", "绵帮办〔2026〕0012号"), ("b", "绵帮办〔2026〕0120号 91510700MA6ABCDE1X"), ("c", "QY-02 2025")],
    )
    .await;
    assert_eq!(found(&db, "2026").await, ["a", "b"]);
    assert_eq!(found(&db, "001").await, ["a"]);
    assert_eq!(found(&db, "〔2026〕0012号").await, ["a"]);
    assert_eq!(found(&db, "９１５１").await, ["b"]);
    assert_eq!(found(&db, "91510700ma6").await, ["b"]);
    assert_eq!(found(&db, "qy-02").await, ["c"]);
    assert_eq!(found(&db, "0").await, ["a", "b", "c"]);
    assert_eq!(found(&db, "00").await, ["a"], "digits do not meet the codes of characters");
}

#[db_test]
async fn pinyin_initials_find_names(db: TestDb) {
    with_texts(&db, &[("a", "绵阳文物保护有限公司"), ("b", "王记面馆")]).await;
    assert_eq!(found(&db, "wwbh").await, ["a"]);
    assert_eq!(found(&db, "WJMG").await, ["b"]);
    assert_eq!(found(&db, "mywwbhyxgs").await, ["a"]);
}

#[db_test]
async fn odd_input_finds_nothing_and_breaks_nothing(db: TestDb) {
    with_texts(&db, &[("a", "百分之百 100% it's \"good\" *")]).await;
    for q in [
        "%",
        "'",
        "\"",
        "*",
        "_",
        "👍",
        "'; DROP TABLE cases; --😀",
        ":*",
        "a:* | b",
        "\\",
        "NEAR(",
        "🇨🇳",
        "、",
        "$9",
        "?",
        "\u{0}",
    ] {
        let hits = found(&db, q).await;
        assert!(hits.is_empty(), "{q}: {hits:?}");
    }
    assert_eq!(found(&db, "100%").await, ["a"]);
    assert_eq!(found(&db, "it's").await, ["a"]);
    assert_eq!(found(&db, "\"百分\"*").await, ["a"]);
    assert_eq!(found(&db, "").await, ["a"], "no text narrows nothing");
    assert_eq!(found(&db, "  ").await, ["a"]);
    let long = "百".repeat(5_000) + &" x".repeat(5_000);
    assert_eq!(found(&db, &long).await, [""; 0]);
}

#[db_test]
async fn the_index_follows_the_row(db: TestDb) {
    with_texts(&db, &[("a", "旧名称")]).await;
    let mut next = case("a");
    next.version = 2;
    next.search_text = "新字号".to_owned();
    db.store.write(move |tx| Box::pin(async move { tx.append(&next, 1, &[event(2)]).await })).await.unwrap();
    assert_eq!(found(&db, "旧名").await, [""; 0]);
    assert_eq!(found(&db, "新字").await, ["a"]);

    let undone: Result<(), store::StoreError> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                let mut other = case("b");
                other.search_text = "昙花一现".to_owned();
                tx.insert_case(&other, &[]).await?;
                Err(store::StoreError::Invalid("no".to_owned()))
            })
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(found(&db, "昙花").await, [""; 0]);
    assert!(db.store.load_case(&CaseId::from("a")).await.unwrap().is_some());
}

#[db_test]
async fn a_very_long_text_is_indexed_as_far_as_it_goes(db: TestDb) {
    let text: String = (0..20_000u32).filter_map(|n| char::from_u32(0x4E00 + n)).collect();
    with_texts(&db, &[("a", &text)]).await;
    assert_eq!(found(&db, "一丁").await, ["a"]);
}
