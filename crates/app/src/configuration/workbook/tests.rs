use super::*;
use crate::configuration::Input;
use crate::reference::{HallFile, Window};

fn books() -> Books {
    let mut hall = HallFile::default();
    hall.windows.push(Window {
        number: "03".to_owned(),
        name: "企业开办".to_owned(),
        office: "D15".into(),
        matters: vec!["QY-01".into(), "QY-02".into()],
    });
    hall.phones.insert("D15".into(), "0476-7800015".to_owned());
    Books {
        catalogue: serde_json::from_str(include_str!("../../../../../reference/matters.json")).unwrap(),
        hall,
        calendar: serde_json::from_str(include_str!("../../../../../reference/holidays.json")).unwrap(),
        fees: serde_json::from_str(include_str!("../../../../../reference/fees.json")).unwrap(),
        people: Vec::new(),
    }
}

fn exported(books: &Books, book: Book) -> Vec<Sheet> {
    book.tables().map(|table| sheet_of(books, table)).collect()
}

fn compared(books: &Books, sheets: &[Sheet]) -> UploadRead {
    compare(books, &sheet::workbook(sheets).unwrap()).unwrap()
}

#[test]
fn every_table_written_back_is_what_it_was() {
    let books = books();
    for table in Table::ALL {
        let rows = books.rows(table);
        let mut again = books.clone();
        again.write(table, &rows).unwrap();
        assert!(again == books, "{table:?}");
        let formed: Vec<Row> = rows.iter().map(|row| table.row(row).unwrap()).collect();
        assert_eq!(formed, rows, "{table:?}");
    }
    assert_eq!(books.rows(Table::Matters).len(), 92);
}

#[test]
fn what_was_exported_comes_in_again_without_a_difference() {
    let books = books();
    for book in Book::ALL {
        assert_eq!(compared(&books, &exported(&books, book)), UploadRead::default(), "{book:?}");
    }
}

#[test]
fn differences_name_old_and_new() {
    let books = books();
    let mut sheets = exported(&books, Book::Catalogue);
    let matters = sheets.iter_mut().find(|sheet| sheet.name == "事项").unwrap();
    let promised = matters.headings.iter().position(|heading| heading == "承诺时限").unwrap();
    let unit = matters.headings.iter().position(|heading| heading == "承诺时限单位").unwrap();
    let old = matters.rows[1][promised].clone();
    matters.rows[1][promised] = "9".to_owned();
    matters.rows[1][unit] = "自然日".to_owned();
    let code = matters.rows[1][0].clone();
    let aliases = sheets.iter_mut().find(|sheet| sheet.name == "材料别名").unwrap();
    aliases.rows.push(vec!["执照".to_owned(), "营业执照".to_owned()]);
    let special = sheets.iter_mut().find(|sheet| sheet.name == "特殊环节").unwrap();
    let gone = special.rows.remove(0);
    let read = compared(&books, &sheets);
    assert_eq!(read.errors, []);
    assert_eq!(read.changes.len(), 3, "{:?}", read.changes);
    let of = |table: Table| read.changes.iter().find(|change| change.table == table).unwrap();
    let cells: Vec<_> = of(Table::Matters).cells().iter().map(|(column, a, b)| (column.name, *a, *b)).collect();
    assert_eq!((of(Table::Matters).key.as_str(), cells[0]), (code.as_str(), ("promised_days", old.as_str(), "9")));
    assert_eq!(cells[1].2, "calendar_day");
    assert_eq!(of(Table::Aliases).before, None);
    assert_eq!((of(Table::Special).after.clone(), of(Table::Special).key.clone()), (None, gone[..2].join("|")));
    assert_eq!(books.catalogue, self::books().catalogue, "nothing is taken by looking");
}

/// What is wrong, by sheet, cell and code.
fn wrong(read: &UploadRead) -> Vec<(String, String, String)> {
    read.errors.iter().map(|one| (one.sheet.clone(), one.cell.clone(), one.error.code.clone())).collect()
}

#[test]
fn errors_name_sheet_and_cell() {
    let books = books();
    let mut sheets = exported(&books, Book::Catalogue);
    let matters = sheets.iter_mut().find(|sheet| sheet.name == "事项").unwrap();
    let place = matters.headings.iter().position(|heading| heading == "承诺时限").unwrap();
    matters.rows[4][place] = "三天".to_owned();
    matters.rows[6] = matters.rows[5].clone();
    let fees = sheets.iter_mut().find(|sheet| sheet.name == "费用").unwrap();
    fees.rows[0][2] = String::new();
    sheets.push(Sheet { name: "随手记".to_owned(), headings: vec!["？".to_owned()], rows: Vec::new() });
    let expected = [
        ("事项", "K6", "config_number"),
        ("事项", "A8", "config_twice"),
        ("费用", "C2", "required"),
        ("随手记", "A1", "config_sheet"),
    ];
    let expected: Vec<_> = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())).to_vec();
    assert_eq!(wrong(&compared(&books, &sheets)), expected);
}

