use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../../reference/identifiers.json")).unwrap()
}

fn rows(value: &Value) -> &[Value] {
    let rows = value.as_array().unwrap();
    assert!(!rows.is_empty());
    rows
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap()
}

#[test]
fn every_credit_code_vector() {
    let vectors = &vectors()["unified_social_credit_code"];
    for row in rows(&vectors["valid"]) {
        let code = Uscc::parse(text(row, "code")).unwrap();
        assert_eq!(code.warnings(), [], "{row}");
    }
    for row in rows(&vectors["valid_with_warning"]) {
        let code = Uscc::parse(text(row, "code")).unwrap();
        assert_eq!(serde_json::to_value(code.warnings()).unwrap(), serde_json::json!([row["warning"]]), "{row}");
    }
    for row in rows(&vectors["invalid"]) {
        assert_eq!(Uscc::parse(text(row, "code")).unwrap_err().code(), text(row, "reason_code"), "{row}");
    }
    for row in rows(&vectors["normalisation"]) {
        assert_eq!(Uscc::parse(text(row, "input")).unwrap().as_str(), text(row, "normalised"), "{row}");
    }
}

#[test]
fn a_wrong_credit_code_says_where() {
    let error = Uscc::parse("91150422 otextext5d").unwrap_err();
    assert_eq!(error, UsccError::Charset { position: 9, found: 'O' });
    let named = |name: &str| error.told().1.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    assert_eq!([named("position"), named("found"), named("meant")].map(Option::unwrap), ["9", "O", "0"]);
    assert_eq!(Uscc::parse("91150422XTEXTEXT5").unwrap_err(), UsccError::Length { found: 17 });
    assert_eq!(Uscc::parse("91150422XTEXTEXT5E").unwrap_err(), UsccError::Checksum { position: 18 });
    assert_eq!(Uscc::parse("91150422X企EXTEXT5D").unwrap_err(), UsccError::Charset { position: 10, found: '企' });
}

#[test]
fn a_credit_code_is_stored_as_its_text_and_checked_when_read() {
    let code = Uscc::parse("91150422XTEXTEXT5D").unwrap();
    assert_eq!(serde_json::to_string(&code).unwrap(), "\"91150422XTEXTEXT5D\"");
    assert_eq!(serde_json::from_str::<Uscc>("\"91150422xtextext5d\"").unwrap(), code);
    assert!(serde_json::from_str::<Uscc>("\"91150422XTEXTEXT5E\"").is_err());
    let state = Uscc::parse("91100000100003962T").unwrap();
    assert_eq!(state.warnings(), [], "100000 is the state itself");
}

#[test]
fn every_identity_number_vector() {
    let vectors = &vectors()["resident_id"];
    for row in rows(&vectors["valid"]) {
        let id = ResidentId::parse(text(row, "id")).unwrap();
        assert_eq!(id.birth().unwrap().to_string(), text(row, "birth"), "{row}");
        assert_eq!(serde_json::to_value(id.sex()).unwrap(), row["sex"], "{row}");
    }
    for row in rows(&vectors["invalid"]) {
        assert_eq!(ResidentId::parse(text(row, "id")).unwrap_err().code(), text(row, "reason_code"), "{row}");
    }
    for row in rows(&vectors["normalisation"]) {
        assert_eq!(ResidentId::parse(text(row, "input")).unwrap().as_str(), text(row, "normalised"), "{row}");
    }
    for row in rows(&vectors["legacy_15_to_18"]) {
        assert_eq!(legacy_to_18(text(row, "input")).unwrap(), text(row, "output"), "{row}");
    }
    assert_eq!(legacy_to_18("15042219000101001X"), None);
}

#[test]
fn private_values_print_masked() {
    let id = ResidentId::parse("15042219000101001X").unwrap();
    assert_eq!(format!("{id:?}"), "ResidentId(150***********001X)");
    assert_eq!(id.last_four(), "001X");
    let phone = Phone::parse("13800000000").unwrap();
    assert_eq!(format!("{phone:?}"), "Phone(138****0000)");
    assert_eq!(phone.last_four(), "0000");
}

