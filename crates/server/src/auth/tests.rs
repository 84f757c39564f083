//! Addresses to go on to stay on this site; logins are counted by address.

use super::limit::{LoginLimit, PER_MINUTE};
use super::{cookies, safe_next, urlencoded};
use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, TimeDelta};

#[test]
fn only_addresses_on_this_site_are_gone_on_to() {
    for good in ["/", "/my", "/desk/cases?q=a&page=2"] {
        assert_eq!(safe_next(good), Some(good));
    }
    for bad in
        ["", "https://example.org", "//example.org", "/\\example.org", "/a\r\nSet-Cookie: x", "/login?next=/", "my"]
    {
        assert_eq!(safe_next(bad), None, "{bad:?}");
    }
}

#[test]
fn queries_survive_the_way_through_the_login() {
    assert_eq!(urlencoded("/desk/cases?q=蓝&a=1"), "/desk/cases%3Fq%3D%E8%93%9D%26a%3D1");
}

#[test]
fn thirty_logins_a_minute_pass_and_a_flood_does_not() {
    let limit = LoginLimit::default();
    let start = DateTime::UNIX_EPOCH;
    const { assert!(PER_MINUTE >= 30) };
    for n in 0..PER_MINUTE {
        assert_eq!(limit.attempt("10.0.0.1", start), Ok(()), "attempt {n}");
    }
    assert!(limit.attempt("10.0.0.1", start + TimeDelta::seconds(59)).is_err_and(|wait| (1..=2).contains(&wait)));
    assert_eq!(limit.attempt("10.0.0.2", start), Ok(()), "another address is not held up");
    assert_eq!(limit.attempt("10.0.0.1", start + TimeDelta::seconds(60)), Ok(()));
}

#[test]
fn cookies_are_found_among_others() {
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_static("a=1; bangban_session=abc=; b=2"));
    assert_eq!(cookies::get(&headers, cookies::SESSION), Some("abc="));
    assert_eq!(cookies::get(&headers, cookies::FORM), None);
    let mut answer = HeaderMap::new();
    cookies::set(&mut answer, cookies::SESSION, "x", Some(60), false);
    let cookie = answer.get(header::SET_COOKIE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
}
