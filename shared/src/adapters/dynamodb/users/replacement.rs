use aws_sdk_dynamodb::types::Update as UpdateWrite;

use super::directory::DynamoUsers;
use super::mapping::{CREDENTIAL_VERSION, SESSIONS_VALID_AFTER, UserMapping, value};
use super::path::AttributePath;
use crate::adapters::dynamodb::items::{number, text};
use crate::adapters::dynamodb::update::{Update, build_update};
use crate::domain::{ScalarValue, User};
use crate::ports::{PasswordChange, StoreError};

/// Where a new hash goes.
pub(in crate::adapters::dynamodb) struct Placement<'a> {
    mapping: &'a UserMapping,
    /// What is written: the hash's own attribute, or the outermost map around it that is missing.
    target: AttributePath,
}

impl DynamoUsers {
    /// Where the new hash of a change goes. Reads the user once more only where the hash stands
    /// inside a map and there was none: DynamoDB writes nothing into a map that is not there.
    pub(in crate::adapters::dynamodb) async fn placement(
        &self,
        change: &PasswordChange,
    ) -> Result<Placement<'_>, StoreError> {
        let mapping = self.tables.of(&change.notice.app);
        let whole = &mapping.password_hash;
        let nested = whole.names().len() > 1;
        let target = if nested && change.user.password_hash.is_none() {
            let item = self.item(mapping, &change.user.key).await?;
            whole.missing_in(&item.unwrap_or_default())
        } else {
            whole.clone()
        };
        Ok(Placement { mapping, target })
    }
}

impl Placement<'_> {
    /// Writes the new hash, if the user is still the one that was read.
    pub(in crate::adapters::dynamodb) fn replace_password(
        &self,
        change: &PasswordChange,
    ) -> Result<UpdateWrite, StoreError> {
        let users = self.mapping;
        let User { key, email, .. } = &change.user;
        let new_hash = text(change.new_hash.as_str());
        let new_hash = users.password_hash.wrapped_beyond(&self.target, new_hash);
        let (enabled, values) = {
            let path = users.disabled.expression("disabled");
            users.disabled_when.condition(&path)
        };
        let now = change.notice.changed_at;
        let target = self.target.expression("password_hash");
        // NULL cannot be added to. That it is still what was read is a condition.
        let version = match &change.user.credential_version {
            Some(_) => "#version + :one",
            None => ":one",
        };
        let update = values
            .into_iter()
            .fold(Update::default(), |update, (name, value)| {
                update.value(&name, value)
            })
            .path("password_hash", &self.target)
            .path("email", &users.email)
            .path("disabled", &users.disabled)
            .alias("version", CREDENTIAL_VERSION)
            .alias("valid_after", SESSIONS_VALID_AFTER)
            .value("new_hash", new_hash)
            .value("email", text(email))
            .value("one", number(1))
            .value("now", number(now.unix_seconds()))
            .set_expression(format!("{target} = :new_hash"))
            .set_expression(format!("#version = {version}"))
            .set_expression("#valid_after = :now");
        let update = users.on_reset.add_to(update, now);
        let (unchanged, update) = self.unchanged(&change.user, &target, update);
        let (version, update) = same("version", change.user.credential_version.as_ref(), update);
        let moved = change.user.sessions_valid_after.as_ref();
        let (valid_after, update) = same("valid_after", moved, update);
        // An address that is there is a user who is there.
        let email = users.email.expression("email");
        let condition = format!(
            "{email} = :email AND {enabled} AND {unchanged} AND {version} AND {valid_after}"
        );
        let builder = UpdateWrite::builder()
            .table_name(&users.table)
            .set_key(Some(users.key_item(key)));
        build_update(builder, update, condition)
    }

    /// A condition that is true while the password hash is the one that was read.
    fn unchanged(&self, user: &User, target: &str, update: Update) -> (String, Update) {
        match &user.password_hash {
            Some(hash) => (
                format!("{target} = :old_hash"),
                update.value("old_hash", text(hash.as_str())),
            ),
            None if self.target != self.mapping.password_hash => {
                (no_value(target), update.value("null", text("NULL")))
            }
            None => (
                format!("({} OR {target} = :empty)", no_value(target)),
                update.value("null", text("NULL")).value("empty", text("")),
            ),
        }
    }
}

/// A condition that is true while an attribute is the one that was read.
fn same(name: &str, read: Option<&ScalarValue>, update: Update) -> (String, Update) {
    match read {
        Some(scalar) => {
            let old = format!("old_{name}");
            (
                format!("#{name} = :{old}"),
                update.value(&old, value(scalar)),
            )
        }
        None => (
            no_value(&format!("#{name}")),
            update.value("null", text("NULL")),
        ),
    }
}

/// A condition that is true where nothing or NULL stands.
fn no_value(path: &str) -> String {
    format!("(attribute_not_exists({path}) OR attribute_type({path}, :null))")
}
