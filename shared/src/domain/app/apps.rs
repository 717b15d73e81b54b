use std::collections::BTreeMap;

use percent_encoding::utf8_percent_encode;

use super::{
    AccentColor, Branding, LinkTemplate, LinkValues, Mailbox, RESERVED, RedirectRule, is_fixed_url,
    link,
};
use crate::domain::{EmailAddress, WireFormat};

/// The name of an app within the deployment: 1 to 64 of `a-z`, `0-9`, `-`, `_`, `.`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(String);

impl AppId {
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b));
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One app that the deployment serves.
#[derive(Debug, Clone)]
pub struct App {
    /// Its id, as `X-App-Name` names it.
    pub id: AppId,
    pub display_name: String,
    /// The `From` of its mails.
    pub sender: Mailbox,
    /// The `Reply-To` of its mails.
    pub reply_to: Option<Mailbox>,
    pub login_url: String,
    /// The language (BCP 47) for people of whom no other is known.
    pub locale: String,
    pub accent: AccentColor,
    pub branding: Branding,
    /// Where people get help, as it is shown to them.
    pub support: String,
    pub reset_link: LinkTemplate,
    /// Where callers may have mailed links point to.
    pub allowed_redirects: Vec<RedirectRule>,
}

impl App {
    /// The link that a reset mail carries.
    ///
    /// `chosen` is the link template that the caller asked for; one that the app does not allow
    /// gives way to the app's own. In it `{{code}}` stands for the link token, because the
    /// frontends that choose their own link call it so.
    pub fn reset_link(&self, values: &LinkValues<'_>, chosen: Option<&str>) -> String {
        match chosen.filter(|template| self.check_redirect(template).is_ok()) {
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

    /// Where `support` leads, if it is an address or a page.
    pub fn support_url(&self) -> Option<String> {
        if EmailAddress::parse(&self.support).is_ok() {
            let address = utf8_percent_encode(&self.support, RESERVED).to_string();
            return Some(format!("mailto:{}", address.replace("%40", "@")));
        }
        is_fixed_url(&self.support).then(|| self.support.clone())
    }

    /// Whether a caller may have mailed links point to `template`.
    ///
    /// # Errors
    ///
    /// [`RedirectRefusal`] when it may not.
    pub fn check_redirect(&self, template: &str) -> Result<(), RedirectRefusal> {
        let rules = &self.allowed_redirects;
        if rules.iter().any(|rule| rule.allows(template)) {
            Ok(())
        } else if link::is_insecure(template) && rules.iter().all(RedirectRule::is_secure) {
            Err(RedirectRefusal::NotHttps)
        } else {
            Err(RedirectRefusal::NotAllowed)
        }
    }
}

/// Why a caller may not have mailed links point somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectRefusal {
    /// It leads over http, and no rule of the app does.
    NotHttps,
    /// No rule of the app covers it.
    NotAllowed,
}

/// Every app of the deployment, and which one is meant when none is named.
#[derive(Debug, Clone)]
pub struct Apps {
    default: App,
    /// The apps that the frontends of other systems speak for, which can name none.
    by_format: BTreeMap<WireFormat, AppId>,
    by_id: BTreeMap<AppId, App>,
}

impl Apps {
    /// These apps; `None` when the default one is not among them. `by_format` has the ids of those
    /// that frontends of a format speak for when they name none.
    pub fn new(
        default: &AppId,
        by_format: BTreeMap<WireFormat, AppId>,
        apps: BTreeMap<AppId, App>,
    ) -> Option<Self> {
        Some(Self {
            default: apps.get(default)?.clone(),
            by_format,
            by_id: apps,
        })
    }

    pub const fn default_app(&self) -> &App {
        &self.default
    }

    /// The app that a frontend of this format speaks for when it names none.
    pub fn default_for(&self, format: WireFormat) -> &App {
        let id = self.by_format.get(&format);
        id.and_then(|id| self.get(id)).unwrap_or(&self.default)
    }

    /// The app that a frontend of this format speaks for: the one that it names, if it names one.
    pub fn resolve(&self, format: WireFormat, name: Option<&str>) -> Option<&App> {
        match name.map(str::trim) {
            None | Some("") => Some(self.default_for(format)),
            Some(name) => self.get(&AppId::new(name)?),
        }
    }

