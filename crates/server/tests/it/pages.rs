//! What holds for every page: who gets in, forms from elsewhere, headers, languages, errors.

use crate::hall::{Hall, PASSWORD};
use axum::body::Body;
use axum::http::{Request, header};

#[tokio::test]
async fn logging_in_leads_on_and_out_again() {
    let hall = Hall::open().await;
    let wanted = hall.visit("", "/account").await;
    assert_eq!((wanted.status.as_u16(), wanted.header("location")), (303, "/login?next=/account"));
    let page = hall.visit("", "/login?next=/account").await;
    assert_eq!(page.status, 200);
    assert!(page.header("set-cookie").starts_with("bangban_form="), "{}", page.header("set-cookie"));
    let wrong = hall.post("", "POST", "/login", "username=agent&password=no&next=/account").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("密码不对") && wrong.text().contains("value=\"agent\""), "what was typed is kept");
    assert!(wrong.text().contains("value=\"/account\""));
    let fields = format!("username=agent&password={PASSWORD}&next=/account");
    let right = hall.post("", "POST", "/login", &fields).await;
    assert_eq!((right.status.as_u16(), right.header("location")), (303, "/account"));
    let cookie = right.header("set-cookie").to_owned();
    assert!(cookie.starts_with("bangban_session=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    let away = hall.post("", "POST", "/login", &fields.replace("/account", "//example.org")).await;
    assert_eq!(away.header("location"), "/work", "never to another site");
    let account = hall.visit("agent", "/account").await;
    assert!(account.text().contains("agent·其其格"));
    assert_eq!(hall.post("agent", "POST", "/logout", "").await.status, 303);
    assert_eq!(hall.visit("agent", "/account").await.status, 303, "the session has ended");
}

#[tokio::test]
async fn a_form_from_elsewhere_is_not_taken() {
    let hall = Hall::open().await;
    let (cookie, csrf) = hall.session("agent").await;
    let send = |token: String, site: Option<&'static str>| {
        let mut request = Request::builder()
            .method("POST")
            .uri("/logout")
            .header(header::COOKIE, format!("bangban_session={cookie}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(site) = site {
            request = request.header("Sec-Fetch-Site", site);
        }
        request.body(Body::from(format!("a=1&csrf={token}"))).unwrap()
    };
    for request in [send(String::new(), None), send("guess".to_owned(), None), send(csrf.clone(), Some("cross-site"))] {
        let answer = hall.send(request).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("刷新后再提交"));
    }
    assert_eq!(hall.visit("agent", "/account").await.status, 200, "nothing was done");
    assert_eq!(hall.send(send(csrf, Some("same-origin"))).await.status, 303);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_safe() {
    let hall = Hall::open().await;
    for path in ["/login", "/nowhere", "/assets/theme.css", "/api/v1/me", "/healthz"] {
        let answer = hall.visit("", path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_readers_language() {
    let hall = Hall::open().await;
    let zh = hall.visit("", "/nowhere").await;
    assert_eq!(zh.status, 404);
    assert!(zh.text().contains("<html lang=\"zh-CN\"") && zh.text().contains("没有找到"), "{}", zh.text());
    let request = Request::builder().uri("/nowhere").header(header::ACCEPT_LANGUAGE, "en").body(Body::empty()).unwrap();
    assert!(hall.send(request).await.text().contains("Not found."));
    let chosen = hall.visit("", "/language?to=en&next=/login").await;
    assert_eq!(chosen.header("location"), "/login");
    assert!(chosen.header("set-cookie").starts_with("bangban_lang=en"));
    let wrong = hall.post("", "POST", "/account", "").await;
    assert_eq!(wrong.status, 405);
    assert!(wrong.header("allow").contains("GET"));
    assert!(wrong.text().contains("不接受这种操作"));
}

#[tokio::test]
async fn assets_may_be_kept_when_named_by_their_version() {
    let hall = Hall::open().await;
    let page = hall.visit("", "/login").await.text();
    let at = page.find("/assets/theme.css?v=").unwrap();
    let link = page[at..].split('"').next().unwrap();
    let css = hall.visit("", link).await;
    assert_eq!(css.status, 200);
    assert!(css.header("cache-control").contains("immutable"));
    assert!(css.header("content-type").starts_with("text/css"));
    assert_eq!(hall.visit("", "/assets/theme.css").await.header("cache-control"), "no-cache");
    assert_eq!(hall.visit("", "/assets/../Cargo.toml").await.status, 404);
    let request = Request::builder().uri(link).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
    assert_eq!(hall.send(request).await.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn operators_see_health_and_numbers() {
    let hall = Hall::open().await;
    assert_eq!(hall.visit("", "/healthz").await.text(), "ok\n");
    assert_eq!(hall.visit("", "/readyz").await.status, 200);
    hall.visit("", "/login").await;
    let metrics = hall.visit("", "/metrics").await.text();
    assert!(metrics.contains("bangban_http_request_seconds") && metrics.contains("route=\"/login\""), "{metrics}");
}
