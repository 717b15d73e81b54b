use super::reader::Reader;
use crate::adapters::dynamodb::UserTables;
use crate::settings::Settings;

/// The users tables; the template names the one of apps that have none of their own where the
/// settings do not.
pub(super) fn read_users(reader: &Reader<'_>, settings: Option<&Settings>) -> Option<UserTables> {
    let made = reader.optional("USERS_TABLE");
    reader.good(settings?.user_tables(made.as_deref()))
}
