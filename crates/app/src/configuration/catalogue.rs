//! Matters, materials, order, special procedures, fees, departments, templates, milestones, aliases as rows.

use super::books::{Books, CellError, Cells, value, word, yes};
use super::table::{Row, Table};
use domain::catalogue::{DayUnit, Department, Fee, Limit, MaterialSpec, Matter, Milestone, SpecialProcedure, Template};
use domain::ids::MatterCode;
use std::collections::{BTreeMap, HashMap, HashSet};

fn joined<T: AsRef<str>>(codes: impl IntoIterator<Item = T>) -> String {
    codes.into_iter().map(|code| code.as_ref().to_owned()).collect::<Vec<_>>().join("、")
}

fn codes(codes: &[MatterCode]) -> String {
    joined(codes.iter().map(MatterCode::as_str))
}

fn days(limit: Option<Limit>) -> String {
    limit.map(|limit| limit.days.to_string()).unwrap_or_default()
}

fn unit(limit: Option<Limit>) -> String {
    limit.map(|limit| word(&limit.unit)).unwrap_or_default()
}

fn text(given: &Option<String>) -> String {
    given.clone().unwrap_or_default()
}

pub(super) fn rows(books: &Books, table: Table) -> Vec<Row> {
    let file = &books.catalogue;
    let of_matters = |rows: fn(&Matter) -> Vec<Row>| file.matters.iter().flat_map(rows).collect();
    match table {
        Table::Matters => file.matters.iter().map(matter_row).collect(),
        Table::Materials => of_matters(material_rows),
        Table::Prerequisites => of_matters(order_rows),
        Table::Special => of_matters(special_rows),
        Table::Fees => books.fees.fees.iter().map(fee_row).collect(),
        Table::Departments => file.departments.iter().map(|one| department_row(books, one)).collect(),
        Table::Templates => {
            let row = |one: &Template| {
                vec![one.code.to_string(), one.name.clone(), one.description.clone(), codes(&one.matters)]
            };
            file.project_templates.iter().map(row).collect()
        }
        Table::Milestones => {
            let row = |one: &Milestone| {
                let requires = codes(&one.requires);
                vec![one.code.clone(), one.name.clone(), one.rule.clone(), requires, one.legal_basis.clone()]
            };
            file.milestones.iter().map(row).collect()
        }
        _ => file.aliases.iter().map(|(alias, name)| vec![alias.clone(), name.clone()]).collect(),
    }
}

fn matter_row(matter: &Matter) -> Row {
    vec![
        matter.code.to_string(),
        matter.name.clone(),
        matter.kind.clone(),
        matter.department.to_string(),
        joined(matter.co_departments.iter().map(domain::ids::OfficeCode::as_str)),
        matter.level.clone(),
        matter.stage.clone(),
        matter.handling.clone(),
        days(matter.statutory),
        unit(matter.statutory),
        days(matter.promised),
        unit(matter.promised),
        text(&matter.promised_basis),
        matter.extension_days.map(|days| days.to_string()).unwrap_or_default(),
        matter.legal_basis.clone(),
        matter.fee.clone(),
        yes(matter.commitment_available),
        matter.system.clone(),
        matter.result.clone(),
        text(&matter.applies_when),
        text(&matter.note),
        matter.source.clone(),
    ]
}

fn material_rows(matter: &Matter) -> Vec<Row> {
    let row = |spec: &MaterialSpec| {
        vec![
            matter.code.to_string(),
            spec.name.clone(),
            word(&spec.form),
            spec.copies.to_string(),
            word(&spec.medium),
            yes(spec.required),
            yes(spec.deferrable),
            word(&spec.source),
            codes(&spec.from_matters),
            text(&spec.condition),
            text(&spec.how_to_get),
        ]
    };
    matter.materials.iter().map(row).collect()
}

