use super::*;
use crate::papers::tests::sample::{AGENT, ENTERPRISE, Sample};
use domain::case::DeliveryWay;
use domain::catalogue::Mode;
use files::MediaType;
use files::package::{verify, write_package};
use files::seal::SoftwareKey;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A store in a folder that goes with it.
struct Shelf {
    files: Files,
    folder: PathBuf,
}

impl Shelf {
    /// A store that holds everything the case names.
    async fn with(sample: &Sample) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bangban-archive-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let files = Files::open(&folder).unwrap();
        for bytes in sample.bytes.values() {
            files.put_made(bytes, MediaType::Pdf).await.unwrap();
        }
        Self { files, folder }
    }

    fn input(&self, sample: &Sample) -> PackageInput {
        self.volume(sample, None)
    }

    fn volume(&self, sample: &Sample, first: Option<String>) -> PackageInput {
        let (case, packed) = (&sample.case, sample.packed());
        package_input(case, packed, &sample.party, &sample.reference, &self.files, sample.now, first).unwrap()
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn key() -> SoftwareKey {
    SoftwareKey::from_bytes(&[7; 32]).unwrap()
}

fn row<'a>(input: &'a PackageInput, title: &str) -> &'a CatalogueRow {
    input.catalogue.iter().find(|row| row.title == title).unwrap()
}

#[tokio::test]
async fn s6_5_the_package_verifies_and_any_changed_byte_is_found() {
    let sample = Sample::ended();
    let shelf = Shelf::with(&sample).await;
    let input = shelf.input(&sample);
    let mut zip = Vec::new();
    let sealed = write_package(&input, &key(), &mut zip).unwrap();
    let head = sample.packed().last().unwrap().hash.clone();
    assert_eq!(sealed.head, head);
    let verified = verify(&mut Cursor::new(&zip), Some(&head)).unwrap();
    assert_eq!(verified.number, "2026-0187");
    assert_eq!(verified.events, sample.case.version);
    assert_eq!(verified.documents, input.documents.len() as u64);
    assert_eq!(verified.unnamed, Vec::<String>::new(), "every document's hash stands in an event");
    for at in (0..zip.len()).step_by(zip.len() / 40) {
        let mut changed = zip.clone();
        changed[at] ^= 1;
        assert!(verify(&mut Cursor::new(&changed), None).is_err(), "byte {at}");
    }
}

#[tokio::test]
async fn s6_5_the_package_holds_papers_signatures_pieces_and_results() {
    let sample = Sample::ended();
    let shelf = Shelf::with(&sample).await;
    let input = shelf.input(&sample);
    let kinds: BTreeSet<&str> = input.documents.iter().map(|document| document.kind.as_str()).collect();
    let expected = "agreement delivery-notice handover-list material result signature signature-sheet special-notice";
    assert_eq!(kinds, expected.split(' ').collect());
    let hashes: BTreeSet<&str> = input.documents.iter().map(|document| document.hash.as_str()).collect();
    for document in &sample.case.documents {
        assert!(hashes.contains(document.hash.as_str()), "{}", document.number);
        for signature in &document.signatures {
            assert!(hashes.contains(signature.file.hash.as_str()), "a signature under {}", document.number);
        }
    }
    let names: Vec<&str> = input.documents.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(names[0], "001-handover-list-2026-0187-交-01.pdf");
    assert_eq!(names[1], "002-signature-D1-client.png");
    assert!(names.iter().any(|name| name.ends_with("-material-I2.txt")), "{names:?}");
    assert!(names.iter().any(|name| name.ends_with("-result-R1.pdf")), "{names:?}");
    assert!(names.iter().all(|name| files::package::is_safe_name(name)));
    assert!(
        input.documents.iter().all(|document| matches!(document.content, Content::Path(_))),
        "nothing is held in memory"
    );
}

#[tokio::test]
async fn s6_5_the_list_of_contents_names_paper_too_and_where_it_went() {
    let sample = Sample::ended();
    let shelf = Shelf::with(&sample).await;
    let input = shelf.input(&sample);
    assert!(input.catalogue.iter().map(|row| row.item).eq(1..=u32::try_from(input.catalogue.len()).unwrap()));
    let promise = row(&input, "恢复承诺书（原件）");
    assert_eq!((promise.document.as_deref(), promise.pages), (None, Some(6)));
    assert_eq!(promise.remark.as_deref(), Some("已退还委托方"));
    assert_eq!(promise.date.as_deref(), Some("2026-11-02"));
    let form = row(&input, "申请表（原件）");
    assert_eq!(form.remark.as_deref(), Some("由旗住房和城乡建设局留存：交接清单约定不退还"));
    let agreement = row(&input, "事项代办委托协议（2026-0187-协-01）");
    assert_eq!(agreement.remark.as_deref(), Some("委托方、代办方已签署"));
    let refusal = row(&input, "不予许可决定书（原件）");
    assert_eq!(refusal.document, None, "only on paper");
    assert!(refusal.remark.as_deref().unwrap().ends_with("送达委托方"));
}

