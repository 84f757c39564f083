//! Who holds what: written with its case, found by place, time, holder and text, and only in cases that may be seen.

use crate::samples::{at, case, insert};
use chrono::TimeDelta;
use store::{CaseFilter, CaseRecord, CustodyFilter, CustodyItem, CustodyOrder, Visibility, micros};
use testkit::{TestDb, db_test};

fn piece(id: &str, place: &str, key: &str, days: i64) -> CustodyItem {
    CustodyItem {
        item: id.into(),
        name: format!("材料{id}"),
        form: "original".to_owned(),
        place: place.to_owned(),
        key: key.to_owned(),
        since: micros(at(0) + TimeDelta::days(days)),
        untaken: place == "office",
        to_return: true,
    }
}

fn holding(id: &str, custody: Vec<CustodyItem>) -> CaseRecord {
    CaseRecord { custody, ..case(id) }
}

#[db_test]
async fn s2_1_pieces_are_listed_by_who_holds_them(db: TestDb) {
    let first = vec![piece("I1", "person", "wang", 3), piece("I10", "office", "D15", 1), piece("I2", "client", "", 0)];
    let first = holding("c1", first);
    insert(&db, first.clone()).await.unwrap();
    insert(&db, holding("c2", vec![piece("I1", "office", "D09", 2)])).await.unwrap();
    assert_eq!(db.store.load_case(&"c1".into()).await.unwrap().unwrap().custody, first.custody);
    let list = async |filter: CustodyFilter, order| -> Vec<String> {
        let rows = db.store.list_custody(&filter, order, 0, 10).await.unwrap();
        rows.into_iter().map(|row| format!("{} {}", row.case_id, row.item)).collect()
    };
    let all = CustodyFilter::default();
    assert_eq!(list(all.clone(), CustodyOrder::Since).await, ["c1 I2", "c1 I10", "c2 I1", "c1 I1"]);
    assert_eq!(list(all.clone(), CustodyOrder::Holder).await[1..3], ["c2 I1", "c1 I10"]);
    let of = |place: &str| CustodyFilter { places: vec![place.to_owned()], ..CustodyFilter::default() };
    assert_eq!(list(of("office"), CustodyOrder::Since).await, ["c1 I10", "c2 I1"]);
    let before = CustodyFilter { since_before: Some(at(0) + TimeDelta::days(2)), untaken: true, ..all.clone() };
    assert_eq!(list(before, CustodyOrder::Since).await, ["c1 I10"]);
    let by = |text: &str, holder: &str| CustodyFilter {
        q: Some((text.to_owned(), vec![holder.to_owned()])),
        ..CustodyFilter::default()
    };
    assert_eq!(list(by("材料I10", "nobody"), CustodyOrder::Since).await, ["c1 I10"]);
    assert_eq!(list(by("谁", "wang"), CustodyOrder::Since).await, ["c1 I1"]);
    let held = Visibility::Holder("li".into(), Some("D09".into()));
    let cases = CaseFilter { visible_to: held, ..CaseFilter::default() };
    assert_eq!(list(CustodyFilter { cases, ..all.clone() }, CustodyOrder::Since).await, ["c2 I1"]);
    let counts = db.store.count_custody(&all).await.unwrap();
    let office = counts.iter().find(|count| count.place == "office").unwrap();
    assert_eq!((counts.len(), office.count), (3, 2));

    let mut moved = first;
    moved.custody[0] = piece("I1", "client", "", 5);
    let after = moved.clone();
    assert!(db.store.write(move |tx| Box::pin(async move { tx.reproject_case(&moved).await })).await.unwrap());
    assert_eq!(db.store.custody_of(&"c1".into()).await.unwrap(), after.custody);
}
