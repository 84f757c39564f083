use super::*;
use serde_json::{Value, json};

const MATTERS: &str = include_str!("../../../../reference/matters.json");

fn catalogue() -> Catalogue {
    Catalogue::parse(MATTERS).unwrap()
}

fn codes(codes: &[&str]) -> Vec<MatterCode> {
    codes.iter().map(|code| (*code).into()).collect()
}

/// The problems of the reference file after an edit.
fn problems(edit: impl FnOnce(&mut CatalogueFile)) -> Vec<Problem> {
    let mut file = catalogue().file().clone();
    edit(&mut file);
    Catalogue::build(file).map_or_else(|error| error.problems, |_| Vec::new())
}

fn spec<'a>(catalogue: &'a Catalogue, matter: &str, name: &str) -> &'a MaterialSpec {
    catalogue.matter(&matter.into()).unwrap().materials.iter().find(|m| m.name == name).unwrap()
}

#[test]
fn the_reference_file_is_read_whole() {
    let catalogue = catalogue();
    let sizes = (
        catalogue.departments().len(),
        catalogue.matters().len(),
        catalogue.templates().len(),
        catalogue.milestones().len(),
    );
    assert_eq!(sizes, (40, 92, 5, 3));
    assert_eq!(catalogue.stages().len(), 7);
    let registration = catalogue.matter(&"QY-02".into()).unwrap();
    assert_eq!(
        (registration.statutory, registration.promised),
        (Some(Limit::working_days(3)), Some(Limit::working_days(1)))
    );
    assert_eq!(registration.extension_days, Some(3));
    assert_eq!(catalogue.matter(&"HP-01".into()).unwrap().statutory, Some(Limit::natural_days(60)));
    assert_eq!(catalogue.matter(&"QY-04".into()).unwrap().statutory, None);
    assert_eq!(catalogue.office(&"D15".into()).unwrap().name, "旗市场监督管理局");
    assert!(catalogue.matter(&"XX-01".into()).is_none() && catalogue.template(&"T9".into()).is_none());
}

#[test]
fn it_is_written_in_the_shape_in_which_it_was_read() {
    let read: Value = serde_json::from_str(MATTERS).unwrap();
    let written = serde_json::to_value(catalogue()).unwrap();
    assert_eq!(written, read);
    assert_eq!(serde_json::from_value::<Catalogue>(written).unwrap(), catalogue());
}

#[test]
fn unreadable_text_says_where() {
    let error = Catalogue::parse("{\n  nonsense").unwrap_err();
    assert!(matches!(error.problems.as_slice(), [Problem::Unreadable { line: 2, .. }]), "{error}");
    let error = serde_json::from_value::<Catalogue>(json!({"departments": [], "matters": [{}]})).unwrap_err();
    assert!(error.to_string().contains("code"), "{error}");
}

#[test]
fn every_broken_reference_is_found_at_once() {
    let found = problems(|file| {
        file.matters[0].department = "D99".into();
        file.matters[1].depends_on.push("XX-01".into());
        file.matters[2].stage = "第八阶段".to_owned();
        file.matters[3].materials[0].from_matters.push("XX-02".into());
        file.project_templates[0].matters.push("XX-03".into());
        file.milestones[0].requires.push("XX-04".into());
    });
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(matches!(&found[0], Problem::UnknownOffice { office, .. } if office.as_str() == "D99"));
    assert!(matches!(&found[2], Problem::UnknownStage { .. }));
    let text = CatalogueError { problems: found }.to_string();
    assert_eq!(text.lines().count(), 6);
    assert!(text.lines().all(|line| line.contains('请')), "each says what to do: {text}");
}

#[test]
fn duplicates_are_found() {
    let found = problems(|file| {
        let copy = file.departments[0].clone();
        file.departments.push(copy);
        let again = file.project_templates[0].matters[0].clone();
        file.project_templates[0].matters.push(again);
        let material = file.matters[1].materials[0].clone();
        file.matters[1].materials.push(material);
    });
    assert!(matches!(&found[0], Problem::DuplicateCode { code, .. } if code == "D01"), "{found:?}");
    assert!(matches!(&found[1], Problem::DuplicateMaterial { .. }));
    assert!(matches!(&found[2], Problem::RepeatedMatter { .. }));
    assert_eq!(found.len(), 3);
}

