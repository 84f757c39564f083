//! Every code has its words in both languages, and both say the same things.

use super::{Lang, fill, messages, names};
use chrono::{DateTime, NaiveDate};
use domain::case::{Code, CommandKind, DocumentKind, Gap, MaterialStatus, MatterStatus, Status};
use domain::people::Role;
use std::collections::{BTreeMap, BTreeSet};

/// The codes of closed lists, by the table that has their words.
fn closed_lists() -> Vec<(&'static str, Vec<String>)> {
    let given = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    vec![
        ("refusal", Code::ALL.iter().map(|code| code.name().to_owned()).collect()),
        ("common.status", Status::ALL.iter().map(|status| status.name().to_owned()).collect()),
        ("common.document", DocumentKind::ALL.iter().map(|kind| kind.name().to_owned()).collect()),
        ("common.command", CommandKind::ALL.iter().map(|kind| kind.name()).collect()),
        ("common.role", Role::ALL.iter().map(|role| role.name().to_owned()).collect()),
        ("common.matter_status", MATTER_STATUSES.iter().map(|status| status.name().to_owned()).collect()),
        ("common.material_status", MATERIAL_STATUSES.iter().map(|status| status.name().to_owned()).collect()),
        ("common.gap", GAPS.iter().map(|gap| gap.name().to_owned()).collect()),
        ("common.mode", given(&["agency", "assistance"])),
        ("common.channel", given(&["walk_in", "phone", "online"])),
        ("common.delivery", given(&["in_person", "courier", "electronic"])),
        ("common.outcome", given(&["granted", "refused", "not_needed"])),
        ("common.light", given(&["grey", "green", "yellow", "red", "purple"])),
        ("common.form", given(&["original", "copy", "electronic"])),
        ("common.check", given(&["ok", "missing", "wrong"])),
        ("common.place", given(&["client", "window", "courier", "kept"])),
    ]
}

const MATTER_STATUSES: [MatterStatus; 7] = [
    MatterStatus::Planned,
    MatterStatus::Offered,
    MatterStatus::Declined,
    MatterStatus::Claimed,
    MatterStatus::Submitted,
    MatterStatus::Stopped,
    MatterStatus::Finished,
];

const MATERIAL_STATUSES: [MaterialStatus; 10] = [
    MaterialStatus::FromMatter,
    MaterialStatus::Produced,
    MaterialStatus::Shared,
    MaterialStatus::Intermediary,
    MaterialStatus::Unchecked,
    MaterialStatus::Ok,
    MaterialStatus::Missing,
    MaterialStatus::Wrong,
    MaterialStatus::Received,
    MaterialStatus::HandedOver,
];

const GAPS: [Gap; 8] = [
    Gap::Notice,
    Gap::HandoverList,
    Gap::Agreement,
    Gap::Results,
    Gap::DeliveryNotice,
    Gap::DeliveryProof,
    Gap::Originals,
    Gap::SignatureSheet,
];

fn all(l: Lang) -> BTreeMap<String, String> {
    messages(l).into_iter().collect()
}

fn blanks(message: &str) -> BTreeSet<&str> {
    names(message).collect()
}

#[test]
fn every_code_has_its_words_in_both_languages() {
    for l in Lang::ALL {
        for (table, codes) in closed_lists() {
            assert!(!codes.is_empty(), "{table}");
            for code in codes {
                let key = format!("{table}.{code}");
                assert!(l.has(&key), "no message {key} in {}", l.code());
            }
        }
    }
}