    /// Every app, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &App> {
        self.by_id.values()
    }

    /// The app with this id, unless it has been removed from the file.
    pub fn get(&self, id: &AppId) -> Option<&App> {
        self.by_id.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(id: &str, redirects: &[&str]) -> App {
        let allowed = redirects.iter().map(|it| RedirectRule::parse(it));
        App {
            id: AppId::new(id).expect("a good id"),
            display_name: "Shop".to_owned(),
            sender: Mailbox::parse("shop@example.com").expect("a mailbox"),
            reply_to: None,
            login_url: "https://shop.example.com/login".to_owned(),
            locale: "en".to_owned(),
            accent: AccentColor::default(),
            branding: Branding::default(),
            support: "help+me@example.com".to_owned(),
            reset_link: LinkTemplate::parse("{{base_url}}/{{token}}?code={{code}}")
                .expect("a link"),
            allowed_redirects: allowed.collect::<Option<_>>().expect("good rules"),
        }
    }

    #[test]
    fn a_link_is_the_callers_where_it_is_allowed_and_the_apps_otherwise() {
        let app = app("shop", &["https://shop.example.com/"]);
        let values = LinkValues {
            base_url: "https://api.example.com",
            token: "fpr_abc",
            code: "0123-ABCD",
            email: "a@example.com",
        };
        let own = "https://api.example.com/fpr_abc?code=0123-ABCD";
        for (chosen, link) in [
            (None, own),
            (Some("https://evil.example/{{code}}"), own),
            (
                Some("https://shop.example.com/r?t={{code}}"),
                "https://shop.example.com/r?t=fpr_abc",
            ),
        ] {
            assert_eq!(app.reset_link(&values, chosen), link);
        }
    }

    #[test]
    fn a_refused_link_is_told_why() {
        let secure = app("shop", &["https://shop.example.com/"]);
        let insecure = app("shop", &["http://intranet.example/"]);
        let evil = "http://evil.example/{{code}}";
        for (app, link, refusal) in [
            (&secure, "https://shop.example.com/{{code}}", Ok(())),
            (
                &secure,
                "https://evil.example/{{code}}",
                Err(RedirectRefusal::NotAllowed),
            ),
            (&secure, evil, Err(RedirectRefusal::NotHttps)),
            (&insecure, evil, Err(RedirectRefusal::NotAllowed)),
            (&insecure, "http://intranet.example/{{code}}", Ok(())),
        ] {
            assert_eq!(app.check_redirect(link), refusal, "{link}");
        }
    }

    #[test]
    fn an_app_is_the_named_one_or_the_formats_or_the_default() {
        let ids = ["blog", "shop"].map(|id| AppId::new(id).expect("a good id"));
        let [blog, shop] = &ids;
        let by_id = ids.clone().map(|id| (id.clone(), app(id.as_str(), &[])));
        let by_format = [(WireFormat::Novel, blog.clone())];
        let apps = Apps::new(shop, by_format.into(), by_id.into()).expect("the default is there");
        let is = |app: Option<&App>, id: Option<&AppId>| assert_eq!(app.map(|it| &it.id), id);
        is(apps.resolve(WireFormat::Razi, Some(" blog ")), Some(blog));
        is(apps.resolve(WireFormat::Novel, Some("elsewhere")), None);
        for name in ["", "Blog", "bl\u{0}og", "../blog", &"b".repeat(65)] {
            assert_eq!(AppId::new(name), None);
        }
        assert!(AppId::new(&"b".repeat(64)).is_some());
        is(apps.resolve(WireFormat::Novel, None), Some(blog));
        is(apps.resolve(WireFormat::Novel, Some(" ")), Some(blog));
        is(apps.resolve(WireFormat::Novel, Some("shop")), Some(shop));
        is(apps.resolve(WireFormat::Razi, None), Some(shop));
        is(apps.resolve(WireFormat::Razi, Some(" ")), Some(shop));
        assert!(apps.iter().map(|app| &app.id).eq([blog, shop]));
        assert!(Apps::new(shop, BTreeMap::new(), BTreeMap::new()).is_none());
    }
}
