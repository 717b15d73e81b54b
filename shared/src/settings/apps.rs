use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::problems::{SettingPath, SettingsError, finish};
use super::{Settings, UsersSettings};
use crate::domain::{
    AccentColor, App, AppId, Apps, Branding, Image, LinkTemplate, Mailbox, RedirectRule,
    is_fixed_url, is_single_line,
};
use crate::i18n::{Catalogue, OwnTexts};

/// An app. URLs are written exactly as a browser shows them. Those of localhost and loopback
/// addresses may use http.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AppSettings {
    /// The name that people know it by.
    pub display_name: String,
    /// From of its mails: an address, or a name and one in angle brackets. The name is quoted or
    /// encoded as needed. The template's `SenderIdentity` or `OtherSenders` has to cover it.
    pub sender: String,
    /// Reply-To of its mails.
    pub reply_to: Option<String>,
    /// Link of its mails: an https URL, or `{{base_url}}` and a path, with `{{token}}` or `{{code}}` in it,
    /// perhaps with `{{email}}`, and no other braces. For pages of this deployment and an app that is
    /// not the default one it ends in `?app=` and the id.
    pub reset_link: String,
    /// Where people log in: an https URL.
    pub login_url: String,
    /// Where callers may have links point to: https origins, each with an optional path prefix. One
    /// of http needs `insecure_redirects`, unless it is this machine's.
    #[serde(default)]
    pub allowed_redirects: Vec<String>,
    /// Whether `allowed_redirects` may hold http origins. Anybody between such a page and its
    /// visitors can take the token from the link and set the password: for a network of one's own
    /// only.
    #[serde(default)]
    pub insecure_redirects: bool,
    /// Language for people of whom no other is known (BCP 47).
    #[serde(default = "english")]
    pub locale: String,
    /// Where people get help, as it is shown on pages and in mails: an address, a number or a page.
    /// People who cannot reset their password alone need it (NIST SP 800-63B-4, section 4.6).
    pub support: String,
    /// Colour of its buttons and links, as `#rrggbb`; `#1d4ed8` where none is given. White text on it
    /// must have a contrast of 4.5 or more.
    pub accent_color: Option<String>,
    /// Its logo, which stands above its pages in the place of its name: the name of a PNG or SVG beside
    /// this file, of at most 32 KB. Mails show the name, because many programs show no picture.
    pub logo: Option<String>,
    /// The same for dark mode; the logo where none is given.
    pub logo_dark: Option<String>,
    /// The same for tabs and bookmarks.
    pub favicon: Option<String>,
    /// Texts in place of those in `shared/locales`: by language, then by the id of the message. A text
    /// is a pattern of Fluent's and may use the values that the message has.
    #[serde(default)]
    pub texts: OwnTexts,
    /// A users table of its own. Settings that are left out have their defaults, not those of the
    /// other table.
    pub users: Option<UsersSettings>,
}

fn english() -> String {
    "en".to_owned()
}

impl Settings {
    /// The apps, and what people read of them. Their pictures are in `folder`.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] with every problem.
    pub fn apps(&self, folder: &Path) -> Result<(Apps, Arc<Catalogue>), SettingsError> {
        let mut problems = Vec::new();
        let mut apps = BTreeMap::new();
        for (id, settings) in &self.apps {
            let mut place = SettingPath::new(format!("apps.{id}"), &mut problems);
            let app = app(id, settings, folder, &mut place);
            apps.extend(app.map(|app| (app.id.clone(), app)));
        }
        let mut place = SettingPath::new(String::new(), &mut problems);
        let default = self.known("default_app", &self.default_app, &mut place);
        let by_format = self.wire_formats.iter().filter_map(|(format, id)| {
            let at = format!("wire_formats.{}", format.name());
            Some((*format, self.known(&at, id, &mut place)?))
        });
        let by_format = by_format.collect();
        let apps = default.and_then(|default| Apps::new(&default, by_format, apps));
        let texts = self.apps.iter();
        let texts = texts.map(|(id, app)| (id.as_str(), app.locale.as_str(), &app.texts));
        let catalogue = Catalogue::new(texts).map_err(|wrong| problems.extend(wrong));
        finish(apps.zip(catalogue.ok().map(Arc::new)), problems)
    }

