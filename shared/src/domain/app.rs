mod accent;
mod link;
mod mailbox;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

pub use accent::AccentColor;
use link::LinkTemplate;
pub use link::{LinkValues, RedirectRule};
pub use mailbox::Mailbox;

/// The name of an app within the deployment: 1 to 64 of `a-z`, `0-9`, `-`, `_`, `.`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(String);

impl AppId {
    /// The id with this text, if it may be one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One app that the deployment serves.
#[derive(Debug, Clone)]
pub struct App {
    /// Its id, as `X-App-Name` names it.
    pub id: AppId,
    /// The name that people know it by.
    pub display_name: String,
    /// The `From` of its mails.
    pub sender: Mailbox,
    /// The `Reply-To` of its mails.
    pub reply_to: Option<Mailbox>,
    /// Where people log in.
    pub login_url: String,
    /// The language (BCP 47) for people of whom no other is known.
    pub locale: String,
    /// The colour of its pages and mails.
    pub accent: AccentColor,
    /// Texts in place of those that every app has: by language, then by the id of the message.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Where people get help, as it is shown to them.
    pub support: Option<String>,
    reset_link: LinkTemplate,
    allowed_redirects: Vec<RedirectRule>,
}

impl App {
    /// The link that a reset mail carries.
    ///
    /// `chosen` is the link template that the caller asked for; it must have passed
    /// [`App::allows_redirect`]. In it `{{code}}` stands for the link token, because the frontends
    /// that choose their own link call it so.
    #[must_use]
    pub fn reset_link(&self, values: &LinkValues<'_>, chosen: Option<&str>) -> String {
        match chosen {
            Some(template) => link::fill(
                template,
                &LinkValues {
                    code: values.token,
                    ..*values
                },
            ),
            None => self.reset_link.fill(values),
        }
    }

    /// Whether a caller may have mailed links point to `template`.
    #[must_use]
    pub fn allows_redirect(&self, template: &str) -> bool {
        self.allowed_redirects
            .iter()
            .any(|rule| rule.allows(template))
    }
}

/// Every app of the deployment, and which one is meant when none is named.
#[derive(Debug, Clone)]
pub struct Apps {
    default: App,
    apps: BTreeMap<AppId, App>,
}

/// Everything that is wrong with the apps file, each with the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppsError(Vec<String>);

impl AppsError {
    /// The problems, each a fragment such as `apps[0].sender: not a mail address`.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for AppsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for AppsError {}

impl Apps {
    /// Reads the apps file.
    ///
    /// # Errors
    ///
    /// [`AppsError`] with every problem of the file, not only the first.
    pub fn from_json(json: &str) -> Result<Self, AppsError> {
        let file: AppsFile =
            serde_json::from_str(json).map_err(|error| AppsError(vec![error.to_string()]))?;
        let mut problems = Vec::new();
        if !file.apps.iter().any(|app| app.id == file.default) {
            problems.push(format!("default: no app {:?}", file.default));
        }
        let mut apps = BTreeMap::new();
        for (index, entry) in file.apps.into_iter().enumerate() {
            let at = format!("apps[{index}]");
            let Some(app) = entry.check(&at, &mut problems) else {
                continue;
            };
            if let Some(twice) = apps.insert(app.id.clone(), app) {
                problems.push(format!("{at}.id: {:?} is there twice", twice.id.as_str()));
            }
        }
        let default = AppId::new(&file.default).and_then(|id| apps.get(&id).cloned());
        match default {
            Some(default) if problems.is_empty() => Ok(Self { default, apps }),
            _ => Err(AppsError(problems)),
        }
    }

    /// The app that a caller names; the default one when the name is empty or absent.
    #[must_use]
    pub fn by_name(&self, name: Option<&str>) -> Option<&App> {
        match name.map(str::trim) {
            None | Some("") => Some(&self.default),
            Some(name) => AppId::new(name).and_then(|id| self.get(&id)),
        }
    }

    /// The app that is meant when none is named.
    #[must_use]
    pub const fn default_app(&self) -> &App {
        &self.default
    }

    /// Every app, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &App> {
        self.apps.values()
    }

    /// The app with this id, unless it has been removed from the file.
    #[must_use]
    pub fn get(&self, id: &AppId) -> Option<&App> {
        self.apps.get(id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppsFile {
    default: String,
    apps: Vec<AppEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppEntry {
    id: String,
    display_name: String,
    sender: String,
    #[serde(default)]
    reply_to: Option<String>,
    reset_link: String,
    login_url: String,
    #[serde(default)]
    allowed_redirects: Vec<String>,
    #[serde(default = "english")]
    locale: String,
    #[serde(default)]
    support: Option<String>,
    #[serde(default)]
    accent_color: Option<String>,
    #[serde(default)]
    texts: BTreeMap<String, BTreeMap<String, String>>,
}

fn english() -> String {
    "en".to_owned()
}

impl AppEntry {
    /// Turns the entry into an app, or says what is wrong with it.
    fn check(self, at: &str, problems: &mut Vec<String>) -> Option<App> {
        let before = problems.len();
        let mut require = |good: bool, field: &str, problem: &str| {
            if !good {
                problems.push(format!("{at}.{field}: {problem}"));
            }
        };
        let id = AppId::new(&self.id);
        require(id.is_some(), "id", "1 to 64 of a-z, 0-9, '-', '_' and '.'");
        require(
            is_one_line(&self.display_name) && !self.display_name.trim().is_empty(),
            "display_name",
            "must be one line with something in it",
        );
        let sender = Mailbox::parse(&self.sender);
        require(sender.is_some(), "sender", "not a mail address");
        let reply_to = self.reply_to.as_deref().map(Mailbox::parse);
        require(
            reply_to.as_ref().is_none_or(Option::is_some),
            "reply_to",
            "not a mail address",
        );
        require(
            link::is_fixed_url(&self.login_url),
            "login_url",
            "must be an https URL",
        );
        let reset_link = LinkTemplate::parse(&self.reset_link);
        require(
            reset_link.is_some(),
            "reset_link",
            "must be an https URL, or begin with {{base_url}}, and hold {{token}} or {{code}}",
        );
        let rules: Vec<_> = self
            .allowed_redirects
            .iter()
            .map(|rule| RedirectRule::parse(rule))
            .collect();
        require(
            rules.iter().all(Option::is_some),
            "allowed_redirects",
            "each must be an https origin with an optional path prefix",
        );
        let accent = self.accent_color.as_deref().map(AccentColor::parse);
        let accent = accent.transpose();
        require(
            accent.is_ok(),
            "accent_color",
            accent.as_ref().err().map_or("", String::as_str),
        );
        require(
            self.support.as_deref().is_none_or(is_one_line),
            "support",
            "must be one line",
        );
        if problems.len() > before {
            return None;
        }
        Some(App {
            id: id?,
            display_name: self.display_name,
            sender: sender?,
            reply_to: reply_to.flatten(),
            login_url: self.login_url,
            locale: self.locale,
            accent: accent.ok()?.unwrap_or_default(),
            texts: self.texts,
            support: self.support,
            reset_link: reset_link?,
            allowed_redirects: rules.into_iter().flatten().collect(),
        })
    }
}

fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
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
        Apps::from_json(&file(change))
            .map_or_else(|error| error.problems().to_vec(), |_| Vec::new())
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
}
