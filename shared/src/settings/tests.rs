use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::domain::{Apps, WireFormat};
use crate::i18n::Catalogue;

/// The apps of a small file with a change.
pub(crate) fn apps_with(
    change: impl FnOnce(&mut Value),
) -> Result<(Apps, Arc<Catalogue>), SettingsError> {
    let mut file = json!({
        "default_app": "main",
        "apps": { "main": {
            "display_name": "Example",
            "sender": "Example <no-reply@example.com>",
            "reset_link": "https://app.example.com/reset/{{token}}",
            "login_url": "https://app.example.com/login",
            "support": "support@example.com",
            "allowed_redirects": ["https://app.example.com/reset"]
        } }
    });
    change(&mut file);
    Settings::of_value(&file)?.apps(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/browser/brand"
    )))
}

fn problems(change: impl FnOnce(&mut Value)) -> Vec<String> {
    apps_with(change).map_or_else(|error| error.problems().to_vec(), |_| Vec::new())
}

/// NIST SP 800-63B-4, 4.6: a notice must say where its recipient gets help.
#[test]
fn an_app_without_support_is_refused() {
    let found = problems(|file| {
        let app = file["apps"]["main"].as_object_mut().expect("an object");
        app.remove("support").expect("it has one");
    });
    assert_eq!(found, ["apps.main: missing field `support`"]);
}

#[test]
fn whatever_the_apps_mean_wrongly_is_told_at_once_with_its_path() {
    let found = problems(|file| {
        let mut shop = file["apps"]["main"].clone();
        shop["sender"] = json!("nobody");
        shop["login_url"] = json!("http://app.example.com/login");
        shop["reset_link"] = json!("https://app.example.com/");
        shop["accent_color"] = json!("blue");
        shop["texts"] = json!({ "de": { "page-nothing": "x" } });
        file["default_app"] = json!("nobody");
        file["apps"]["shop"] = shop.clone();
        file["apps"]["Shop!"] = file["apps"]["main"].clone();
    });
    let paths: Vec<_> = found
        .iter()
        .filter_map(|it| it.split(": ").next())
        .collect();
    let expected = [
        "apps.Shop!",
        "apps.shop.sender",
        "apps.shop.login_url",
        "apps.shop.reset_link",
        "apps.shop.accent_color",
        "default_app",
        "apps.shop.texts.de.page-nothing",
    ];
    assert_eq!(paths, expected, "{found:?}");
}

#[test]
fn a_picture_that_is_none_is_told_with_its_path() {
    let (apps, _) = apps_with(|file| {
        file["apps"]["main"]["logo"] = json!("logo.svg");
        file["apps"]["main"]["logo_dark"] = json!("logo-dark.svg");
        file["apps"]["main"]["favicon"] = json!("favicon.png");
    })
    .expect("good pictures");
    let branding = &apps.default_app().branding;
    let kinds = [&branding.logo, &branding.logo_dark, &branding.favicon];
    let kinds = kinds.map(|it| it.as_ref().map(ToString::to_string).unwrap_or_default());
    for (url, kind) in kinds.iter().zip(["svg+xml", "svg+xml", "png"]) {
        assert!(
            url.starts_with(&format!("data:image/{kind};base64,")),
            "{url}"
        );
    }
    for (field, name, said) in [
        ("logo", "nothing.png", "failed to read \"nothing.png\": "),
        (
            "logo",
            "../brand/logo.svg",
            "must be the name of a file beside",
        ),
        ("logo", "..", "must be the name of a file beside"),
        ("logo", "", "must be the name of a file beside"),
        ("favicon", "README.md", "is neither a PNG nor an SVG"),
        ("logo_dark", "logo.svg", "there is no logo that it takes"),
    ] {
        let found = problems(|file| file["apps"]["main"][field] = json!(name));
        let expected = format!("apps.main.{field}: {said}");
        assert!(
            found.len() == 1 && found[0].starts_with(&expected),
            "{found:?}"
        );
    }
}

/// What is changed, to what, and what is said of it.
const OTHER_SHAPES: &str = r#"
/apps/main/sendr | "x" | apps.main.sendr: unknown field `sendr`
/apps/main/sender | 7 | apps.main.sender: invalid type: integer `7`
/apps/main/users | {"emails_lowercase": "yes"} | apps.main.users.emails_lowercase:
/limits | {"source_requests": 0} | limits.source_requests: must be a whole number from 1 to 100000
/limits | {"source_requests": "many"} | limits.source_requests: must be a whole
/passwords | {"argon2": {"parallelism": -1}} | passwords.argon2.parallelism: must
/passwords | {"hash_format": "md5"} | passwords.hash_format: unknown variant `md5`
/passwords | {"max_length": 63} | passwords.max_length: must be a whole number from 64 to 1024
/passwords | {"pbkdf2_iterations": 599999} | passwords.pbkdf2_iterations: must
/wire_formats | {"frontstack": "main"} | wire_formats.frontstack: unknown variant `frontstack`
/log_level | "loud" | log_level: unknown variant `loud`
/log_level | {"info": null} | log_level: invalid type: map
/apps | null | apps: invalid type: null
/limits | [60, 3] | limits: invalid type: sequence
/apps/main/allowed_redirects | ["https://a.example/", -1] | apps.main.allowed_redirects[1]: invalid type: integer `-1`
"#;

