use serde_json::json;

use super::*;

fn file(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut file = json!({
        "default": "main",
        "apps": [{
            "id": "main",
            "display_name": "Example",
            "sender": "Example <no-reply@example.com>",
            "reset_link": "{{base_url}}/auth/forgot-password/{{token}}",
            "login_url": "https://app.example.com/login",
            "allowed_redirects": ["https://app.example.com/reset"]
        }]
    });
    change(&mut file);
    file.to_string()
}

fn problems(change: impl FnOnce(&mut serde_json::Value)) -> Vec<String> {
    Apps::from_json(&file(change)).map_or_else(|error| error.problems().to_vec(), |_| Vec::new())
}

#[test]
fn an_empty_or_absent_name_means_the_default_app() {
    let apps = Apps::from_json(&file(|_| ())).expect("a good file");
    for name in [None, Some(""), Some(" "), Some("main")] {
        assert!(apps.by_name(name).is_some(), "{name:?}");
    }
    for name in ["other", "MAIN", "ma\u{0}in", "../main"] {
        assert!(apps.by_name(Some(name)).is_none(), "{name}");
    }
}

#[test]
fn every_problem_is_named_at_once() {
    let found = problems(|file| {
        file["default"] = json!("nobody");
        file["apps"][0]["sender"] = json!("nobody");
        file["apps"][0]["login_url"] = json!("http://app.example.com/login");
        file["apps"][0]["reset_link"] = json!("https://app.example.com/");
    });
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn fields_that_do_not_exist_and_ids_given_twice_are_refused() {
    assert_eq!(
        problems(|file| file["apps"][0]["sendr"] = json!("x")).len(),
        1
    );
    let found = problems(|file| {
        let app = file["apps"][0].clone();
        file["apps"].as_array_mut().expect("a list").push(app);
    });
    assert_eq!(found, ["apps[1].id: \"main\" is there twice"]);
}

#[test]
fn links_to_http_need_a_flag_but_not_to_this_machine() {
    let with = |rule: &str, flag: serde_json::Value| {
        problems(|file| {
            file["apps"][0]["allowed_redirects"] = json!([rule]);
            file["apps"][0]["insecure_redirects"] = flag;
        })
    };
    let refused = "apps[0].allowed_redirects: each must be an https origin with an optional path \
                   prefix; http needs insecure_redirects";
    assert_eq!(with("http://a.example", json!(false)), [refused]);
    assert_eq!(with("http://a.example", json!(true)), [""; 0]);
    assert_eq!(with("ftp://a.example", json!(true)), [refused]);
    for local in ["http://localhost:3000", "http://127.0.0.1", "http://[::1]"] {
        assert_eq!(with(local, json!(null)), [""; 0], "{local}");
    }
    assert_eq!(with("https://a.example", json!("yes")).len(), 1);
}

#[test]
fn formats_and_their_apps_must_exist() {
    let with = |formats: serde_json::Value| problems(|file| file["wire_formats"] = formats.clone());
    assert_eq!(
        with(json!({ "backstack": "main", "flowfuse": "main" })),
        [""; 0]
    );
    assert_eq!(
        with(json!({ "backstack": "shop", "frontstack": "main" })),
        [
            "wire_formats.backstack: no app \"shop\"",
            "wire_formats.frontstack: no such wire format"
        ]
    );
}

#[test]
fn a_header_cannot_be_smuggled_into_the_sender() {
    let found = problems(|file| {
        file["apps"][0]["sender"] = json!("Example\r\nBcc: x@evil.example <a@example.com>");
    });
    assert_eq!(found, ["apps[0].sender: not a mail address"]);
}

#[test]
fn what_people_see_of_an_app_is_one_line() {
    for field in ["display_name", "support"] {
        let mut entry = serde_json::json!({
            "id": "main",
            "display_name": "Example",
            "sender": "no-reply@example.com",
            "reset_link": "https://app.example.com/reset/{{token}}",
            "login_url": "https://app.example.com/login",
        });
        entry[field] = "Example\r\nBcc: x@example.com".into();
        let file = serde_json::json!({ "default": "main", "apps": [entry] });
        let problems = Apps::from_json(&file.to_string()).expect_err("two lines");
        let named = format!("apps[0].{field}: must be one line");
        assert!(problems.to_string().contains(&named), "{problems}");
    }
}
