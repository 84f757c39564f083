//! One event of every kind, as it stands in the record.

use domain::case::{Case, Event};
use serde_json::{Value, json};

/// Every kind of event, about the matters, materials and papers of this case.
pub(super) fn events(case: &Case) -> Vec<Event> {
    let mut all = applied(case);
    all.extend(assigned());
    all.extend(handed_in(case));
    all.extend(worked(case));
    all.extend(written_down(case));
    all.extend(ended());
    all.into_iter().map(|value| serde_json::from_value(value).unwrap()).collect()
}

fn applied(case: &Case) -> Vec<Value> {
    let scope = json!({"code": "QY-02", "office": "D15", "outside": false, "prerequisites": [],
        "limit": {"days": 1, "unit": "working_day"}});
    let submitted = json!({"type": "application_submitted", "number": "2026-0187", "applicant": "p-own",
        "founding": false, "channel": "phone", "delivery": "courier", "mode": "agency",
        "proposal": case.proposal, "matters": [scope], "materials": []});
    vec![
        submitted,
        json!({"type": "mode_chosen", "mode": "assistance", "was": "agency"}),
        json!({"type": "matters_changed", "added": [scope], "removed": ["LX-02"], "materials": [],
            "proposal": case.proposal, "reason": "企业改了主意"}),
        json!({"type": "uscc_attached", "uscc": "91150422MA0N000000"}),
        json!({"type": "goal_set", "milestone": "MS-KG", "date": "2026-09-01"}),
    ]
}

fn assigned() -> Vec<Value> {
    vec![
        json!({"type": "lead_office_assigned", "office": "B01", "was": null, "reason": null}),
        json!({"type": "lead_office_assigned", "office": "D15", "was": "B01", "reason": "事项多在市场监管局"}),
        json!({"type": "case_accepted"}),
        json!({"type": "agent_assigned", "person": "agent", "was": null, "reason": null}),
        json!({"type": "stand_in_set", "person": "agent2", "was": null, "reason": null}),
        json!({"type": "green_channel_opened", "reason": "招商重点项目", "person": "agent",
            "measures": ["after_hours", "appointment", "accompanied"]}),
    ]
}

fn handed_in(case: &Case) -> Vec<Value> {
    let material = &case.materials[0].spec.id;
    let at = "2026-03-02T01:00:00Z";
    let item = json!({"id": "I1", "material": material, "form": "original", "pages": 12, "copies": 1,
        "to_return": true, "file": null, "place": "client", "since": at, "received_at": at, "handed_over": null});
    let document = json!({"id": "D1", "kind": "handover-list", "number": "2026-0187-交-01", "hash": "00",
        "input": "00", "code": "V1", "pages": 1, "at": at, "about": {}});
    let signature = json!({"side": "client", "method": "drawn", "hash": "00",
        "file": {"id": "f", "hash": "00", "media_type": "image/png"}, "by": "enterprise", "at": at});
    vec![
        json!({"type": "materials_checked", "checks": [{"material": material, "result": "missing"}]}),
        json!({"type": "notice_issued", "notice": {"number": 1, "matters": ["QY-02"], "due": "2026-03-16",
            "entries": [{"material": material, "result": "missing", "why": null}], "reason_code": null, "at": at}}),
        json!({"type": "breach_recorded", "matters": ["QY-02"], "materials": [material],
            "reason_code": "overlooked"}),
        json!({"type": "materials_received", "items": [item]}),
        json!({"type": "material_moved", "item": "I1", "from": {"person": "agent"}, "to": {"office": "D15"}}),
        json!({"type": "materials_taken", "items": ["I1"]}),
        json!({"type": "material_deferred", "matter": "QY-02", "material": material, "due": "2026-03-16",
            "consequence": "不补齐的，不发放结果"}),
        json!({"type": "document_offered", "document": document}),
        json!({"type": "document_signed", "document": "D1", "signature": signature}),
        json!({"type": "deferral_promised", "document": "D1"}),
        json!({"type": "paper_requested", "kind": "task-slip", "matter": "QY-02"}),
        json!({"type": "handover_completed", "document": "D1", "items": ["I1"], "to": "agent"}),
        json!({"type": "takeover_completed", "document": "D1", "items": ["I1"], "from": "agent", "to": "agent2"}),
        json!({"type": "agreement_concluded", "document": "D2"}),
        json!({"type": "agency_started"}),
    ]
}

