//! Reads the apps file. Its shape is written down in `infra/apps.schema.json` as well.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::Fields;
use super::link::{self, LinkTemplate};
use super::{AccentColor, App, AppId, Apps, Mailbox, RedirectRule};
use crate::domain::WireFormat;

/// The apps in a file, or everything that is wrong with it.
pub(super) fn read(json: &str) -> Result<Apps, Vec<String>> {
    let file: Value = serde_json::from_str(json).map_err(|error| vec![error.to_string()])?;
    let mut problems = Vec::new();
    let apps = apps(file, &mut problems);
    apps.filter(|_| problems.is_empty()).ok_or(problems)
}

fn apps(file: Value, problems: &mut Vec<String>) -> Option<Apps> {
    let mut fields = Fields::of(file, String::new(), problems)?;
    let default = fields.required("default").unwrap_or_default();
    let entries = fields.list("apps");
    fields.require(entries.is_some(), "apps", "must be there");
    let entries = entries.unwrap_or_default();
    let named = entries.iter().any(|app| app["id"] == default.as_str());
    fields.require(named, "default", &format!("no app {default:?}"));
    let by_format = by_format(&mut fields, &entries);
    fields.finish();
    let mut apps = BTreeMap::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let at = format!("apps[{index}].");
        let Some(fields) = Fields::of(entry, at.clone(), problems) else {
            continue;
        };
        let Some(app) = app(fields) else { continue };
        if let Some(twice) = apps.insert(app.id.clone(), app) {
            problems.push(format!("{at}id: {:?} is there twice", twice.id.as_str()));
        }
    }
    let default = AppId::new(&default).and_then(|id| apps.get(&id).cloned())?;
    Some(Apps {
        default,
        by_format,
        by_id: apps,
    })
}

fn by_format(fields: &mut Fields<'_>, entries: &[Value]) -> BTreeMap<WireFormat, AppId> {
    let mut by_format = BTreeMap::new();
    for (name, id) in fields.table("wire_formats").unwrap_or_default() {
        let at = format!("wire_formats.{name}");
        let format = WireFormat::of_name(&name);
        fields.require(format.is_some(), &at, "no such wire format");
        let known = entries.iter().any(|app| app["id"] == id.as_str());
        fields.require(known, &at, &format!("no app {id:?}"));
        by_format.extend(format.zip(AppId::new(&id)));
    }
    by_format
}

fn app(mut fields: Fields<'_>) -> Option<App> {
    let id = id(&mut fields);
    let display_name = display_name(&mut fields);
    let sender = fields.required("sender");
    let sender = sender.and_then(|sender| mailbox(&mut fields, "sender", &sender));
    let reply_to = fields.text("reply_to");
    let reply_to = reply_to.and_then(|reply_to| mailbox(&mut fields, "reply_to", &reply_to));
    let login_url = login_url(&mut fields);
    let reset_link = reset_link(&mut fields);
    let insecure = fields.flag("insecure_redirects");
    let allowed_redirects = allowed_redirects(&mut fields, insecure);
    let accent = accent(&mut fields);
    let support = fields.text("support");
    let one_line = support.as_deref().is_none_or(is_one_line);
    fields.require(one_line, "support", "must be one line");
    let locale = fields.text("locale").unwrap_or_else(|| "en".to_owned());
    let texts = fields.tables("texts");
    let users = fields.table("users");
    fields.finish();
    Some(App {
        id: id?,
        display_name: display_name?,
        sender: sender?,
        reply_to,
        login_url: login_url?,
        locale,
        accent,
        texts,
        support,
        users,
        reset_link: reset_link?,
        allowed_redirects,
    })
}

fn id(fields: &mut Fields<'_>) -> Option<AppId> {
    let text = fields.required("id")?;
    let id = AppId::new(&text);
    fields.require(id.is_some(), "id", "1 to 64 of a-z, 0-9, '-', '_' and '.'");
    id
}

fn display_name(fields: &mut Fields<'_>) -> Option<String> {
    let name = fields.required("display_name")?;
    let good = is_one_line(&name) && !name.trim().is_empty();
    fields.require(
        good,
        "display_name",
        "must be one line with something in it",
    );
    Some(name)
}

fn mailbox(fields: &mut Fields<'_>, name: &str, text: &str) -> Option<Mailbox> {
    let mailbox = Mailbox::parse(text);
    fields.require(mailbox.is_some(), name, "not a mail address");
    mailbox
}

fn login_url(fields: &mut Fields<'_>) -> Option<String> {
    let url = fields.required("login_url")?;
    fields.require(
        link::is_fixed_url(&url),
        "login_url",
        "must be an https URL",
    );
    Some(url)
}

fn reset_link(fields: &mut Fields<'_>) -> Option<LinkTemplate> {
    let text = fields.required("reset_link")?;
    let template = LinkTemplate::parse(&text);
    fields.require(
        template.is_some(),
        "reset_link",
        "must be an https URL, or begin with {{base_url}}, and hold {{token}} or {{code}}",
    );
    template
}

fn allowed_redirects(fields: &mut Fields<'_>, insecure: bool) -> Vec<RedirectRule> {
    let rules = fields.texts("allowed_redirects");
    let rules: Option<Vec<_>> = rules
        .iter()
        .map(|rule| RedirectRule::parse(rule).filter(|rule| insecure || rule.is_secure()))
        .collect();
    fields.require(
        rules.is_some(),
        "allowed_redirects",
        "each must be an https origin with an optional path prefix; http needs insecure_redirects",
    );
    rules.unwrap_or_default()
}

fn accent(fields: &mut Fields<'_>) -> AccentColor {
    let Some(text) = fields.text("accent_color") else {
        return AccentColor::default();
    };
    AccentColor::parse(&text).unwrap_or_else(|problem| {
        fields.problem("accent_color", &problem);
        AccentColor::default()
    })
}

pub(super) fn is_one_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