/// A sentence that says no also says what to do: at least two sentences, or one with a request in it.
#[test]
fn every_refusal_ends_as_a_sentence_and_names_a_next_step() {
    let is_asking =
        |text: &str| ["请", "不用", "谢谢", "由", "可以", "一律", "才能"].iter().any(|word| text.contains(word));
    for code in Code::ALL {
        let zh = Lang::Zh.t(&format!("refusal.{}", code.name()));
        assert!(zh.ends_with('。'), "{}: {zh}", code.name());
        assert!(is_asking(&zh) || zh.matches('。').count() > 1, "{}: {zh}", code.name());
        let en = Lang::En.t(&format!("refusal.{}", code.name()));
        assert!(en.ends_with('.'), "{}: {en}", code.name());
    }
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_names_in_them() {
    let (zh, en) = (all(Lang::Zh), all(Lang::En));
    assert!(zh.len() > 300, "{} messages", zh.len());
    let missing: Vec<&String> = zh.keys().filter(|key| !en.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in English: {missing:?}");
    let missing: Vec<&String> = en.keys().filter(|key| !zh.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in Chinese: {missing:?}");
    // `detail` is a sentence of the rules themselves, which stands beside the English one.
    for (key, text) in &zh {
        assert!(!text.trim().is_empty(), "{key} is empty");
        assert_eq!(blanks(text), en.get(key).map(|text| blanks(text)).unwrap_or_default(), "{key}");
    }
}

#[test]
fn names_are_filled_in_and_parts_without_a_name_left_out() {
    let say = |message: &str, position: &str| fill(message, |name| (name == "position").then(|| position.to_owned()));
    assert_eq!(say("不对[，在第 %{position} 位]。请改。", "18"), "不对，在第 18 位。请改。");
    assert_eq!(say("不对[，在第 %{position} 位]。请改。", ""), "不对。请改。");
    assert_eq!(say("第 %{position} 位，[x %{gone}]%{gone}好", "[3%{position}"), "第 [3%{position} 位，好");
    assert_eq!(say("没有尾巴 %{position", "1"), "没有尾巴 %{position");
}

#[test]
fn dates_speak() {
    let day = NaiveDate::from_ymd_opt(2026, 12, 3).unwrap_or_default();
    assert_eq!(Lang::Zh.date(day), "12月3日（周四）");
    assert_eq!(Lang::En.date(day), "3 Dec (Thu)");
    assert_eq!(Lang::Zh.date_long(day), "2026年12月3日（周四）");
    assert_eq!(
        Lang::Zh.date_seen(day, NaiveDate::from_ymd_opt(2027, 1, 4).unwrap_or_default()),
        "2026年12月3日（周四）"
    );
    let at = |text: &str| text.parse::<DateTime<chrono::Utc>>().unwrap_or_default();
    let now = at("2026-11-24T02:00:00Z");
    assert_eq!(Lang::Zh.time(at("2026-11-24T01:40:00Z"), now), "今天 9:40");
    assert_eq!(
        Lang::Zh.time(at("2026-11-23T16:30:00Z"), now),
        "今天 0:30",
        "the hall's day begins eight hours earlier"
    );
    assert_eq!(Lang::Zh.time(at("2026-11-23T07:12:00Z"), now), "11月23日 15:12");
    assert_eq!(Lang::Zh.time(at("2025-11-23T07:12:00Z"), now), "2025年11月23日 15:12");
    assert_eq!(Lang::En.time(at("2025-11-23T07:12:00Z"), now), "23 Nov 2025 15:12");
    assert_eq!(Lang::Zh.working_days_left(4), "还剩 4 个工作日");
    assert_eq!(Lang::Zh.working_days_left(0), "今天到期");
    assert_eq!(Lang::Zh.working_days_left(-2), "已超 2 个工作日");
    assert_eq!(Lang::En.working_days_left(1), "1 working day left");
}

#[test]
fn amounts_sizes_lists_and_clauses() {
    assert_eq!(Lang::Zh.money(123_450), "1,234.50 元");
    assert_eq!(Lang::Zh.money(100_000_000), "1,000,000 元");
    assert_eq!(Lang::Zh.size(78_000), "78 KB");
    assert_eq!(Lang::Zh.size(1_250_000), "1.2 MB");
    assert_eq!(Lang::Zh.list(&["章程", "身份证"]), "章程、身份证");
    assert_eq!(Lang::En.list(&["a", "b"]), "a, b");
    assert_eq!(Lang::Zh.clause("S3.2"), "方案三.2");
    assert_eq!(Lang::Zh.clause("S8.m"), "方案八");
    assert_eq!(Lang::Zh.clause("S4"), "方案四");
    assert_eq!(Lang::En.clause("S6.3"), "Plan 6.3");
}

#[test]
fn the_reader_chooses_the_language() {
    assert_eq!(Lang::accepted("en-GB,en;q=0.9,zh;q=0.1"), Some(Lang::En));
    assert_eq!(Lang::accepted("fr, zh-CN;q=0.5, en;q=0.4"), Some(Lang::Zh));
    assert_eq!(Lang::accepted("fr, *;q=0.1"), None);
    assert_eq!(Lang::accepted("en;q=0"), None);
}

/// Literal keys in templates and code exist (the same is asked by `cargo xtask check`, for every file).
#[test]
fn every_key_that_a_template_names_exists() {
    let mut seen = 0;
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for call in ["l.t(\"", "l.tr(\"", "other().t(\""] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap_or_default();
                    assert!(Lang::Zh.has(key), "{}: no message {key}", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 10, "only {seen} keys found");
}