#[test]
fn every_masking_vector() {
    for row in rows(&vectors()["masking"]["vectors"]) {
        let input = text(row, "input");
        let masked = match text(row, "kind") {
            "mobile" | "landline" => mask_phone(input),
            "resident_id" => mask_id_number(input),
            "name" => mask_name(input),
            "uscc" => mask_uscc(input),
            "email" => mask_email(input),
            "bank_account" => mask_bank_account(input),
            other => panic!("a kind without a rule: {other}"),
        };
        assert_eq!(masked, text(row, "masked"), "{row}");
    }
}

#[test]
fn what_is_short_or_foreign_is_masked_too() {
    assert_eq!(mask_phone("010-80000000"), "010-*****000");
    assert_eq!(mask_phone("400-800-0000"), "400-****000");
    assert_eq!(mask_phone("+85261234567"), "+********567");
    assert_eq!(mask_phone("12345"), "*****");
    assert_eq!(mask_phone(""), "");
    assert_eq!(mask_id_number("1234567"), "*******");
    assert_eq!(mask_email("ab@example.com"), "a*@example.com");
    assert_eq!(mask_email("a@example.com"), "*@example.com");
    assert_eq!(mask_email("nobody"), "******");
    assert_eq!(mask_bank_account("620000"), "******");
}

#[test]
fn every_phone_vector() {
    let vectors = &vectors()["phone"];
    for number in rows(&vectors["valid_mobile"]) {
        assert_eq!(Phone::parse(number.as_str().unwrap()).unwrap().kind(), PhoneKind::Mobile, "{number}");
    }
    for number in rows(&vectors["valid_landline"]) {
        let kind = Phone::parse(number.as_str().unwrap()).unwrap().kind();
        assert!(matches!(kind, PhoneKind::Landline | PhoneKind::Service), "{number}");
    }
    for row in rows(&vectors["invalid"]) {
        assert!(Phone::parse(text(row, "input")).is_err(), "{row}");
    }
}

#[test]
fn numbers_are_written_in_one_way() {
    let written = |text: &str| Phone::parse(text).unwrap().as_str().to_owned();
    for same in ["13800000000", "138 0000 0000", "+86 138-0000-0000", "0086 13800000000", "１３８００００００００"]
    {
        assert_eq!(written(same), "13800000000", "{same}");
    }
    for same in ["0476-7800000", "04767800000", "（0476）7800000", "+86 476 7800000", "+86 0476 7800000"] {
        assert_eq!(written(same), "0476-7800000", "{same}");
    }
    assert_eq!(written("+86 10 8000 0000"), "010-80000000");
    assert_eq!(written("400 800 0000"), "400-800-0000");
    assert_eq!(written("+86 400 800 0000"), "400-800-0000");
    assert_eq!(written("+852 6123 4567"), "+85261234567");
    assert_eq!(written("+7 (912) 345-67-89"), "+79123456789");
    assert_eq!(written("00976 8812 3456"), "+97688123456");
    assert_eq!(written("+1 415 555 0100"), "+14155550100");
}

#[test]
fn wrong_numbers_say_what_is_wrong() {
    let refused = |text: &str| Phone::parse(text).unwrap_err();
    assert_eq!(refused(" "), PhoneError::Empty);
    assert_eq!(refused("+"), PhoneError::Empty);
    assert_eq!(refused("12800000000"), PhoneError::MobilePrefix);
    assert_eq!(refused("1380000000"), PhoneError::MobileLength { found: 10 });
    assert_eq!(refused("0476-123"), PhoneError::LandlineLength { found: 7 });
    assert_eq!(refused("7800000"), PhoneError::AreaCodeMissing);
    assert_eq!(refused("138a0000000"), PhoneError::Character { position: 4, found: 'a' });
    assert_eq!(refused("138+0000000"), PhoneError::Character { position: 4, found: '+' });
    assert_eq!(refused("+852 1234"), PhoneError::InternationalLength { found: 7 });
    assert_eq!(refused("+7"), PhoneError::InternationalLength { found: 1 });
    assert_eq!(refused("99999"), PhoneError::Unknown);
}

