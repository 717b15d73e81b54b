use std::collections::BTreeMap;

use super::reader::Reader;
use super::{ConfigError, Lookup};
use crate::adapters::dynamodb::{USER_SETTINGS, UserMapping, UserTables};
use crate::domain::{App, Apps};

/// Reads where the users are: the deployment's table from the environment, and those that apps
/// have of their own from the apps file.
pub(super) fn read_users(reader: &Reader<'_>, apps: Option<&Apps>) -> Option<UserTables> {
    let default = read_default(reader);
    let own: Vec<_> = apps
        .into_iter()
        .flat_map(Apps::iter)
        .filter_map(|app| Some((app.id.clone(), read_own(reader, app, app.users.as_ref()?))))
        .collect();
    let own: Option<BTreeMap<_, _>> = own
        .into_iter()
        .map(|(id, mapping)| Some((id, mapping?)))
        .collect();
    Some(UserTables::new(default?, own?))
}

/// The deployment's users table.
///
/// # Errors
///
/// [`ConfigError`] with every problem.
pub fn users(lookup: impl Lookup) -> Result<UserMapping, ConfigError> {
    let reader = Reader::new(&lookup);
    let mapping = read_default(&reader);
    reader.finish(|| mapping)
}

/// The users table that an app has of its own.
///
/// # Errors
///
/// [`ConfigError`] with every problem; that there is no such app, or no such table of its, is one.
pub fn own_users(lookup: impl Lookup, app: &str) -> Result<UserMapping, ConfigError> {
    let reader = Reader::new(&lookup);
    let apps = reader.apps("APPS_FILE");
    let app = apps.as_ref().and_then(|apps| apps.by_name(Some(app)));
    if apps.is_some() && app.is_none_or(|app| app.users.is_none()) {
        reader.problem("APPS_FILE", "no such app with users of its own");
    }
    let mapping = app.and_then(|app| read_own(&reader, app, app.users.as_ref()?));
    reader.finish(|| mapping)
}

fn read_default(reader: &Reader<'_>) -> Option<UserMapping> {
    let default = UserMapping::read(|name| reader.optional(&variable(name)));
    let default = default.map_err(|problems| {
        for problem in problems {
            reader.problem(&variable(problem.setting), problem.problem);
        }
    });
    default.ok()
}

/// The variable of a setting.
fn variable(setting: &str) -> String {
    format!("USERS_{}", setting.to_uppercase())
}

fn read_own(
    reader: &Reader<'_>,
    app: &App,
    settings: &BTreeMap<String, String>,
) -> Option<UserMapping> {
    let problem = |setting: &str, problem: &str| {
        let place = format!("app {:?}: users.{setting}: {problem}", app.id.as_str());
        reader.problem("APPS_FILE", place);
    };
    let unknown = |name: &&String| !USER_SETTINGS.contains(&name.as_str());
    for name in settings.keys().filter(unknown) {
        problem(name, "no such setting");
    }
    let mapping = UserMapping::read(|name| settings.get(name).cloned());
    mapping
        .map_err(|problems| {
            for found in problems {
                problem(found.setting, &found.problem);
            }
        })
        .ok()
}
