//! What must hold for every form, whatever is typed into it.

use std::path::Path;

use documents::{DocumentsError, Form, HandoverList, Picture, Renderer, SignatureSheet};

use crate::pdf::{paper, render};
use crate::samples::{agreement, all, handover, signature_sheet, text, texts};

#[test]
fn user_text_is_never_markup() {
    let nasty = texts(&[
        r#"#import "x": *"#,
        "*bold* _it_ `raw`",
        "$x^2$ #let y = 1",
        "<a> @b <script>",
        r#"\ " ' -- --- ... // /* c */"#,
        "= 标题",
        "- 列表 + 1. 序号",
        "{{data}} #data.head",
    ]);
    let mut form = agreement();
    form.materials = nasty.clone();
    form.client = text("*甲*#pagebreak()公司");
    let paper = paper("hostile-agreement", &Form::Agreement(form));
    paper.says(&nasty);
    paper.says(&["委托方：*甲*#pagebreak()公司"]);
}

#[test]
fn rare_characters_of_names_are_printed() {
    let mut form = agreement();
    form.materials = texts(&["𬭚䶮㛃𠮷", "阿拉坦·其其格", "欧阳𬭚", "喆堃玥祎珺镕", "𫖯𬴊𫘧", "㑇㕮㘎㙍㙘"]);
    let form = Form::Agreement(form);
    let paper = paper("rare", &form);
    paper.says_all_of(&form);
}

#[test]
fn characters_without_a_glyph_are_shown_as_such() {
    let mut form = agreement();
    form.client = text("好😀公司\u{e000}");
    form.materials = texts(&[
        "e\u{301}é",
        "a\u{200b}b\u{fe0f}",
        "第一行\n第二行\t三",
        "\u{0}\u{7}尾",
        "ᠮᠣᠩᠭᠣᠯ",
        "العربية",
        "नमस्ते",
        "👨‍👩‍👧",
    ]);
    let paper = paper("no-glyph", &Form::Agreement(form));
    paper.says(&["委托方：好〓公司〓", "ab", "第一行第二行三"]);
    assert!(paper.rendered.replaced.contains(&'😀'));
    assert!(paper.rendered.replaced.contains(&'\u{e000}'));
    assert!(!paper.rendered.replaced.contains(&'好'));
}

#[test]
fn no_character_keeps_a_paper_from_being_made() {
    // All but the plain ideographs, which other tests print: letters, marks, signs, emoji, private and invalid ones.
    let ranges = [
        0..=0x33ff_u32,
        0xa000..=0xffff,
        0x1_0000..=0x1_05ff,
        0x1_d100..=0x1_d1ff,
        0x1_f000..=0x1_faff,
        0xe_0000..=0xe_01ff,
    ];
    let odd: Vec<char> =
        ranges.into_iter().flatten().filter_map(char::from_u32).filter(|c| !('가'..='힣').contains(c)).collect();
    let mut form = agreement();
    form.materials = odd.chunks(64).map(|chunk| chunk.iter().collect()).collect();
    assert!(render(&Form::Agreement(form)).replaced.len() > 5000);
}

#[test]
fn long_words_stay_in_their_column() {
    let mut form = handover();
    form.items[0].name = "https://example.cn/".to_owned() + &"a1".repeat(120);
    form.items[1].remark = Some("X".repeat(90));
    let names = vec![form.items[0].name.clone(), "X".repeat(90)];
    let paper = paper("long-words", &Form::HandoverList(form));
    paper.says(&names);
    // A word beside its column would be cut off by the next: the total still stands below the table.
    paper.says(&["共5项"]);
}

#[test]
fn same_input_gives_same_bytes() {
    for (name, form) in all() {
        assert_eq!(render(&form).pdf, render(&form).pdf, "{name}");
    }
}

#[test]
fn every_paper_is_tagged_pdf_a_2a() {
    for (name, form) in all() {
        let pdf = String::from_utf8_lossy(&render(&form).pdf).into_owned();
        assert!(pdf.contains("<pdfaid:part>2</pdfaid:part>"), "{name}");
        assert!(pdf.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "{name}");
        assert!(pdf.contains("/StructTreeRoot"), "{name}");
    }
}

#[test]
fn forms_go_through_json_unchanged() {
    for (name, form) in all() {
        let json = serde_json::to_string(&form).unwrap();
        assert_eq!(serde_json::from_str::<Form>(&json).unwrap(), form, "{name}");
    }
}

#[test]
fn missing_fonts_say_what_to_run() {
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-fonts");
    std::fs::create_dir_all(&empty).unwrap();
    for dir in [empty.clone(), empty.join("not-there")] {
        let error = Renderer::new(&dir).err().unwrap().to_string();
        assert!(error.contains("make fonts"), "{error}");
    }
}

#[test]
fn a_picture_that_is_none_is_refused() {
    let mut sheet = signature_sheet();
    sheet.signatures[1].picture = Some(Picture(b"<svg/>".to_vec()));
    let renderer = Renderer::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts")).unwrap();
    let refused = renderer.render(&Form::SignatureSheet(sheet), crate::pdf::made_at());
    assert!(matches!(refused, Err(DocumentsError::Picture(1))));
    let broken = SignatureSheet { ..signature_sheet() };
    let mut broken = broken;
    broken.signatures[0].picture = Some(Picture(b"\x89PNG\r\n\x1a\nbroken".to_vec()));
    assert!(matches!(
        renderer.render(&Form::SignatureSheet(broken), crate::pdf::made_at()),
        Err(DocumentsError::Typeset(_))
    ));
}

#[test]
fn empty_lists_still_make_a_paper() {
    let paper = paper(
        "empty-handover",
        &Form::HandoverList(HandoverList { items: vec![], matters: vec![], date: None, ..handover() }),
    );
    paper.says(&["共0项"]);
    assert_eq!(paper.rendered.pages, 1);
}
