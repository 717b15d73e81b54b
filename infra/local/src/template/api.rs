use anyhow::Result;

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
    /// The method in upper case; `None` for the `$default` route.
    pub method: Option<String>,
    /// The path with its `{parameters}`; empty for the `$default` route.
    pub path: String,
    /// The logical id of the function.
    pub function: String,
}

/// What API Gateway answers preflights with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// Origins; the template takes no wildcard.
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
        let properties = event.require("Properties")?;
        let method = properties.require("Method")?.text()?;
        let path = properties.require("Path")?.text()?;
        let (method, path) = match (method.as_str(), path.as_str()) {
            ("ANY", "$default") => (None, String::new()),
            ("ANY", _) => return Err(event.error("only $default takes any method here")),
            _ if path.starts_with('/') => (Some(method), path),
            _ => return Err(event.error("Path must begin with a slash")),
        };
        Ok(Self {
            method,
            path,
            function: function.to_owned(),
        })
    }
}

impl Cors {
    /// Reads `CorsConfiguration`.
    pub(super) fn read(owner: &Section<'_>) -> Result<Option<Self>> {
        let Some(section) = owner.get("CorsConfiguration")? else {
            return Ok(None);
        };
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
