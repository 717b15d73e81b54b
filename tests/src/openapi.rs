//! The document that describes the API, and whether an answer keeps what it says.

mod examples;
mod node;

use std::collections::BTreeSet;
use std::fs;

use jsonschema::{Draft, Registry};
use local_stack::front_door::ApiResponse;
use serde_json::{Value, json};

use crate::app::project;
use node::Node;

/// The name by which schemas refer to the document as a whole.
const URI: &str = "urn:forgot-password:openapi";
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The document.
#[derive(Debug)]
pub struct Document {
    root: Value,
    registry: Registry<'static>,
}

impl Document {
    /// The project's document.
    #[must_use]
    pub fn load() -> Self {
        let text = fs::read_to_string(project().join("infra/openapi.yaml")).expect("a document");
        let root: Value = serde_norway::from_str(&text).expect("YAML");
        let registry = Registry::new().draft(Draft::Draft202012);
        let registry = registry.add(URI, root.clone()).expect("a good name");
        Self {
            root,
            registry: registry.prepare().expect("references that lead somewhere"),
        }
    }

    /// Method and path of every operation.
    #[must_use]
    pub fn operations(&self) -> BTreeSet<(String, String)> {
        let paths = self.paths();
        let operation = |path: &str, method: &str| (method.to_uppercase(), path.to_owned());
        paths
            .entries()
            .flat_map(|(path, item)| {
                item.entries()
                    .filter(|(name, _)| METHODS.contains(name))
                    .map(|(method, _)| operation(path, method))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// The function that the document names for an operation.
    #[must_use]
    pub fn function(&self, method: &str, path: &str) -> Option<String> {
        let function = self.operation(method, path)?.child("x-function")?;
        function.value.as_str().map(str::to_owned)
    }

    /// The content type that an operation reads, if it reads a body.
    #[must_use]
    pub fn request_type(&self, method: &str, path: &str) -> Option<String> {
        let body = self.operation(method, path)?.child("requestBody")?;
        let content = body.child("content")?;
        content.entries().next().map(|(name, _)| name.to_owned())
    }

    /// Every status that is documented for an operation.
    #[must_use]
    pub fn statuses(&self, method: &str, path: &str) -> BTreeSet<u16> {
        let responses = self
            .operation(method, path)
            .and_then(|it| it.child("responses"));
        let responses = responses.expect("an operation with responses");
        responses
            .entries()
            .map(|(status, _)| status.parse().expect("a status"))
            .collect()
    }

    /// The languages that answers are documented to come in.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<String> {
        let tags = "/components/headers/ContentLanguage/schema/enum";
        let tags = self.root.pointer(tags).and_then(Value::as_array);
        let tags = tags.expect("a list of languages").iter();
        tags.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Whether only API Gateway answers an operation with this status.
    #[must_use]
    pub fn is_of_gateway_alone(&self, method: &str, path: &str, status: u16) -> bool {
        let response = self.response(method, path, status);
        response.is_some_and(|response| response.pointer.contains("/responses/Gateway"))
    }

    /// The documented path that a request's target fits.
    #[must_use]
    pub fn path_of(&self, target: &str) -> Option<String> {
        let target = target.split('?').next().unwrap_or_default();
        let fits = |(pattern, segment): (&str, &str)| pattern == segment || pattern == "{token}";
        let covers = |path: &str| {
            path.split('/').count() == target.split('/').count()
                && path.split('/').zip(target.split('/')).all(fits)
        };
        let paths = self.paths();
        let mut paths = paths.entries().map(|(path, _)| path);
        paths.find(|path| covers(path)).map(str::to_owned)
    }

    /// Checks an answer of an operation.
    ///
    /// # Errors
    ///
    /// When its status, content type, body or headers are not the documented ones.
    pub fn check(&self, method: &str, path: &str, answer: &ApiResponse) -> Result<(), String> {
        let place = format!("{method} {path} {}", answer.status);
        let response = self
            .response(method, path, answer.status)
            .ok_or_else(|| format!("{place} is not documented"))?;
        self.check_response(&response, answer)
            .map_err(|problem| format!("{place}: {problem}"))
    }

    /// Checks an answer against one of the shared responses.
    ///
    /// # Errors
    ///
    /// When its content type, body or headers are not the documented ones.
    pub fn check_shared(&self, name: &str, answer: &ApiResponse) -> Result<(), String> {
        let response = Node::at(&self.root, &format!("#/components/responses/{name}"));
        let response = response.ok_or_else(|| format!("there is no response {name}"))?;
        self.check_response(&response, answer)
    }

    fn paths(&self) -> Node<'_> {
        Node::at(&self.root, "#/paths").expect("a document with paths")
    }

    fn operation(&self, method: &str, path: &str) -> Option<Node<'_>> {
        self.paths().child(path)?.child(&method.to_lowercase())
    }

    fn response(&self, method: &str, path: &str, status: u16) -> Option<Node<'_>> {
        let responses = self.operation(method, path)?.child("responses")?;
        responses.child(&status.to_string())
    }