#[tokio::test]
async fn s6_5_the_metadata_tell_what_the_file_is_about() {
    let mut sample = Sample::ended();
    let shelf = Shelf::with(&sample).await;
    let input = shelf.input(&sample);
    let text = String::from_utf8(input.metadata).unwrap();
    let documents = format!("<电子文件数>{}</电子文件数>", input.documents.len());
    let title = format!("<题名>{ENTERPRISE} 㛃河草场 代办案卷</题名>");
    let agent = format!("<用户名>agent</用户名>\n    <姓名>{AGENT}</姓名>");
    for expected in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<政务服务事项电子文件元数据 版本=\"1\">",
        "<办件编号>2026-0187</办件编号>",
        &title,
        &format!("<名称>{ENTERPRISE}</名称>"),
        "<统一社会信用代码>91150422MA0N3XYZ1K</统一社会信用代码>",
        "<办理方式>代办</办理方式>",
        "<保管期限>30年</保管期限>",
        "<编码>B01</编码>\n    <名称>政务服务业务室</名称>",
        &agent,
        "<事项编码>GC-08</事项编码>",
        "<办理结果>不予许可</办理结果>",
        "<申请日期>2026-11-02</申请日期>",
        "<办结日期>",
        &documents,
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("13800001234"), "no telephone in the metadata");
    assert_eq!((input.sealing.hall.is_empty(), input.sealing.volume), (false, 1));

    sample.case.mode = Mode::Assistance;
    sample.case.matters[2].outcome = None;
    let window = sample.case.matters.iter_mut().find(|matter| matter.scope.code.as_str() == "HP-05");
    window.unwrap().accepted_at_window = Some(sample.now);
    let text = String::from_utf8(shelf.input(&sample).metadata).unwrap();
    for expected in ["<保管期限>10年", "㛃河草场 帮办案卷</题名>", "<办理结果>窗口已受理"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[tokio::test]
async fn s6_5_the_same_case_gives_the_same_package() {
    let mut packages = Vec::new();
    for _ in 0..2 {
        let sample = Sample::ended();
        let shelf = Shelf::with(&sample).await;
        let mut zip = Vec::new();
        write_package(&shelf.input(&sample), &key(), &mut zip).unwrap();
        packages.push(zip);
    }
    assert!(packages[0] == packages[1]);
}

#[tokio::test]
async fn s6_3_the_proof_of_a_receipt_lies_in_the_package() {
    let mut sample = Sample::delivering(DeliveryWay::Courier);
    sample.perform(
        "agent",
        json!({
            "type": "send_result",
            "results": sample.case.undelivered_results(),
            "items": sample.case.outstanding_items(),
            "carrier": "中国邮政速递物流", "number": "EA123456789CN", "address": "林东镇契丹大街 18 号",
        }),
    );
    let at = sample.now;
    sample.perform("agent", json!({"type": "confirm_receipt", "signed_by": "门卫", "at": at, "file": "scan"}));
    let shelf = Shelf::with(&sample).await;
    let input = shelf.input(&sample);
    let receipt = row(&input, "签收凭证");
    assert!(receipt.document.as_deref().unwrap().contains("-receipt-E"));
    let mut zip = Vec::new();
    write_package(&input, &key(), &mut zip).unwrap();
    assert!(verify(&mut Cursor::new(&zip), None).is_ok());
    let unsigned = input.catalogue.iter().filter(|row| row.kind == "delivery-notice");
    assert!(unsigned.clone().count() > 1 && unsigned.into_iter().all(|row| row.remark.as_deref() == Some("未签署")));
}

#[tokio::test]
async fn s6_5_a_file_that_is_gone_is_not_sealed_over() {
    let sample = Sample::ended();
    let shelf = Shelf::with(&sample).await;
    let input = shelf.input(&sample);
    std::fs::remove_file(shelf.files.path(&sample.case.documents[0].hash).unwrap()).unwrap();
    assert!(write_package(&input, &key(), &mut Vec::new()).is_err());
}

#[tokio::test]
async fn s6_5_a_further_volume_holds_what_is_new_and_names_the_first() {
    let mut sample = Sample::ended();
    let shelf = Shelf::with(&sample).await;
    let write = |input: &PackageInput| {
        let mut zip = Vec::new();
        write_package(input, &key(), &mut zip).unwrap();
        zip
    };
    let first = write(&shelf.input(&sample));
    sample.perform("archivist", json!({"type": "archive"}));
    let late = json!({"type": "add_late_document", "title": "退回的回执", "file": "scan", "reason": "邮局补寄"});
    sample.perform("archivist", late);
    let hash = "ab".repeat(32);
    let input = shelf.volume(&sample, Some(hash.clone()));
    assert_eq!(input.sealing.volume, 2);
    let titles: Vec<&str> = input.catalogue.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["退回的回执"]);
    let metadata = String::from_utf8(input.metadata.clone()).unwrap();
    assert!(metadata.contains("<卷号>2</卷号>") && metadata.contains(&hash), "{metadata}");
    let second = write(&input);
    let head = sample.packed().last().unwrap().hash.clone();
    let verified = verify(&mut Cursor::new(&second), Some(&head)).unwrap();
    assert_eq!((verified.documents, verified.events), (1, sample.case.version), "one document, the whole chain");
    assert_eq!(verified.unnamed, Vec::<String>::new());
    assert!(verify(&mut Cursor::new(&first), None).is_ok());
    let text = String::from_utf8_lossy(&first);
    assert!(!text.contains("续卷"), "a first volume says nothing of volumes");
}