#[test]
fn two_materials_of_a_matter_may_not_be_the_same_result() {
    let found = problems(|file| {
        let mut other = file.matters[3].materials[0].clone();
        other.name = "营业执照副本".to_owned();
        other.from_matters.reverse();
        file.matters[3].materials.push(other);
    });
    assert!(
        matches!(found.as_slice(), [Problem::DuplicateMaterial { material, .. }] if material == "营业执照副本"),
        "{found:?}"
    );
}

#[test]
fn circles_are_found_over_hard_edges_and_over_both_kinds() {
    let hard = problems(|file| file.matters[0].depends_on.push("QY-04".into()));
    let path = codes(&["QY-01", "QY-02", "QY-04", "QY-01"]);
    assert_eq!(hard, [Problem::Cycle { edges: CycleEdges::Hard, path }]);
    let soft = problems(|file| file.matters[0].soft_after.push("QY-02".into()));
    let path = codes(&["QY-01", "QY-02", "QY-01"]);
    assert_eq!(soft, [Problem::Cycle { edges: CycleEdges::All, path }]);
    let own = problems(|file| file.matters[0].depends_on.push("QY-01".into()));
    assert!(matches!(own.as_slice(), [Problem::Cycle { path, .. }] if *path == codes(&["QY-01", "QY-01"])), "{own:?}");
}

#[test]
fn what_cannot_be_meant_is_found() {
    let found = problems(|file| {
        file.matters[0].promised = Some(Limit::working_days(99_999));
        file.matters[1].materials[0].copies = 0;
        file.matters[3].materials[0].from_matters.clear();
        file.aliases.insert("执照".to_owned(), "营业执照复印件".to_owned());
        file.aliases.insert("营业执照复印件".to_owned(), "营业执照".to_owned());
    });
    assert!(matches!(found[0], Problem::LimitTooLong { days: 99_999, .. }), "{found:?}");
    assert!(matches!(found[1], Problem::NoCopies { .. }) && matches!(found[2], Problem::ResultWithoutMatter { .. }));
    assert!(matches!(found[3], Problem::AliasOfAlias { .. }));
    assert_eq!(found.len(), 4);
}

#[test]
fn s2_2_a_fee_needs_its_matter_its_law_and_its_payee() {
    let fee = |matter: &str, basis: &str| Fee {
        matter: matter.into(),
        name: "不动产登记费".to_owned(),
        legal_basis: basis.to_owned(),
        payee: "旗不动产登记中心".to_owned(),
        standard: String::new(),
        source: String::new(),
        verified: false,
    };
    let found = problems(|file| file.fees = vec![fee("YD-12", " "), fee("XX-12", "发改价格规〔2016〕2559号")]);
    assert!(matches!(found.as_slice(), [Problem::FeeWithoutBasis { .. }, Problem::UnknownMatter { .. }]), "{found:?}");
    let mut file = catalogue().file().clone();
    file.fees = vec![fee("YD-12", "发改价格规〔2016〕2559号")];
    let catalogue = Catalogue::build(file).unwrap();
    assert!(catalogue.fee(&"YD-12".into(), "不动产登记费").is_some());
    assert!(
        catalogue.fee(&"YD-12".into(), "服务费").is_none() && catalogue.fee(&"YD-10".into(), "不动产登记费").is_none()
    );
    let twice = vec![fee("YD-12", "甲"), fee("YD-12", "乙")];
    let error = catalogue.clone().with_fees(FeeFile { fees: twice, ..FeeFile::default() }).unwrap_err();
    assert!(matches!(error.problems.as_slice(), [Problem::DuplicateFee { .. }]), "{error}");
    let unknown = FeeFile { fees: vec![fee("XX-12", "甲")], ..FeeFile::default() };
    assert!(catalogue.with_fees(unknown).unwrap_err().to_string().contains("XX-12"));
}