fn order_rows(matter: &Matter) -> Vec<Row> {
    let row = |order: &'static str| {
        move |before: &MatterCode| vec![matter.code.to_string(), before.to_string(), order.to_owned()]
    };
    matter.depends_on.iter().map(row("hard")).chain(matter.soft_after.iter().map(row("soft"))).collect()
}

fn special_rows(matter: &Matter) -> Vec<Row> {
    let row = |one: &SpecialProcedure| {
        vec![matter.code.to_string(), one.name.clone(), one.max_days.to_string(), word(&one.unit)]
    };
    matter.special_procedures.iter().map(row).collect()
}

fn fee_row(fee: &Fee) -> Row {
    vec![
        fee.matter.to_string(),
        fee.name.clone(),
        fee.legal_basis.clone(),
        fee.payee.clone(),
        fee.standard.clone(),
        fee.source.clone(),
        yes(fee.verified),
    ]
}

fn department_row(books: &Books, department: &Department) -> Row {
    vec![
        department.code.to_string(),
        department.name.clone(),
        department.kind.clone(),
        yes(department.enters_hall),
        books.hall.phones.get(&department.code).cloned().unwrap_or_default(),
        text(&department.note),
    ]
}

pub(super) fn write(books: &mut Books, table: Table, rows: &[Row]) -> Result<(), Vec<CellError>> {
    let cells = || rows.iter().map(|row| Cells { table, row });
    match table {
        Table::Matters => {
            let old = std::mem::take(&mut books.catalogue.matters);
            let known: HashMap<&str, &Matter> = old.iter().map(|one| (one.code.as_str(), one)).collect();
            books.catalogue.matters = cells().map(|row| matter(&row, known.get(row.text("code")).copied())).collect();
        }
        Table::Materials | Table::Prerequisites | Table::Special => return write_parts(books, table, rows),
        Table::Fees => {
            unknown_matters(books, table, rows)?;
            books.fees.fees = cells().map(|row| fee(&row)).collect();
        }
        Table::Departments => {
            books.catalogue.departments = cells().map(|row| department(&row)).collect();
            books.hall.phones =
                cells().filter_map(|row| Some((row.text("code").into(), row.given("phone")?))).collect();
        }
        Table::Templates => {
            let old = std::mem::take(&mut books.catalogue.project_templates);
            books.catalogue.project_templates = cells().map(|row| template(&row, &old)).collect();
        }
        Table::Milestones => {
            let milestone = |row: Cells<'_>| Milestone {
                code: row.owned("code"),
                name: row.owned("name"),
                rule: row.owned("rule"),
                requires: row.list("requires"),
                legal_basis: row.owned("legal_basis"),
            };
            books.catalogue.milestones = cells().map(milestone).collect();
        }
        _ => books.catalogue.aliases = cells().map(|row| (row.owned("alias"), row.owned("name"))).collect(),
    }
    Ok(())
}

/// A limit; a number of days without a unit is one of working days.
fn limit(row: &Cells<'_>, days: &str, unit: &str) -> Option<Limit> {
    let unit = value::<DayUnit>(row.text(unit)).unwrap_or_default();
    row.number(days).map(|days| Limit { days, unit })
}

/// A matter from its row; its materials, order and special procedures have tables of their own and stay.
fn matter(row: &Cells<'_>, old: Option<&Matter>) -> Matter {
    Matter {
        code: row.text("code").into(),
        name: row.owned("name"),
        kind: row.owned("type"),
        department: row.text("office").into(),
        co_departments: row.list("co_offices"),
        level: row.owned("level"),
        stage: row.owned("stage"),
        handling: row.owned("handling"),
        statutory: limit(row, "statutory_days", "statutory_unit"),
        promised: limit(row, "promised_days", "promised_unit"),
        promised_basis: row.given("promised_basis"),
        extension_days: row.number("extension_days"),
        legal_basis: row.owned("legal_basis"),
        fee: row.owned("fee"),
        commitment_available: row.is("commitment"),
        system: row.owned("system"),
        result: row.owned("result"),
        applies_when: row.given("applies_when"),
        note: row.given("note"),
        source: row.owned("source"),
        special_procedures: old.map(|old| old.special_procedures.clone()).unwrap_or_default(),
        materials: old.map(|old| old.materials.clone()).unwrap_or_default(),
        depends_on: old.map(|old| old.depends_on.clone()).unwrap_or_default(),
        soft_after: old.map(|old| old.soft_after.clone()).unwrap_or_default(),
    }
}

