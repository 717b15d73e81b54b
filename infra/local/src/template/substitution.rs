//! `Fn::Sub`, dynamic references, and the API's endpoint.

use anyhow::{Result, anyhow};
use serde_json::Value;

use super::intrinsics::API_ID;
use super::intrinsics::{LOCAL_SECRET, Resolver, scalar};

impl Resolver {
    /// Replaces `${Name}`, `${Resource.Attribute}` and `${!Literal}`.
    pub(super) fn substitute(&self, argument: &Value, place: &str) -> Result<String> {
        let (text, values) = Self::substitutes(argument, place)?;
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| anyhow!("{place}: a ${{ without its }}"))?;
            result.push_str(before);
            match (name.strip_prefix('!'), values.get(name)) {
                (Some(literal), _) => result.extend(["${", literal, "}"]),
                (None, Some(value)) => result.push_str(&self.text(value, place)?),
                (None, None) => result.push_str(&self.variable(name.trim(), place)?),
            }
            rest = behind;
        }
        result.push_str(rest);
        Ok(result)
    }

    fn variable(&self, name: &str, place: &str) -> Result<String> {
        let value = match name.split_once('.') {
            Some((id, attribute)) => Some(self.attribute(id, attribute, place)?),
            None => self.reference(name, place)?,
        };
        value
            .as_ref()
            .and_then(scalar)
            .ok_or_else(|| anyhow!("{place}: ${{{name}}} is not a plain value"))
    }

    /// Puts local values where AWS would resolve secrets and host names.
    pub(super) fn finish(&self, text: &str) -> String {
        let endpoint = format!(
            "https://{API_ID}.execute-api.{}.amazonaws.com",
            self.region()
        );
        resolve_dynamic(text).replace(&endpoint, self.api_url())
    }
}

/// Replaces each `{{resolve:...}}` by the local secret.
fn resolve_dynamic(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{resolve:") {
        let Some((_, behind)) = after.split_once("}}") else {
            break;
        };
        result.push_str(before);
        result.push_str(LOCAL_SECRET);
        rest = behind;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_secret_has_64_characters() {
        assert_eq!(LOCAL_SECRET.len(), 64);
    }

    #[test]
    fn dynamic_references_are_replaced_and_text_around_them_stays() {
        let text = "a {{resolve:secretsmanager:Key:SecretString:x}} b {{token}}";
        assert_eq!(
            resolve_dynamic(text),
            format!("a {LOCAL_SECRET} b {{{{token}}}}")
        );
    }
}