/// The list that the program brings along: lawful, nothing of it passed off as checked, and only where the catalogue itself
/// says that the matter costs something.
#[test]
fn s2_2_the_curated_list_fits_the_catalogue() {
    let list: FeeFile = serde_json::from_str(include_str!("../../../../reference/fees.json")).unwrap();
    let catalogue = catalogue().with_fees(list).unwrap();
    assert!(catalogue.fees().len() >= 10);
    for fee in catalogue.fees() {
        let matter = catalogue.matter(&fee.matter).unwrap();
        assert_ne!(matter.fee, "不收费", "{}", matter.code);
        assert!(!fee.verified && !fee.source.is_empty() && !fee.standard.is_empty(), "{fee:?}");
        assert!(fee.legal_basis.contains('《') || fee.legal_basis.contains('〔'), "{fee:?}");
    }
    let matter = "YS-08".into();
    let registration: Vec<_> = catalogue.fees_of(&matter).map(|fee| fee.name.as_str()).collect();
    assert_eq!(registration, ["不动产登记费"]);
    assert_eq!(catalogue.fees_of(&"QY-09".into()).count(), 0, "a bank's price is no statutory fee");
}

#[test]
fn s6_2_how_to_get_says_who_and_what_to_do() {
    let catalogue = catalogue();
    let how = |matter: &str, name: &str| how_to_get(spec(&catalogue, matter, name), &catalogue);
    assert_eq!(how("QY-02", "公司章程"), "自备，由企业出具，交原件1份");
    assert_eq!(
        how("QY-04", "营业执照"),
        "办结‘公司设立登记’或‘个体工商户设立登记’后由系统带入；已在别处办过的，带复印件1份"
    );
    assert_eq!(how("HP-02", "环境影响报告表（含公示本）"), "委托有资质的中介机构编制，交原件1份");
    assert_eq!(
        how("YD-05", "营业执照"),
        "由旗市场监督管理局通过数据共享核验，不用提交；查不到时请带复印件1份到受理窗口"
    );
    let form = "自备，到旗市场监督管理局窗口领表或在‘企业开办一网通（内蒙古e登记）’下载，由企业填写并签字盖章，交1份";
    assert_eq!(how("QY-02", "公司登记（备案）申请书"), form);
    let with_condition = how("QY-02", "住所（经营场所）使用证明");
    assert!(with_condition.ends_with("（可用住所申报承诺替代）"), "{with_condition}");
}

#[test]
fn s6_2_every_material_has_a_way_and_the_administrators_text_wins() {
    let catalogue = catalogue();
    for spec in catalogue.matters().iter().flat_map(|m| &m.materials) {
        let text = how_to_get(spec, &catalogue);
        let actor = ["自备", "办结‘", "委托有资质的", "通过数据共享"].iter().any(|start| text.contains(start));
        assert!(actor && !text.contains("‘’") && !text.contains("相关"), "{}: {text}", spec.name);
    }
    let mut own = spec(&catalogue, "QY-02", "公司章程").clone();
    own.how_to_get = Some("用窗口的章程范本".to_owned());
    assert_eq!(how_to_get(&own, &catalogue), "用窗口的章程范本");
}

#[test]
fn materials_are_the_same_by_their_results_or_by_their_names() {
    let catalogue = catalogue();
    let key = |matter: &str, name: &str| catalogue.material_key(spec(&catalogue, matter, name));
    assert_eq!(key("QY-04", "营业执照"), key("QY-05", "营业执照"));
    assert_eq!(key("QY-04", "营业执照"), key("YD-05", "营业执照"), "shared by an office, it is still the same licence");
    assert_eq!(key("QY-02", "法定代表人及经办人身份证件"), key("QY-08", "法定代表人及经办人身份证件"));
    assert_ne!(key("QY-02", "法定代表人及经办人身份证件"), key("QY-03", "经营者身份证件"));
    let mut from = spec(&catalogue, "QY-04", "营业执照").clone();
    from.name = "执照副本".to_owned();
    from.from_matters.reverse();
    assert_eq!(catalogue.material_key(&from), key("QY-04", "营业执照"), "the name and the order do not matter");
}

#[test]
fn an_alias_makes_two_names_one_thing() {
    let mut file = catalogue().file().clone();
    file.aliases.insert("经营者身份证件".to_owned(), "法定代表人及经办人身份证件".to_owned());
    let catalogue = Catalogue::build(file).unwrap();
    let key = |matter: &str, name: &str| catalogue.material_key(spec(&catalogue, matter, name));
    assert_eq!(key("QY-03", "经营者身份证件"), key("QY-02", "法定代表人及经办人身份证件"));
}