#[test]
fn a_circle_is_refused_and_named_at_its_cell() {
    let books = books();
    let order = books.rows(Table::Prerequisites);
    let hard = order.iter().find(|row| row[2] == "hard").unwrap().clone();
    let mut sheets = exported(&books, Book::Catalogue);
    let page = sheets.iter_mut().find(|sheet| sheet.name == "前置").unwrap();
    page.rows.push(vec![hard[1].clone(), hard[0].clone(), "必须先办".to_owned()]);
    let last = page.rows.len();
    let read = compared(&books, &sheets);
    assert_eq!(read.errors.len(), 1, "{:?}", read.errors);
    let error = &read.errors[0];
    assert_eq!(error.sheet, "前置");
    let line: usize = error.cell[1..].parse().unwrap();
    let text = &error.error.params["text"];
    assert!(text.contains("绕成了圈") && text.contains(&hard[0]) && text.contains(&hard[1]), "{text}");
    let own = order.iter().position(|row| *row == hard).unwrap() + 1;
    assert!(line == last + 1 || line == own + 1, "{} is a link of the circle", error.cell);
}

#[test]
fn a_sheet_that_is_not_there_changes_nothing() {
    let books = books();
    let only: Vec<Sheet> = exported(&books, Book::Catalogue).into_iter().filter(|s| s.name == "费用").collect();
    assert_eq!(compared(&books, &only), UploadRead::default());
    let error = compare(&books, &sheet::table("空", &[], &[]).unwrap()).unwrap_err();
    assert!(matches!(error, AppError::Invalid(fields) if fields[0].code == "config_no_sheet"));
}

/// Every column that holds a number, with one too large and one too small.
#[test]
fn numbers_have_bounds_in_every_column() {
    let books = books();
    let mut columns = Vec::new();
    for table in Table::ALL {
        let numbers = table.columns().iter().filter(|column| matches!(column.input, Input::Number(..)));
        columns.extend(numbers.map(|column| (table, column.name)));
    }
    let named: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
    assert_eq!(named, ["statutory_days", "promised_days", "extension_days", "copies", "max_days", "year"]);
    for (table, name) in columns {
        let at = table.column(name).unwrap();
        for number in ["-1", "10000", "4294967296", "99999999999999999999"] {
            let mut sheets = exported(&books, table.book());
            let sheet = sheets.iter_mut().find(|sheet| sheet.name == table.sheet()).unwrap();
            sheet.rows[0][at] = number.to_owned();
            let code = if number.len() > 18 { "config_number" } else { "config_bounds" };
            let expected = (table.sheet().to_owned(), address(1, u32::try_from(at).unwrap()), code.to_owned());
            assert!(wrong(&compared(&books, &sheets)).contains(&expected), "{table:?} {name} {number}");
        }
    }
    let mut sheets = exported(&books, Book::Hall);
    let policy = sheets.iter_mut().find(|sheet| sheet.name == Table::Policy.sheet()).unwrap();
    let days = policy.rows.iter().position(|row| row[0] == "notice_days").unwrap();
    for (number, code) in [("-1", "config_number"), ("3651", "config_bounds")] {
        let policy = sheets.iter_mut().find(|sheet| sheet.name == Table::Policy.sheet()).unwrap();
        policy.rows[days][1] = number.to_owned();
        let found = wrong(&compared(&books, &sheets));
        assert_eq!(found, [("服务时限".to_owned(), address(u32::try_from(days).unwrap() + 1, 1), code.to_owned())]);
    }
}

/// A file that is imported whole has the same bounds.
#[test]
fn numbers_have_bounds_in_a_file_too() {
    for (field, column) in
        [("promised", "promised_days"), ("statutory", "promised_days"), ("extension", "promised_days")]
    {
        let mut books = books();
        let matter = &mut books.catalogue.matters[0];
        let far = Some(domain::catalogue::Limit::working_days(3661));
        match field {
            "promised" => matter.promised = far,
            "statutory" => matter.statutory = far,
            _ => matter.extension_days = Some(3661),
        }
        let errors = books.check(false).unwrap_err();
        assert_eq!(errors[0].error.pointer, format!("/{column}"), "{field}");
    }
    let mut books = books();
    let with_material = books.catalogue.matters.iter_mut().find(|matter| !matter.materials.is_empty()).unwrap();
    with_material.materials[0].copies = 1001;
    assert_eq!(books.check(false).unwrap_err()[0].error.pointer, "/copies");
}
