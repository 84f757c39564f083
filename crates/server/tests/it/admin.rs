//! The administrator's pages: who gets in, forms, Excel, the record of changes.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::hall::{Answer, Hall};
use app::configuration::{Effect, RowChange, Table};
use axum::body::Body;
use axum::http::{Request, header};

fn coded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The value of a hidden field of a page, as the form would send it.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    let value = page[at..].split('"').nth(3).unwrap();
    value.replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">")
}

/// The fields of a row's form with one changed, and day and reason.
async fn form(hall: &Hall, table: Table, key: &str, column: &str, value: &str, on: &str, reason: &str) -> String {
    let page = hall.visit("admin", &format!("/admin/t/{}/row?key={}", table.name(), coded(key))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let seen = hidden(&page.text(), "seen");
    let mut row: Vec<String> = serde_json::from_str(&seen).unwrap();
    row[table.column(column).unwrap()] = value.to_owned();
    let cells = table.columns().iter().zip(&row).flat_map(|(column, cell)| {
        cell.split('、').map(|part| format!("{}={}&", column.name, coded(part))).collect::<Vec<_>>()
    });
    let cells: String = cells.collect();
    format!("{cells}seen={}&effective_on={on}&reason={}", coded(&seen), coded(reason))
}

async fn upload(hall: &Hall, bytes: &[u8]) -> Answer {
    let (session, csrf) = hall.session("admin").await;
    let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n";
    body.extend([head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat());
    let request = Request::builder()
        .method("POST")
        .uri("/admin/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header(header::COOKIE, format!("bangban_session={session}"));
    hall.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn every_page_of_the_configuration_is_there_for_the_administrator_alone() {
    let hall = Hall::open().await;
    for page in ["/admin", "/admin/import", "/admin/year", "/admin/changes"] {
        assert_eq!(hall.visit("admin", page).await.status, 200, "{page}");
        assert_eq!(hall.visit("director", page).await.status, 403, "{page}");
        assert_eq!(hall.visit("enterprise", page).await.status, 403, "{page}");
    }
    for table in Table::ALL {
        let list = hall.visit("admin", &format!("/admin/t/{}", table.name())).await;
        assert_eq!(list.status, 200, "{table:?}");
        let text = list.text();
        assert!(!text.contains("admin."), "a message is missing on the list of {table:?}");
        if !table.is_fixed() {
            let new = hall.visit("admin", &format!("/admin/t/{}/row", table.name())).await;
            assert_eq!(new.status, 200, "{table:?}");
            assert!(!new.text().contains("admin."), "a message is missing on the form of {table:?}");
        }
        if let Some(at) = text.find("/row?key=") {
            let link = text[at..].split('"').next().unwrap().replace("&#38;", "&");
            let row = hall.visit("admin", &format!("/admin/t/{}{link}", table.name())).await;
            assert_eq!(row.status, 200, "{table:?} {link}");
        }
    }
    assert_eq!(hall.visit("admin", "/admin/t/nothing").await.status, 404);
    assert_eq!(hall.visit("admin", "/admin/t/matters/row?key=none").await.status, 404);
    let work = hall.visit("admin", "/work").await.text();
    assert!(work.contains("href=\"/admin\""), "the menu leads there");
}

#[tokio::test]
async fn a_row_is_changed_from_a_day_on_and_the_record_says_so() {
    let hall = Hall::open().await;
    let path = "/admin/t/matters/row";
    let wrong = form(&hall, Table::Matters, "QY-02", "promised_days", "三天", "2026-12-01", "核对").await;
    let wrong = hall.post("admin", "POST", path, &wrong).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("“三天”不是整数") && wrong.text().contains("id=\"promised_days-w\""));
    assert!(wrong.text().contains("value=\"三天\"") && wrong.text().contains("核对"), "what was typed is kept");
    let bare = form(&hall, Table::Matters, "QY-02", "promised_days", "6", "2026-12-01", "").await;
    let bare = hall.post("admin", "POST", path, &bare).await;
    assert!(bare.status == 422 && bare.text().contains("id=\"reason-w\""));
    let past = form(&hall, Table::Matters, "QY-02", "promised_days", "6", "2026-11-23", "核对").await;
    assert!(hall.post("admin", "POST", path, &past).await.text().contains("生效日期已经过去"));
    let fields = form(&hall, Table::Matters, "QY-02", "promised_days", "6", "2026-12-01", "局务会第九次会议").await;
    let done = hall.post("admin", "POST", path, &fields).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/admin/t/matters"));
    let changes = hall.visit("admin", "/admin/changes").await.text();
    for part in ["局务会第九次会议", "等待生效", "12月1日", "承诺时限", "<ins>6</ins>"] {
        assert!(changes.contains(part), "{part}: {changes}");
    }
    let withdraw = format!("kind=catalogue&version={}&reason={}", hidden(&changes, "version"), coded("暂缓"));
    assert_eq!(hall.post("admin", "POST", "/admin/changes/withdraw", &withdraw).await.status, 303);
    let changes = hall.visit("admin", "/admin/changes?state=planned").await.text();
    assert!(!changes.contains("局务会第九次会议"), "nothing is planned any more");
}

#[tokio::test]
async fn a_circle_is_refused_on_the_form_by_name() {
    let hall = Hall::open().await;
    let reference = hall.app.reference();
    let matter = reference.catalogue.matters().iter().find(|matter| !matter.depends_on.is_empty()).unwrap();
    let before = &matter.depends_on[0];
    let fields = format!(
        "matter={before}&before={}&order=hard&seen=null&effective_on=2026-11-24&reason={}",
        matter.code,
        coded("测试")
    );
    let answer = hall.post("admin", "POST", "/admin/t/prerequisites/row", &fields).await;
    assert_eq!(answer.status, 422);
    let text = answer.text();
    assert!(
        text.contains("绕成了圈") && text.contains(before.as_str()) && text.contains(matter.code.as_str()),
        "{text}"
    );
}

#[tokio::test]
async fn a_year_is_compared_and_then_switched() {
    let hall = Hall::open().await;
    let fields = format!(
        "year=2027&off={}&work={}",
        coded("2027-01-01 至 2027-01-03\n2027-02-06、2027-02-07"),
        coded("2027-02-20")
    );
    let preview = hall.post("admin", "POST", "/admin/year", &fields).await;
    assert_eq!(preview.status, 200);
    let text = preview.text();
    assert!(text.contains("6 处不同") && text.contains("2027-02-20") && text.contains("到期日会改变"), "{text}");
    assert!(!hall.app.reference().calendar.years().contains(&2027), "nothing is taken by looking");
    let reason = coded("国办发明电〔2026〕7号");
    let fields = format!("mark={}&reason={reason}", hidden(&text, "mark"));
    let taken = hall.post("admin", "POST", "/admin/import/take", &fields).await;
    assert_eq!((taken.status.as_u16(), taken.header("location")), (303, "/admin/changes"));
    let reference = hall.app.reference();
    let day = |text: &str| reference.calendar.day(text.parse().unwrap());
    assert!(day("2027-02-20").working && !day("2027-01-01").working && !day("2027-03-01").provisional);
    let wrong = hall.post("admin", "POST", "/admin/year", "year=2027&off=2027-13-01").await;
    assert!(wrong.status == 422 && wrong.text().contains("id=\"off-w\""));
}

#[tokio::test]
async fn a_closure_says_how_many_dates_move_before_it_is_taken() {
    let hall = Hall::open().await;
    let fields = format!(
        "date=2026-12-01&cause=x&document={}&reason={}&seen=null&effective_on=2026-11-24",
        coded("左政办发〔2026〕8号"),
        coded("暴雪")
    );
    let asked = hall.post("admin", "POST", "/admin/t/closures/row", &fields).await;
    assert_eq!(asked.status, 200);
    assert!(asked.text().contains("name=\"confirmed\"") && asked.text().contains("到期日会改变"), "{}", asked.text());
    let done = hall.post("admin", "POST", "/admin/t/closures/row", &format!("{fields}&confirmed=1")).await;
    assert_eq!(done.status, 303);
    assert!(!hall.app.reference().calendar.day("2026-12-01".parse().unwrap()).working);
}

#[tokio::test]
async fn excel_goes_out_and_comes_in_again() {
    let hall = Hall::open().await;
    let file = hall.visit("admin", "/admin/export/catalogue").await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").starts_with("attachment") && file.body.starts_with(b"PK"));
    let same = upload(&hall, &file.body).await;
    assert_eq!((same.status.as_u16(), same.header("location")), (303, "/admin/import"));
    assert_eq!(hall.visit("director", "/admin/export/catalogue").await.status, 403);

    let rows = [["执照", "营业执照"], ["", "空"]].map(|row| row.map(str::to_owned).to_vec());
    let wrong = upload(&hall, &app::sheet::table("材料别名", &["别名", "标准名称"], &rows).unwrap()).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("A3") && wrong.text().contains("材料别名"), "{}", wrong.text());
    let differs = upload(&hall, &app::sheet::table("材料别名", &["别名", "标准名称"], &rows[..1]).unwrap()).await;
    assert_eq!(differs.status, 200);
    assert!(differs.text().contains("1 处不同") && differs.text().contains("执照"));
    let fields = format!("mark={}&effective_on=2026-11-24&reason", hidden(&differs.text(), "mark"));
    let no_reason = hall.post("admin", "POST", "/admin/import/take", &format!("{fields}=")).await;
    assert_eq!(no_reason.status, 422);
    let taken = hall.post("admin", "POST", "/admin/import/take", &format!("{fields}=x")).await;
    assert_eq!(taken.status, 303);
    assert_eq!(hall.app.reference().catalogue.canonical_name("执照"), "营业执照");
    let none = upload(&hall, b"no workbook").await;
    assert!(none.status == 422 && none.text().contains("id=\"file-w\""));
}

#[tokio::test]
async fn people_get_their_roles_and_a_new_password_once() {
    let hall = Hall::open().await;
    let fields = form(&hall, Table::People, "agent", "qualified", "no", "", "培训到期").await;
    assert_eq!(hall.post("admin", "POST", "/admin/t/people/row", &fields).await.status, 303);
    assert!(!hall.app.reference().directory.person(&"agent".into()).unwrap().qualified);
    let shown = hall.post("admin", "POST", "/admin/people/agent/password", &format!("reason={}", coded("忘了"))).await;
    assert_eq!(shown.status, 200);
    let text = shown.text();
    let password = text.split("<b>").nth(1).and_then(|rest| rest.split("</b>").next()).unwrap();
    assert!(hall.app.log_in("agent", password).await.is_ok(), "{password}");
    assert!(hall.app.log_in("agent", crate::hall::PASSWORD).await.is_err());
    let bare = hall.post("admin", "POST", "/admin/people/agent/password", "reason=").await;
    assert_eq!(bare.status, 303, "back to the form, with what is missing");
    assert_eq!(hall.post("head", "POST", "/admin/people/agent/password", "reason=x").await.status, 403);
}

/// What another page has compared since is not taken for what stands on this one.
#[tokio::test]
async fn what_is_confirmed_is_what_was_shown() {
    let hall = Hall::open().await;
    let compared = async |alias: &str| {
        let rows = [[alias, "营业执照"].map(str::to_owned).to_vec()];
        upload(&hall, &app::sheet::table("材料别名", &["别名", "标准名称"], &rows).unwrap()).await.text()
    };
    let fields = |page: &str| format!("mark={}&effective_on=2026-11-24&reason=x", hidden(page, "mark"));
    let (first, second) = (compared("执照").await, compared("本本").await);
    let refused = hall.post("admin", "POST", "/admin/import/take", &fields(&first)).await;
    assert_eq!(refused.status, 409);
    let text = refused.text();
    assert!(text.contains("另一个页面") && text.contains("本本"), "{text}");
    assert_eq!(hidden(&text, "mark"), hidden(&second, "mark"), "the newest is shown, to be confirmed");
    assert_eq!(hall.post("admin", "POST", "/admin/import/take", &fields(&text)).await.status, 303);
    assert_eq!(hall.app.reference().catalogue.canonical_name("本本"), "营业执照");
}

#[tokio::test]
async fn a_file_full_of_errors_is_told_in_part() {
    let hall = Hall::open().await;
    let rows: Vec<Vec<String>> = (0..250).map(|_| vec![String::new(), "空".to_owned()]).collect();
    let wrong = upload(&hall, &app::sheet::table("材料别名", &["别名", "标准名称"], &rows).unwrap()).await;
    assert_eq!(wrong.status, 422);
    let text = wrong.text();
    assert!(text.contains("A201") && !text.contains("A202"));
    assert!(text.contains("250 处要改") && text.contains("还有 50 处没有列出"), "{text}");
}

#[tokio::test]
async fn office_hours_are_those_of_the_season_and_sessions_are_announced() {
    let hall = Hall::open().await;
    let row = |table: Table, cells: &[&str]| {
        let row: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        RowChange { table, key: table.key_of(&row), before: None, after: Some(row) }
    };
    let changes = vec![
        row(Table::Hours, &["11-01", "02-28", "09:00-12:00、13:30-16:40"]),
        row(Table::Sessions, &["2026-11-28", "09:10", "11:20", "B01"]),
        row(Table::Sessions, &["2026-11-21", "08:10", "10:50", ""]),
    ];
    let effect = Effect { on: "2026-11-24".parse().unwrap(), reason: "冬季".to_owned() };
    hall.app.configure(&hall.user("admin"), changes, effect).await.unwrap();
    let about = hall.visit("enterprise", "/about").await.text();
    for part in ["9:00—12:00、13:30—16:40", "9:10—11:20", "政务服务业务室"] {
        assert!(about.contains(part), "{part}: {about}");
    }
    assert!(!about.contains("8:10—10:50"), "what is over is not announced");
}
