use serde_json::{Map, Value, json};
use shared::domain::{AppId, EmailAddress, Locator, Pseudonymizer};

/// Why nothing is said of an address.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// The service takes no such address.
    #[error(transparent)]
    Refused(#[from] shared::domain::InvalidEmailAddress),
    /// The question itself is wrong.
    #[error("neither an address nor apps were asked for")]
    Question,
}

/// What the service makes of an address: the form that limits and keys are made of, the one that SES is
/// told, where it is stored for each of `apps`, and with the deployment's `key` what stands for it in logs.
///
/// # Errors
///
/// [`AddressError`] when the service refuses the address, or the question is none.
pub fn address(question: &Value) -> Result<Value, AddressError> {
    let email = question["email"].as_str().ok_or(AddressError::Question)?;
    let email = EmailAddress::parse(email)?;
    let mut locators = Map::new();
    for app in question["apps"].as_array().into_iter().flatten() {
        let name = app.as_str().unwrap_or_default();
        let id = AppId::new(name).ok_or(AddressError::Question)?;
        locators.insert(name.to_owned(), Locator::new(&id, &email).encoded().into());
    }
    let key = question["key"].as_str().map(Pseudonymizer::new);
    Ok(json!({
        "normalised": email.normalised(),
        "mailable": email.mailable(),
        "locators": locators,
        "pseudonym": key.map(|key| key.email(&email).to_string()),
    }))
}
