use super::*;
use serde_json::json;

#[test]
fn a_stored_handover_list_reads_as_it_prints() {
    let stored = json!({
        "kind": "handover-list",
        "head": {"number": "2026-0187-交-04", "hall": "局", "code": "A", "check_url": "http://x/check/A", "version": 1},
        "supplement": 3,
        "from": {"unit": "甲", "person": "乙", "phone": "13800000003"},
        "to": {"unit": "丙", "person": "丁", "phone": "2"},
        "matters": ["一", "二"],
        "items": [
            {"name": "证", "form": "original", "pages": 2, "copies": 1, "returned": true, "return_by": "2026-12-08", "remark": null},
            {"name": "图", "form": "electronic", "pages": null, "copies": 1, "returned": false, "return_by": null, "remark": null}
        ],
        "date": "2026-11-24"
    });
    let form = Form::read(&serde_json::from_value(stored).unwrap()).unwrap();
    assert_eq!(form.under(), "第 3 次补充　编号 2026-0187-交-04");
    let Form::HandoverList(list) = form else { panic!("another form") };
    assert_eq!(list.total(), "共 2 份，其中原件 1 份。");
    let lines: Vec<(String, String)> = list.items.iter().map(|item| (item.amount(), item.back())).collect();
    assert_eq!(lines[0], ("2 页 1 份".to_owned(), "12月8日退".to_owned()));
    assert_eq!(lines[1], ("1 个文件".to_owned(), "不退".to_owned()));
    assert_eq!(list.from.phone, "13800000003");
    let Form::HandoverList(masked) = Form::HandoverList(list).masked() else { panic!("another form") };
    assert!(masked.from.phone.contains('*') && masked.to.phone == "2", "{} {}", masked.from.phone, masked.to.phone);
}