fn fee(row: &Cells<'_>) -> Fee {
    Fee {
        matter: row.text("matter").into(),
        name: row.owned("name"),
        legal_basis: row.owned("legal_basis"),
        payee: row.owned("payee"),
        standard: row.owned("standard"),
        source: row.owned("source"),
        verified: row.is("verified"),
    }
}

fn department(row: &Cells<'_>) -> Department {
    Department {
        code: row.text("code").into(),
        name: row.owned("name"),
        kind: row.owned("kind"),
        enters_hall: row.is("enters_hall"),
        note: row.given("note"),
    }
}

/// A template from its row. Reference results are of the list that they were computed for.
fn template(row: &Cells<'_>, known: &[Template]) -> Template {
    let matters: Vec<MatterCode> = row.list("matters");
    let same = known.iter().find(|old| old.code.as_str() == row.text("code") && old.matters == matters);
    Template {
        code: row.text("code").into(),
        name: row.owned("name"),
        description: row.owned("description"),
        estimates: same.and_then(|old| old.estimates.clone()),
        matters,
    }
}

/// Rows of matters that the catalogue does not have.
fn unknown_matters(books: &Books, table: Table, rows: &[Row]) -> Result<(), Vec<CellError>> {
    let known: HashSet<&str> = books.catalogue.matters.iter().map(|matter| matter.code.as_str()).collect();
    let cells = rows.iter().map(|row| Cells { table, row }).filter(|row| !known.contains(row.text("matter")));
    let wrong: Vec<_> =
        cells.map(|row| row.wrong("matter", "unknown_matter").with("matter", row.text("matter"))).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn write_parts(books: &mut Books, table: Table, rows: &[Row]) -> Result<(), Vec<CellError>> {
    unknown_matters(books, table, rows)?;
    let mut by_matter: BTreeMap<&str, Vec<Cells<'_>>> = BTreeMap::new();
    for row in rows {
        let cells = Cells { table, row };
        by_matter.entry(cells.text("matter")).or_default().push(cells);
    }
    for matter in &mut books.catalogue.matters {
        let own = by_matter.remove(matter.code.as_str()).unwrap_or_default();
        match table {
            Table::Materials => matter.materials = own.iter().filter_map(material).collect(),
            Table::Special => matter.special_procedures = own.iter().filter_map(special).collect(),
            _ => {
                let of = |order: &str| {
                    own.iter().filter(|row| row.text("order") == order).map(|row| row.text("before").into()).collect()
                };
                (matter.depends_on, matter.soft_after) = (of("hard"), of("soft"));
            }
        }
    }
    Ok(())
}

fn material(row: &Cells<'_>) -> Option<MaterialSpec> {
    Some(MaterialSpec {
        name: row.owned("name"),
        form: value(row.text("form"))?,
        copies: row.number("copies")?,
        medium: value(row.text("medium"))?,
        required: row.is("required"),
        deferrable: row.is("deferrable"),
        source: value(row.text("source"))?,
        from_matters: row.list("from_matters"),
        condition: row.given("condition"),
        how_to_get: row.given("how_to_get"),
    })
}

fn special(row: &Cells<'_>) -> Option<SpecialProcedure> {
    Some(SpecialProcedure {
        name: row.owned("name"),
        max_days: row.number("max_days")?,
        unit: value(row.text("unit"))?,
    })
}