    /// The id, if there is an app of that name.
    fn known(&self, field: &str, id: &str, place: &mut SettingPath<'_>) -> Option<AppId> {
        let known = self.apps.contains_key(id);
        place.require(known, field, format!("no app {id:?}"));
        AppId::new(id)
    }
}

fn app(
    id: &str,
    settings: &AppSettings,
    folder: &Path,
    place: &mut SettingPath<'_>,
) -> Option<App> {
    let id = AppId::new(id);
    let id = place.need("", id, "an id is 1 to 64 of a-z, 0-9, '-', '_' and '.'");
    place.require(named(&settings.display_name), "display_name", NAMED);
    let sender = Mailbox::parse(&settings.sender);
    let sender = place.need("sender", sender, "not a mail address");
    let reply_to = settings.reply_to.as_deref().map(Mailbox::parse);
    let good = reply_to.as_ref().is_none_or(Option::is_some);
    place.require(good, "reply_to", "not a mail address");
    let login = is_fixed_url(&settings.login_url);
    place.require(login, "login_url", "must be an https URL");
    let reset_link = place.need(
        "reset_link",
        LinkTemplate::parse(&settings.reset_link),
        "must be an https URL, or begin with {{base_url}}, and hold {{token}} or {{code}}",
    );
    let allowed_redirects = allowed_redirects(settings, place);
    let accent = settings.accent_color.as_deref().map(AccentColor::parse);
    let accent = accent.transpose().unwrap_or_else(|problem| {
        place.problem("accent_color", problem);
        None
    });
    place.require(named(&settings.support), "support", NAMED);
    let branding = branding(settings, folder, place);
    Some(App {
        id: id?,
        display_name: settings.display_name.clone(),
        sender: sender?,
        reply_to: reply_to.flatten(),
        login_url: settings.login_url.clone(),
        locale: settings.locale.clone(),
        accent: accent.unwrap_or_default(),
        branding,
        support: settings.support.clone(),
        reset_link: reset_link?,
        allowed_redirects,
    })
}

fn branding(settings: &AppSettings, folder: &Path, place: &mut SettingPath<'_>) -> Branding {
    let mut image = |field: &str, name: &Option<String>| {
        let read = name.as_deref().map(|name| image(folder, name));
        read.transpose().unwrap_or_else(|problem| {
            place.problem(field, problem);
            None
        })
    };
    let branding = Branding {
        logo: image("logo", &settings.logo),
        logo_dark: image("logo_dark", &settings.logo_dark),
        favicon: image("favicon", &settings.favicon),
    };
    let alone = settings.logo_dark.is_some() && settings.logo.is_none();
    place.require(
        !alone,
        "logo_dark",
        "there is no logo that it takes the place of",
    );
    branding
}

/// The picture in a file of this name; the name of a file elsewhere is none.
fn image(folder: &Path, name: &str) -> Result<Image, String> {
    if Path::new(name).file_name() != Some(name.as_ref()) {
        return Err("must be the name of a file beside the settings".to_owned());
    }
    let file = std::fs::read(folder.join(name));
    Image::parse(&file.map_err(|error| format!("failed to read {name:?}: {error}"))?)
}

/// What is wrong with a text that people could not read.
const NAMED: &str = "must be one line with something in it";

fn named(text: &str) -> bool {
    is_single_line(text) && !text.trim().is_empty()
}

fn allowed_redirects(settings: &AppSettings, place: &mut SettingPath<'_>) -> Vec<RedirectRule> {
    let mut rules = Vec::new();
    for (index, text) in settings.allowed_redirects.iter().enumerate() {
        let rule = RedirectRule::parse(text)
            .filter(|rule| settings.insecure_redirects || rule.is_secure());
        rules.extend(place.need(
            &format!("allowed_redirects[{index}]"),
            rule,
            "must be an https origin with an optional path prefix; http needs insecure_redirects",
        ));
    }
    rules
}
