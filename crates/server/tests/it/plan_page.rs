//! S5.3: the page of a plan: a sentence first, the picture, what may start, who waits for whom, what would be.

use crate::hall::Hall;
use axum::http::StatusCode;

#[tokio::test]
async fn s5_3_staff_and_the_enterprise_see_the_plan_and_a_stranger_does_not_learn_of_it() {
    let hall = Hall::open().await;
    let case = hall.case.as_str();
    let page = hall.visit("agent", &format!("/cases/{case}/plan")).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    let order = [
        "按承诺时限，最早",
        "id=\"picture\"",
        "今天可以开始办的",
        "谁在等谁",
        "几个大日子",
        "如果换个办法",
        "全部事项",
        "以前估得准不准",
    ];
    let places: Vec<usize> =
        order.iter().map(|words| page.find(words).unwrap_or_else(|| panic!("no {words}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("十次里有八次") || page.contains("会在"), "how likely it is");
    assert!(page.contains("id=\"gantt-0\"") && page.contains("id=\"bars\"") && !page.contains("style="));
    let matters = page.matches("<tr id=\"m-").count();
    assert!(matters > 0);
    for row in page.split("<tr id=\"m-").skip(1) {
        let code = row.split('"').next().unwrap();
        assert_eq!(
            page.matches(&format!("<a class=\"m\" href=\"#m-{code}\">")).count(),
            2,
            "{code}: one on a screen, one on a phone"
        );
    }
    let map = hall.visit("agent", &format!("/cases/{case}/plan?view=map")).await.text();
    assert!(map.contains("id=\"map\"") && map.contains("id=\"steps\"") && !map.contains("id=\"gantt-0\""));

    let own = hall.visit("enterprise", &format!("/my/{case}/plan")).await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(!own.text().contains("staff_office"), "more staff is not for the enterprise to suppose");
    for who in ["rival", "agent2"] {
        for path in [format!("/my/{case}/plan"), format!("/cases/{case}/plan")] {
            let status = hall.visit(who, &path).await.status;
            assert!(status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND, "{who} {path}: {status}");
        }
    }
    assert_eq!(hall.visit("", &format!("/cases/{case}/plan")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn s5_3_what_if_stands_beside_what_is_and_keeps_what_was_typed() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/plan", hall.case);
    let plan = hall.api("agent", "GET", &path, &[], "").await.json();
    let last = plan["critical"].as_array().unwrap().last().unwrap();
    let matter = plan["matters"].as_array().unwrap().iter().find(|matter| matter["code"] == *last).unwrap();
    let office = matter["office"].as_str().unwrap();
    let late =
        hall.visit("agent", &format!("{path}?by=office&late_office={office}&late_days=9&stand_in=1")).await.text();
    assert!(
        late.contains(" 个工作日</td>") && late.contains("按时限算晚 ") && late.contains("按时限全部办结"),
        "{late}"
    );
    assert!(late.contains("name=\"late_days\" type=\"text\" inputmode=\"numeric\" value=\"9\""));
    assert!(late.contains("name=\"stand_in\" value=\"1\" checked"));
    assert!(late.contains("<input type=\"hidden\" name=\"by\" value=\"office\">"), "the choice of picture stays");
    assert!(late.contains("late_office=") && late.contains("view=map"), "another picture keeps what is supposed");

    let wrong = hall.visit("agent", &format!("{path}?late_office={office}&late_days=many")).await.text();
    assert!(wrong.contains("请填 1 到 1000 的整数。") && wrong.contains("value=\"many\""));
    assert!(!wrong.contains("按时限全部办结"), "what is not right is not supposed");
    let unknown = hall.visit("agent", &format!("{path}?late_office=X&late_days=3")).await.text();
    assert!(unknown.contains("请选一个还有事项没办完的部门。"));
}

#[tokio::test]
async fn s5_3_the_goal_counts_backwards_and_the_table_can_be_narrowed() {
    let hall = Hall::open().await;
    let path = format!("/cases/{}/plan", hall.case);
    let nowhere = hall.visit("agent", &path).await.text();
    assert!(!nowhere.contains("/do/set_goal"), "nothing leads to a milestone: no day can be wanted");
    hall.command(&hall.case, "agent", r#"{"type":"change_matters","add":["YY-14"],"reason":"增项"}"#).await;
    let before = hall.visit("agent", &path).await.text();
    assert!(before.contains("还没有定目标日期") && before.contains("/do/set_goal"));
    let form = hall.visit("agent", &format!("/cases/{}/do/set_goal", hall.case)).await.text();
    assert!(form.contains("value=\"MS-TC\"") && !form.contains("value=\"MS-KG\""), "what the case leads to is offered");
    hall.command(&hall.case, "agent", r#"{"type":"set_goal","milestone":"MS-TC","date":"2027-12-01"}"#).await;
    let after = hall.visit("agent", &path).await.text();
    assert!(after.contains("目标：2027年12月1日") && !after.contains("还没有定目标日期"));
    assert!(!hall.visit("office", &path).await.text().contains("/do/set_goal"), "not everybody may set it");

    let rows = |page: &str| page.matches("<tr id=\"m-").count();
    let open = hall.visit("agent", &format!("{path}?show=open&sort=slack")).await.text();
    let done = hall.visit("agent", &format!("{path}?show=done")).await.text();
    assert_eq!(rows(&open) + rows(&done), rows(&after));
}

#[tokio::test]
async fn s5_3_everybody_sees_how_long_a_kind_of_project_takes() {
    let hall = Hall::open().await;
    let page = hall.visit("", "/matters?for=T1").await.text();
    let template = hall.app.reference().catalogue.template(&"T1".into()).unwrap().clone();
    let days = template.estimates.unwrap().critical_path_all_promised_days;
    assert!(page.contains(&format!("从头到尾约 {days} 个工作日")), "{page}");
    for code in &template.matters {
        assert_eq!(page.matches(&format!("<a class=\"m\" href=\"/matters/{code}\">")).count(), 2, "{code}");
    }
    assert!(!hall.visit("", "/matters").await.text().contains("class=\"plan\""), "all matters together are no project");
}