fn worked(_case: &Case) -> Vec<Value> {
    let result = json!({"id": "R1", "matter": "QY-02", "name": "营业执照", "form": "original", "file": null,
        "delivered_at": null});
    vec![
        json!({"type": "matters_offered", "matters": ["QY-02", "LX-02"]}),
        json!({"type": "matter_claimed", "matter": "QY-02", "office": "D15"}),
        json!({"type": "matter_declined", "matter": "QY-02", "office": "D15", "reason": "不归我局"}),
        json!({"type": "matter_forwarded", "matter": "QY-02", "from": "D15", "to": "D02", "outside": false,
            "reason": "职责划转"}),
        json!({"type": "matter_taken_over", "matter": "QY-02", "accepted_at": "2026-03-02T01:00:00Z",
            "limit": {"days": 1, "unit": "working_day"}}),
        json!({"type": "matter_submitted", "matter": "QY-02", "number": "市监-88",
            "limit": {"days": 1, "unit": "working_day"}, "items": ["I1"]}),
        json!({"type": "matter_finished", "matter": "QY-02", "outcome": "granted", "results": [result],
            "moves": []}),
        json!({"type": "clock_stopped", "matter": "QY-02", "kind": "special", "name": "专家评审",
            "reason": "需要专家评审", "until": "2026-03-10"}),
        json!({"type": "clock_stopped", "matter": "QY-02", "kind": "special", "name": "专家评审",
            "reason": "需要专家评审", "until": "2026-03-30", "beyond_cap": "专家未到齐"}),
        json!({"type": "outside_checked", "matter": "QY-02", "state": "in_review", "number": "2026-7",
            "happened_at": "2026-03-02T01:00:00Z", "late": true, "late_reason": "下乡"}),
        json!({"type": "order_lifted", "matter": "QY-02", "before": "LX-02", "opinion": "已预审，可以先办"}),
        json!({"type": "clock_resumed", "matter": "QY-02"}),
        json!({"type": "limit_extended", "matter": "QY-02", "days": 3, "reason": "情形复杂", "approver": "office"}),
    ]
}

fn written_down(_case: &Case) -> Vec<Value> {
    vec![
        json!({"type": "escort_recorded", "matter": "QY-02", "window": "6 号窗口", "ticket": "A037",
            "outcome": "accepted"}),
        json!({"type": "remote_session_recorded", "channel": "wechat", "topic": "建设内容怎么填",
            "started_at": "2026-03-02T01:00:00Z", "minutes": 20, "outcome": "填好了"}),
        json!({"type": "fee_noted", "matter": "QY-02", "fee": "登记费", "legal_basis": "《收费标准》",
            "payee": "不动产登记中心", "amount_fen": 8000, "receipt": "0001"}),
        json!({"type": "delivery_due"}),
        json!({"type": "result_handed_over", "results": ["R1"], "items": ["I1"], "collector": "王小明",
            "document": "D3"}),
        json!({"type": "result_sent", "results": ["R1"], "items": [],
            "shipment": {"carrier": "邮政", "number": "EX1", "at": "2026-03-02T01:00:00Z"}}),
        json!({"type": "parcel_reported", "state": "not_delivered", "note": "家中无人"}),
        json!({"type": "receipt_confirmed", "signed_by": "王小明", "at": "2026-03-02T01:00:00Z", "file": null}),
        json!({"type": "materials_returned", "items": ["I1"], "document": "D4"}),
    ]
}

fn ended() -> Vec<Value> {
    vec![
        json!({"type": "case_suspended", "reason_code": "force_majeure", "reason": "暴雪封路"}),
        json!({"type": "case_resumed"}),
        json!({"type": "case_withdrawn", "reason_code": null, "reason": null}),
        json!({"type": "case_terminated", "reason_code": "fraud", "reason": "材料造假"}),
        json!({"type": "case_ended", "how": "handed_over"}),
        json!({"type": "case_evaluated", "grade": 5, "text": "办得快"}),
        json!({"type": "late_document_added", "title": "验收意见", "reason": "归档后才收到",
            "file": {"id": "f", "hash": "00", "media_type": "application/pdf"}}),
        json!({"type": "case_archived", "head": "abcdef0123456789"}),
    ]
}
