//! Fields that several dialects have.

use crate::domain::{EmailAddress, NewPassword};
use crate::http::body::BodyFields;
use crate::http::problem::FieldErrorKind;

pub(super) fn read_email(fields: &mut BodyFields, name: &str) -> Option<EmailAddress> {
    let text = fields.required(name)?;
    match EmailAddress::parse(&text) {
        Ok(email) => Some(email),
        Err(_) => fields.refuse(name, FieldErrorKind::NotAnAddress),
    }
}

pub(super) fn read_password(fields: &mut BodyFields, name: &str) -> Option<NewPassword> {
    let password = fields.required(name)?;
    Some(NewPassword::new(&password))
}

/// Takes the password and its repetition in `confirm`, which must be there and be the same.
pub(super) fn read_password_twice(fields: &mut BodyFields, confirm: &str) -> Option<NewPassword> {
    let repeated = fields.required(confirm).map(|text| NewPassword::new(&text));
    let password = read_password(fields, "password");
    let (password, repeated) = password.zip(repeated)?;
    if password.as_bytes() != repeated.as_bytes() {
        return fields.refuse(confirm, FieldErrorKind::Mismatch);
    }
    Some(password)
}
