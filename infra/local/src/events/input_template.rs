use anyhow::{Result, anyhow, bail};
use serde_json::Value;

/// The `InputTemplate` of a pipe's target, as far as JSON objects with paths go.
///
/// By `EventBridge`'s documentation (input transformation of Pipes) quotes stand around a plain value
/// and not around an object or a list. It does not say that a text in quotes is escaped, so here it is put in
/// as it is: a text that could break an event breaks it here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Path { pointer: String, quoted: bool },
}

impl InputTemplate {
    /// Compiles the text of a template.
    pub fn compile(text: &str) -> Result<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut quoted = false;
        while let Some((before, after)) = rest.split_once('<') {
            let unsupported = |what: &str| anyhow!("<{what}> is not supported here");
            let (path, behind) = after.split_once('>').ok_or_else(|| unsupported(after))?;
            let names = path.strip_prefix("$.").ok_or_else(|| unsupported(path))?;
            let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if !names.chars().all(known) || names.split('.').any(str::is_empty) {
                return Err(unsupported(path));
            }
            quoted = ends_in_quotes(before, quoted);
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Path {
                pointer: format!("/{}", names.replace('.', "/")),
                quoted,
            });
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    /// The template with the values of `record` in it.
    pub fn render(&self, record: &Value) -> Result<Value> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Path { pointer, quoted } => text.push_str(&value(record, pointer, *quoted)?),
            }
        }
        let parsed = serde_json::from_str(&text).ok().filter(Value::is_object);
        parsed.ok_or_else(|| anyhow!("the result is no JSON object: {text}"))
    }
}

fn value(record: &Value, pointer: &str, quoted: bool) -> Result<String> {
    let found = record.pointer(pointer);
    let found = found.ok_or_else(|| anyhow!("the record has no {pointer}"))?;
    match found {
        Value::String(text) if quoted => Ok(text.clone()),
        Value::Object(_) | Value::Array(_) if quoted => {
            bail!("{pointer} is no plain value and stands in quotes")
        }
        found => Ok(found.to_string()),
    }
}

/// Whether the end of `text` stands in quotes, if its beginning does or not.
fn ends_in_quotes(text: &str, mut quoted: bool) -> bool {
    let mut escaped = false;
    for c in text.chars() {
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
    }
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render(template: &str, record: &Value) -> Result<Value> {
        InputTemplate::compile(template)?.render(record)
    }

    #[test]
    fn quotes_are_for_plain_values_and_none_for_objects() {
        let record = json!({"a": {"S": "x"}, "n": 7, "l": [1]});
        let template = r#"{"s": "<$.a.S>!", "o": <$.a>, "n": <$.n>, "t": "<$.n>", "\"": <$.l>}"#;
        assert_eq!(
            render(template, &record).expect("JSON"),
            json!({"s": "x!", "o": {"S": "x"}, "n": 7, "t": "7", "\"": [1]})
        );
    }

    #[test]
    fn a_text_in_quotes_can_break_out_of_them_and_one_in_an_object_cannot() {
        let hostile = json!({"a": {"S": r#"x", "kind": "forged"#}});
        let quoted = render(r#"{"kind": "real", "a": "<$.a.S>"}"#, &hostile);
        assert_eq!(quoted.expect("JSON")["kind"], "forged");
        let whole = render(r#"{"kind": "real", "a": <$.a>}"#, &hostile).expect("JSON");
        assert_eq!(whole, json!({"kind": "real", "a": hostile["a"]}));
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_never_a_guess() {
        let record = json!({"a": {"S": "\""}});
        for (template, error) in [
            (
                "{\"a\": <aws.pipes.pipe-name>}",
                "<aws.pipes.pipe-name> is not supported here",
            ),
            ("{\"a\": <$.a[0]>}", "<$.a[0]> is not supported here"),
            ("{\"a\": <$.a..b>}", "<$.a..b> is not supported here"),
            ("{\"a\": <$.a", "<$.a> is not supported here"),
            ("{\"a\": <$.b>}", "the record has no /b"),
            (
                "{\"a\": \"<$.a>\"}",
                "/a is no plain value and stands in quotes",
            ),
            (
                "{\"a\": \"<$.a.S>\"}",
                "the result is no JSON object: {\"a\": \"\"\"}",
            ),
            ("<$.a.S>", "the result is no JSON object: \"\\\"\""),
        ] {
            let found = render(template, &record).expect_err(template);
            assert_eq!(found.to_string(), error);
        }
    }
}