#[test]
fn what_is_of_another_shape_is_told_with_its_path() {
    for row in OTHER_SHAPES.trim().lines() {
        let cells: Vec<_> = row.split(" | ").collect();
        let [path, value, said] = cells[..] else {
            panic!("{row}");
        };
        let found = problems(|file| {
            let (parent, name) = path.rsplit_once('/').expect("a path");
            let parent = file.pointer_mut(parent).expect("an object");
            parent[name] = serde_json::from_str(value).expect("JSON");
        });
        let is_said = found.len() == 1 && found[0].starts_with(said);
        assert!(is_said, "{found:?}\n{said}");
    }
}

#[test]
fn overrides_are_a_merge_patch_over_the_file() {
    let file = r#"{ "default_app": "a", "apps": {}, "mail": { "per_hour": 70 },
                    "users": { "email_index": "i", "name_attribute": "n" } }"#;
    let patch = r#"{ "default_app": "b", "limits": { "source_requests": 1 },
                     "users": { "email_index": null, "table": "people" } }"#;
    let settings = Settings::parse(file, Some(patch)).expect("good settings");
    assert_eq!(settings.default_app, "b");
    assert_eq!(
        (
            settings.limits.source_requests.get(),
            settings.mail.per_hour.get()
        ),
        (1, 70)
    );
    assert_eq!(settings.users.email_index, None);
    assert_eq!(settings.users.table.as_deref(), Some("people"));
    assert_eq!(settings.users.name_attribute, "n");
}

#[test]
fn a_name_that_is_there_twice_is_refused_wherever_it_is() {
    let twice = r#"{ "default_app": "a", "apps": {}, "mail": { "per_hour": 70, "per_hour": 70 } }"#;
    let good = r#"{ "default_app": "a", "apps": {} }"#;
    let error = Settings::parse(twice, None).expect_err("twice").to_string();
    assert!(
        error.starts_with("the settings file: mail.per_hour is there twice"),
        "{error}"
    );
    let error = Settings::parse(good, Some(twice))
        .expect_err("twice")
        .to_string();
    assert!(
        error.starts_with("SETTINGS_OVERRIDES: mail.per_hour is"),
        "{error}"
    );
}

#[test]
fn links_to_http_need_a_flag_but_not_to_this_machine() {
    let with = |rule: &str, insecure: bool| {
        problems(|file| {
            file["apps"]["main"]["allowed_redirects"] = json!([rule]);
            file["apps"]["main"]["insecure_redirects"] = json!(insecure);
        })
    };
    let refused = "apps.main.allowed_redirects[0]: must be an https origin with an optional path \
                   prefix; http needs insecure_redirects";
    assert_eq!(with("http://a.example", false), [refused]);
    assert_eq!(with("http://a.example", true), [""; 0]);
    assert_eq!(with("ftp://a.example", true), [refused]);
    for local in ["http://localhost:3000", "http://127.0.0.1", "http://[::1]"] {
        assert_eq!(with(local, false), [""; 0], "{local}");
    }
}

#[test]
fn a_format_speaks_for_an_app_that_is_there() {
    let with = |id: &str| {
        apps_with(|file| {
            file["apps"]["shop"] = file["apps"]["main"].clone();
            file["wire_formats"] = json!({ "flowfuse": id });
        })
    };
    let (apps, _) = with("shop").expect("a good file");
    assert_eq!(apps.default_for(WireFormat::FlowFuse).id.as_str(), "shop");
    assert_eq!(apps.default_for(WireFormat::Razi).id.as_str(), "main");
    let problems = with("shed").expect_err("no such app");
    assert_eq!(
        problems.problems(),
        ["wire_formats.flowfuse: no app \"shed\""]
    );
}

#[test]
fn what_people_see_of_an_app_is_one_line_and_so_are_headers() {
    for (field, problem) in [
        ("display_name", "must be one line with something in it"),
        ("support", "must be one line with something in it"),
        ("sender", "not a mail address"),
        ("reply_to", "not a mail address"),
    ] {
        let found = problems(|file| {
            file["apps"]["main"][field] = "Example\r\nBcc: x@evil.example <a@example.com>".into();
        });
        assert_eq!(found, [format!("apps.main.{field}: {problem}")]);
    }
}

#[test]
fn a_code_never_outlives_its_link() {
    let settings = Settings::parse(r#"{ "default_app": "a", "apps": {} }"#, None);
    let settings = settings.expect("good settings");
    for (link, code) in [(300, 300), (600, 600), (1800, 600)] {
        let limits = settings.limits(std::time::Duration::from_secs(link));
        assert_eq!(limits.code_lifetime.as_secs(), code);
    }
}

#[test]
fn an_app_s_own_users_table_is_checked_with_the_other() {
    let settings = json!({
        "default_app": "main",
        "apps": { "main": {
            "display_name": "Example",
            "sender": "no-reply@example.com",
            "reset_link": "https://app.example.com/reset/{{token}}",
            "login_url": "https://app.example.com/login",
            "support": "support@example.com",
            "users": { "key_attribute": "email", "email_key": "x" },
        } },
        "users": { "email_index": "i", "email_key": "EMAIL#" }
    });
    let settings = Settings::of_value(&settings).expect("of the right shape");
    let found = settings.user_tables(None).expect_err("wrong settings");
    let key = "must hold {email} once, as in EMAIL#{email}";
    assert_eq!(
        found.problems(),
        [
            "users.table: must be set".to_owned(),
            format!("users.email_key: {key}"),
            "apps.main.users.table: must be set".to_owned(),
            format!("apps.main.users.email_key: {key}"),
        ]
    );
}