#[test]
fn s3_2_a_material_of_several_matters_stands_once_with_the_strictest_demand() {
    let mut file = catalogue().file().clone();
    let identity =
        |m: &mut Matter| m.materials.iter_mut().find(|x| x.name == "法定代表人及经办人身份证件").cloned().unwrap();
    let mut strict = identity(&mut file.matters[7]);
    (strict.form, strict.copies, strict.required, strict.deferrable) = (Form::Original, 3, false, true);
    let place = file.matters[7].materials.iter().position(|x| x.name == strict.name).unwrap();
    file.matters[7].materials[place] = strict;
    let catalogue = Catalogue::build(file).unwrap();
    let list = codes(&["QY-02", "QY-08", "QY-04", "QY-02", "XX-01"]);
    let merged = merge_materials(&catalogue, &list);
    let one = merged.iter().filter(|m| m.name == "法定代表人及经办人身份证件").collect::<Vec<_>>();
    assert_eq!(one.len(), 1);
    let uses: Vec<(&str, bool, bool)> =
        one[0].matters.iter().map(|u| (u.matter.as_str(), u.required, u.deferrable)).collect();
    assert_eq!(uses, [("QY-02", true, false), ("QY-08", false, true), ("QY-04", true, false)]);
    assert_eq!(
        (one[0].spec.form, one[0].spec.copies, one[0].spec.required, one[0].spec.deferrable),
        (Form::Original, 3, true, false)
    );
    assert_eq!(merged[0].name, "公司登记（备案）申请书", "list order");
    let licence = merged.iter().find(|m| m.name == "营业执照").unwrap();
    assert_eq!(licence.from_matters, codes(&["QY-02", "QY-03"]));
}

#[test]
fn merging_loses_no_demand_of_any_template() {
    let catalogue = catalogue();
    for template in catalogue.templates() {
        let merged = merge_materials(&catalogue, &template.matters);
        let asked: usize = template.matters.iter().map(|code| catalogue.matter(code).unwrap().materials.len()).sum();
        assert_eq!(merged.iter().map(|m| m.matters.len()).sum::<usize>(), asked, "{}", template.code);
        assert!(merged.len() < asked);
        assert!(merged.iter().all(|m| m.spec.required == m.matters.iter().any(|u| u.required)));
    }
}

#[test]
fn s4_set_up_and_landing_and_several_offices_propose_agency() {
    let catalogue = catalogue();
    let propose = |list: &[&str]| propose_mode(&catalogue, &codes(list));
    let landing = ProposalReason::SetUpOrLanding { matters: codes(&["QY-02"]) };
    assert_eq!(propose(&["QY-02"]), Proposal { mode: Mode::Agency, reasons: vec![landing] });
    let several = ProposalReason::SeveralOffices { offices: vec!["D15".into(), "D14".into()] };
    assert_eq!(propose(&["YY-02", "YY-12"]), Proposal { mode: Mode::Agency, reasons: vec![several] });
    let shop = propose_mode(&catalogue, &catalogue.template(&"T5".into()).unwrap().matters);
    assert_eq!((shop.mode, shop.reasons.len()), (Mode::Agency, 2));
}

#[test]
fn s4_one_office_after_the_landing_proposes_assistance() {
    let catalogue = catalogue();
    let propose = |list: &[&str]| propose_mode(&catalogue, &codes(list));
    let one = |office: &str| vec![ProposalReason::OneOffice { office: Some(office.into()) }];
    assert_eq!(propose(&["YY-02", "YY-10"]), Proposal { mode: Mode::Assistance, reasons: one("D15") });
    assert_eq!(
        propose(&["HP-05"]).reasons,
        one("D07"),
        "the applicant's own matter concerns only the office that takes part"
    );
    assert_eq!(propose(&[]).reasons, [ProposalReason::NothingChosen]);
    let json = serde_json::to_value(propose(&["YY-02"])).unwrap();
    assert_eq!(json, json!({"mode": "assistance", "reasons": [{"type": "one_office", "office": "D15"}]}));
}
