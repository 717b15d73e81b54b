//! The document that describes the API, and whether an answer keeps what it says.

mod node;

use std::collections::BTreeSet;
use std::fs;

use jsonschema::{Draft, Registry};
use local_stack::api_gateway::ApiResponse;
use serde_json::{Value, json};

use crate::app::project;
use node::Node;

/// The name by which schemas refer to the document as a whole.
const URI: &str = "urn:forgot-password:openapi";
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

#[derive(Debug)]
pub struct Document {
    root: Value,
    registry: Registry<'static>,
}

/// One method on one path, of a wire format.
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    /// The status of success.
    pub success: u16,
    pub is_form: bool,
    /// The fields of its body; of the first kind of body, where there are several.
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: String,
    /// The schema that it refers to, by name.
    pub kind: String,
}

impl Field {
    /// Whether it is an email address, or any text in the place of one.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.kind.ends_with("Address") || self.name == "email"
    }

    /// Whether it is the new password again.
    #[must_use]
    pub fn is_repetition(&self) -> bool {
        self.kind.ends_with("Confirmation")
    }
}

impl Document {
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

    /// The wire formats, in the document's order.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        let tags = self.root["tags"].as_array().into_iter().flatten();
        let names = tags.filter_map(|tag| tag["name"].as_str());
        names.map(str::to_owned).collect()
    }

    /// The operations of a wire format.
    #[must_use]
    pub fn operations_of(&self, tag: &str) -> Vec<Operation> {
        let operations = self.operations().into_iter();
        let operations = operations.filter_map(|(method, path)| {
            let operation = self.operation(&method, &path)?;
            let is_of_tag = operation.value["tags"] == json!([tag]);
            let id = operation.value["operationId"].as_str()?.to_owned();
            let success = self.statuses(&method, &path).first().copied()?;
            let fields = self.fields(&operation);
            let is_form = self
                .request_type(&method, &path)
                .is_some_and(|it| it.ends_with("form-urlencoded"));
            is_of_tag.then_some(Operation {
                id,
                method,
                path,
                success,
                is_form,
                fields,
            })
        });
        operations.collect()
    }

    fn fields(&self, operation: &Node<'_>) -> Vec<Field> {
        let bodies = self.bodies(operation);
        let properties = bodies.first().and_then(|it| it.child("properties"));
        let entries = properties.iter().flat_map(Node::entries);
        let field = |(name, schema): (&str, Node<'_>)| Field {
            name: name.to_owned(),
            kind: schema
                .pointer
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
        };
        entries.map(field).collect()
    }

    /// The schemas of the bodies that an operation reads.
    fn bodies<'a>(&'a self, operation: &Node<'a>) -> Vec<Node<'a>> {
        let schema = || {
            let content = operation.child("requestBody")?.child("content")?;
            let (_, media_type) = content.entries().next()?;
            media_type.child("schema")
        };
        let Some(schema) = schema() else {
            return Vec::new();
        };
        let Some(kinds) = schema.value["oneOf"].as_array() else {
            return vec![schema];
        };
        let pointers = kinds.iter().filter_map(|it| it["$ref"].as_str());
        pointers
            .filter_map(|pointer| Node::at(&self.root, pointer))
            .collect()
    }

    /// The names of the fields of all bodies.
    #[must_use]
    pub fn field_names(&self) -> BTreeSet<String> {
        let operations = self.operations().into_iter();
        let operations = operations.filter_map(|(method, path)| self.operation(&method, &path));
        let bodies = operations.flat_map(|it| self.bodies(&it));
        let properties = bodies.filter_map(|it| it.child("properties"));
        let named = |it: Node<'_>| it.entries().map(|(name, _)| name.to_owned()).collect();
        properties.flat_map(named as fn(_) -> Vec<_>).collect()
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

    /// Every status that is documented for an operation, less what only API Gateway answers.
    #[must_use]
    pub fn statuses(&self, method: &str, path: &str) -> BTreeSet<u16> {
        let responses = self
            .operation(method, path)
            .and_then(|it| it.child("responses"));
        let responses = responses.expect("an operation with responses");
        responses
            .entries()
            .filter(|(status, _)| *status != DEFAULT)
            .map(|(status, _)| status.parse().expect("a status"))
            .collect()
    }

    /// The languages that answers are documented to come in.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<String> {
        let tags = "/x-headers/words/Content-Language/schema/enum";
        let tags = self.root.pointer(tags).and_then(Value::as_array);
        let tags = tags.expect("a list of languages").iter();
        tags.filter_map(Value::as_str).map(str::to_owned).collect()
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

    /// Checks an answer of a path that is not listed.
    ///
    /// # Errors
    ///
    /// When its status, content type, body or headers are not the documented ones.
    pub fn check_unlisted(&self, path: &str, answer: &ApiResponse) -> Result<(), String> {
        let others = Node::at(&self.root, "#/x-other-paths").expect("the other paths");
        let fitting = others
            .entries()
            .filter(|(start, _)| path.starts_with(start));
        let (_, response) = fitting
            .max_by_key(|(start, _)| start.len())
            .ok_or_else(|| format!("no answer of {path} is documented"))?;
        if answer.status != 404 {
            return Err(format!("{path} exists"));
        }
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
        let response = responses.child(&status.to_string());
        response.or_else(|| responses.child(DEFAULT).filter(|_| status >= 400))
    }

    fn check_response(&self, response: &Node<'_>, answer: &ApiResponse) -> Result<(), String> {
        self.check_body(response, answer)?;
        self.check_headers(response, answer)
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
            .and_then(|()| check_name(response, &body))
            .map_err(|problem| format!("the body is wrong: {problem}"))
    }

    /// Checks that the headers are those of the response and of the kind of answer, and no others.
    fn check_headers(&self, response: &Node<'_>, answer: &ApiResponse) -> Result<(), String> {
        let groups = self.groups_of(answer);
        let of_response = response.child("headers");
        let headers = groups.iter().chain(&of_response).flat_map(Node::entries);
        let headers: Vec<_> = headers.collect();
        let of_gateway = self.is_of_gateway(answer);
        for (name, header) in &headers {
            match answer.header(name) {
                // A response that both may give lists what only the service sends.
                None if of_gateway && !header.pointer.starts_with("#/x-headers/") => {}
                None => return Err(format!("the header {name} is missing")),
                Some(text) => self
                    .validate(header, &header_value(text))
                    .map_err(|problem| format!("the header {name} is wrong: {problem}"))?,
            }
        }
        let is_documented = |name: &str| {
            let mut names = headers.iter().map(|(documented, _)| documented);
            names.any(|documented| documented.eq_ignore_ascii_case(name))
        };
        let mut names = answer.headers.iter().map(|(name, _)| name);
        match names.find(|name| !is_listed_elsewhere(name) && !is_documented(name)) {
            Some(name) => Err(format!("the header {name} is not documented")),
            None => Ok(()),
        }
    }

    /// The headers that the document lists once for all answers like this one.
    fn groups_of(&self, answer: &ApiResponse) -> Vec<Node<'_>> {
        let is_page = media_type(answer) == HTML;
        let mut groups = vec!["all"];
        if !self.is_of_gateway(answer) {
            groups.extend(["service", if is_page { "pages" } else { "others" }]);
            groups.extend((is_page || answer.status >= 400).then_some("words"));
        }
        let headers = Node::at(&self.root, "#/x-headers").expect("headers");
        let group = |name| headers.child(name).expect("a group of headers");
        groups.into_iter().map(group).collect()
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

/// The response to whatever has no status of its own.
const DEFAULT: &str = "default";

const HTML: &str = "text/html";

/// Headers that the document never lists: the content type stands beside the schema, and API Gateway
/// puts the others on, for allowed origins alone.
fn is_listed_elsewhere(name: &str) -> bool {
    name == "content-type" || name.starts_with("access-control-")
}

/// Checks that a page, or the problem that a body names, is one of those that the response lists.
fn check_name(response: &Node<'_>, body: &Value) -> Result<(), String> {
    let (list, name) = if let Some(page) = body.as_str() {
        let page = page.split_once("<main data-page=\"");
        let page = page.and_then(|(_, rest)| rest.split('"').next());
        ("x-pages", Some(page.unwrap_or_default()))
    } else {
        let mut names = ["/error/dev_message", "/error/code"].into_iter();
        let name = names.find_map(|name| body.pointer(name)?.as_str());
        ("x-problems", name)
    };
    let listed = response.value.get(list).and_then(Value::as_array);
    let is_listed = |name: &str| listed.is_some_and(|listed| listed.contains(&json!(name)));
    match name {
        Some(name) if !is_listed(name) => Err(format!("{name:?} is not in {list}")),
        _ => Ok(()),
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
