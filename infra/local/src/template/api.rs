use anyhow::Result;
use serde_json::Value;

use super::section::Section;

/// The HTTP API: what is routed where, and what browsers of other origins may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpApi {
    /// The routes, in the template's order of functions.
    pub routes: Vec<Route>,
    /// Absent when the template configures no CORS: then it is left to the functions.
    pub cors: Option<Cors>,
}

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method in upper case, or `ANY`; `None` for the `$default` route.
    pub method: Option<String>,
    /// The path with its `{parameters}`; empty for the `$default` route.
    pub path: String,
    /// The logical id of the function.
    pub function: String,
    /// Where it stands in the template.
    pub place: String,
}

/// What API Gateway answers preflights with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// Origins, `*`, or a scheme with `://*`.
    pub allow_origins: Vec<String>,
    pub allow_methods: Vec<String>,
    pub allow_headers: Vec<String>,
    /// Response headers that scripts may read.
    pub expose_headers: Vec<String>,
    /// How long a preflight may be remembered, in seconds.
    pub max_age: Option<u64>,
    /// Whether cookies may be sent.
    pub allow_credentials: bool,
}

impl Route {
    /// The route key as API Gateway writes it: `GET /path` or `$default`.
    pub fn key(&self) -> String {
        match &self.method {
            None => "$default".to_owned(),
            Some(method) => format!("{method} {}", self.path),
        }
    }

    /// Reads a function's event of type `HttpApi`.
    pub(super) fn of_event(function: &str, event: &Section<'_>) -> Result<Self> {
        let properties = event.get("Properties")?;
        let read = |key| match &properties {
            None => Ok(None),
            Some(section) => section.get(key)?.map(|value| value.text()).transpose(),
        };
        let (method, path) = match (read("Method")?, read("Path")?) {
            (None, None) => (None, String::new()),
            (_, Some(path)) if path == "$default" || path == "/$default" => (None, String::new()),
            (Some(method), Some(path)) => (Some(normalise(&method)), path),
            _ => return Err(event.error("needs both Method and Path, or neither")),
        };
        if method.is_some() && !path.starts_with('/') {
            return Err(event.error("Path must begin with a slash"));
        }
        Ok(Self {
            method,
            path,
            function: function.to_owned(),
            place: event.place().to_owned(),
        })
    }
}

fn normalise(method: &str) -> String {
    let method = method.to_ascii_uppercase();
    if method == "*" || method == "X-AMAZON-APIGATEWAY-ANY-METHOD" {
        return "ANY".to_owned();
    }
    method
}

impl Cors {
    /// Reads `CorsConfiguration`, where `true` stands for every origin.
    pub(super) fn read(owner: &Section<'_>) -> Result<Option<Self>> {
        let Some(section) = owner.get("CorsConfiguration")? else {
            return Ok(None);
        };
        if let Value::Bool(on) = section.value() {
            return Ok(on.then(|| Self {
                allow_origins: vec!["*".to_owned()],
                ..Self::default()
            }));
        }
        let list = |key| match section.get(key)? {
            None => Ok(Vec::new()),
            Some(list) => list.texts(),
        };
        let cors = Self {
            allow_origins: list("AllowOrigins")?,
            allow_methods: list("AllowMethods")?,
            allow_headers: list("AllowHeaders")?,
            expose_headers: list("ExposeHeaders")?,
            max_age: section
                .get("MaxAge")?
                .map(|age| read_age(&age))
                .transpose()?,
            allow_credentials: section
                .get("AllowCredentials")?
                .map_or(Ok(false), |flag| flag.flag())?,
        };
        Ok(Some(cors))
    }
}

fn read_age(age: &Section<'_>) -> Result<u64> {
    u64::try_from(age.integer()?).map_err(|_| age.error("must not be negative"))
}