#[test]
fn names_may_be_long_and_rare_but_not_deceive() {
    let person = |text: &str| PersonName::parse(text).map(String::from);
    assert_eq!(person(" 　阿拉坦高娃·巴特尔 ").unwrap(), "阿拉坦高娃·巴特尔");
    assert_eq!(person("𬴂㛃").unwrap(), "𬴂㛃");
    assert_eq!(person("ᠰᠡᠴᠡᠨ\u{202f}ᠦ").unwrap(), "ᠰᠡᠴᠡᠨ\u{202f}ᠦ");
    assert_eq!(person("　"), Err(TextError::Empty));
    assert_eq!(person("张\n三"), Err(TextError::Character { position: 2 }));
    assert_eq!(person(" 张\u{202e}三"), Err(TextError::Character { position: 3 }));
    assert!(person(&"名".repeat(100)).is_ok());
    assert_eq!(person(&"名".repeat(101)), Err(TextError::TooLong { found: 101, most: 100 }));
    assert!(OrgName::parse(&"企".repeat(200)).is_ok() && OrgName::parse(&"企".repeat(201)).is_err());
    assert!(serde_json::from_str::<OrgName>("\"\"").is_err());
    for deceiving in ["\0", "\u{1b}", "\u{85}", "\u{ad}", "\u{61c}", "\u{200b}", "\u{2066}", "\u{3164}", "\u{1ffff}"] {
        assert_eq!(person(&format!("张{deceiving}三")), Err(TextError::Character { position: 2 }), "{deceiving:?}");
    }
    assert_eq!(person("\u{200d}\u{180b}"), Err(TextError::Empty), "there is nothing to see");
    assert_eq!(person("葛\u{e0100}"), Ok("葛\u{e0100}".to_owned()), "a variant of a character is another character");
}

#[test]
fn longer_texts_have_lines_but_nothing_that_no_paper_can_show() {
    assert_eq!(read_text(" 第一行\r\n\t第二行 ", 20).unwrap(), "第一行\r\n\t第二行");
    assert_eq!(read_text("\n", 20), Err(TextError::Empty));
    assert_eq!(read_text("一二三", 2), Err(TextError::TooLong { found: 3, most: 2 }));
    assert_eq!(read_text("付款\u{202e}元001", 20), Err(TextError::Character { position: 3 }));
}

proptest! {
    #[test]
    fn reading_never_panics_and_reading_again_changes_nothing(text in "\\PC{0,24}") {
        if let Ok(code) = Uscc::parse(&text) {
            prop_assert_eq!(Uscc::parse(code.as_str()).unwrap(), code);
        }
        let _ = ResidentId::parse(&text);
        let _ = [mask_phone(&text), mask_id_number(&text), mask_name(&text), mask_email(&text), mask_bank_account(&text)];
    }

    #[test]
    fn a_phone_number_reads_as_itself(text in "[+0-9() -]{1,18}") {
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
        }
    }

    #[test]
    fn one_wrong_digit_of_an_identity_number_is_noticed(at in 0usize..17, shift in 1u32..10) {
        let mut id: Vec<char> = "15042219000101001X".chars().collect();
        id[at] = char::from_digit((id[at].to_digit(10).unwrap() + shift) % 10, 10).unwrap();
        prop_assert!(ResidentId::parse(&id.into_iter().collect::<String>()).is_err());
    }

    #[test]
    fn one_wrong_character_of_a_credit_code_is_noticed(at in 0usize..18, other in 0usize..31) {
        let mut code: Vec<char> = "91150422XTEXTEXT5D".chars().collect();
        let wrong = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().nth(other).unwrap();
        prop_assume!(code[at] != wrong);
        code[at] = wrong;
        prop_assert!(Uscc::parse(&code.into_iter().collect::<String>()).is_err());
    }
}
