//! `Fn::Sub`, and dynamic references.

use anyhow::{Result, anyhow};

use super::intrinsics::{LOCAL_SECRET, Resolver, scalar};

impl Resolver {
    /// Replaces `${Name}` and `${Resource.Attribute}`, and secrets, which AWS would resolve.
    pub(super) fn substitute(&self, text: &str, place: &str) -> Result<String> {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| anyhow!("{place}: a ${{ without its }}"))?;
            result.push_str(before);
            result.push_str(&self.variable(name, place)?);
            rest = behind;
        }
        result.push_str(rest);
        Ok(resolve_dynamic(&result))
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