    fn check_response(&self, response: &Node<'_>, answer: &ApiResponse) -> Result<(), String> {
        self.check_body(response, answer)?;
        self.check_headers(response, answer)?;
        check_nothing_more(response, answer)
    }

    fn check_body(&self, response: &Node<'_>, answer: &ApiResponse) -> Result<(), String> {
        let Some(content) = response.child("content") else {
            let empty = answer.body.is_empty() && answer.header("content-type").is_none();
            return if empty {
                Ok(())
            } else {
                Err("there is a body where none is documented".to_owned())
            };
        };
        let media_type = media_type(answer);
        let documented = content
            .child(&media_type)
            .ok_or_else(|| format!("the content type {media_type:?} is not documented"))?;
        let body = body(&media_type, answer)?;
        self.validate(&documented, &body)
            .map_err(|problem| format!("the body is wrong: {problem}"))
    }

    fn check_headers(&self, response: &Node<'_>, answer: &ApiResponse) -> Result<(), String> {
        let of_service = !self.is_of_gateway(answer);
        let Some(headers) = response.child("headers") else {
            return Ok(());
        };
        for (name, header) in headers.entries() {
            let required = header.is("required") || (of_service && header.is(OF_SERVICE));
            match answer.header(name) {
                None if required => return Err(format!("the header {name} is missing")),
                None => {}
                Some(text) => self
                    .validate(&header, &header_value(text))
                    .map_err(|problem| format!("the header {name} is wrong: {problem}"))?,
            }
        }
        Ok(())
    }

    /// Whether API Gateway answered by itself.
    fn is_of_gateway(&self, answer: &ApiResponse) -> bool {
        let schema = json!({ "$ref": format!("{URI}#/components/schemas/GatewayMessage") });
        answer
            .json()
            .is_ok_and(|body| self.validate_by(&schema, &body).is_ok())
    }

    /// Checks a value against the schema of `owner`, a media type, parameter or header.
    fn validate(&self, owner: &Node<'_>, value: &Value) -> Result<(), String> {
        let schema = owner.child("schema").ok_or("there is no schema")?;
        // A pointer in a URI may hold no braces.
        let pointer = schema.pointer.replace('{', "%7B").replace('}', "%7D");
        self.validate_by(&json!({ "$ref": format!("{URI}{pointer}") }), value)
    }

    fn validate_by(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .build(schema)
            .map_err(|error| format!("the schema is wrong: {error}"))?;
        let problems: Vec<_> = validator
            .iter_errors(value)
            .map(|error| format!("{:?}: {error}", error.instance_path().as_str()))
            .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems.join("; "))
        }
    }
}

/// Marks a header that is on every answer but those that API Gateway gives by itself.
const OF_SERVICE: &str = "x-required-of-service";

/// Headers that the document never lists: the content type stands beside the schema, and API Gateway
/// puts the others on, for allowed origins alone.
fn is_listed_elsewhere(name: &str) -> bool {
    name == "content-type" || name.starts_with("access-control-")
}

fn check_nothing_more(response: &Node<'_>, answer: &ApiResponse) -> Result<(), String> {
    let headers = response.child("headers");
    let is_documented = |name: &str| {
        let mut entries = headers.iter().flat_map(Node::entries);
        entries.any(|(documented, _)| documented.eq_ignore_ascii_case(name))
    };
    let mut names = answer.headers.iter().map(|(name, _)| name);
    match names.find(|name| !is_listed_elsewhere(name) && !is_documented(name)) {
        Some(name) => Err(format!("the header {name} is not documented")),
        None => Ok(()),
    }
}

fn media_type(answer: &ApiResponse) -> String {
    let content_type = answer.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().to_lowercase()
}

fn body(media_type: &str, answer: &ApiResponse) -> Result<Value, String> {
    if media_type.ends_with("json") {
        return answer
            .json()
            .map_err(|error| format!("the body is no JSON: {error}"));
    }
    let text = String::from_utf8(answer.body.clone());
    text.map(Value::String)
        .map_err(|_| "the body is no text".to_owned())
}

/// A header as its schema sees it.
fn header_value(text: &str) -> Value {
    text.parse::<u64>()
        .map_or_else(|_| json!(text), Value::from)
}
