use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::template::{HttpApi, Route};

/// The routes, ready to be matched.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    routes: Vec<Compiled>,
    default: Option<Compiled>,
}

#[derive(Debug, Clone)]
struct Compiled {
    key: String,
    function: String,
    /// `None` is any method.
    method: Option<String>,
    segments: Vec<Segment>,
}

/// The order is the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter(String),
    Greedy(String),
}

/// A route that fits a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Match<'a> {
    pub(super) key: &'a str,
    pub(super) function: &'a str,
    pub(super) parameters: BTreeMap<&'a str, String>,
}

impl Routes {
    /// Compiles the template's routes.
    ///
    /// # Errors
    ///
    /// When a path is not valid or two routes have the same key.
    pub fn new(api: &HttpApi) -> Result<Self> {
        let mut routes = Self::default();
        let mut keys = BTreeSet::new();
        for route in &api.routes {
            let compiled = Compiled::new(route)?;
            if !keys.insert(compiled.key.clone()) {
                bail!("{}: {} is routed twice", route.place, compiled.key);
            }
            if compiled.key == "$default" {
                routes.default = Some(compiled);
            } else {
                routes.routes.push(compiled);
            }
        }
        Ok(routes)
    }

    /// The route for a decoded path: literal segments before parameters before `{proxy+}`, a method
    /// of its own before `ANY`, and `$default` for all that fits none.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        let best = self
            .routes
            .iter()
            .filter(|route| route.takes(method))
            .filter_map(|route| Some((route, route.parameters(&segments)?)))
            .min_by_key(|(route, _)| route.precedence());
        let (route, parameters) = match best {
            Some(found) => found,
            None => (self.default.as_ref()?, BTreeMap::new()),
        };
        Some(Match {
            key: &route.key,
            function: &route.function,
            parameters,
        })
    }
}

impl Compiled {
    fn new(route: &Route) -> Result<Self> {
        let segments: Vec<_> = if route.method.is_some() {
            route.path.split('/').skip(1).map(Segment::parse).collect()
        } else {
            Vec::new()
        };
        let greedy = segments
            .iter()
            .position(|segment| matches!(segment, Segment::Greedy(_)));
        if greedy.is_some_and(|position| position + 1 < segments.len()) {
            bail!("{}: a greedy parameter must come last", route.place);
        }
        Ok(Self {
            key: route.key(),
            function: route.function.clone(),
            method: route.method.clone().filter(|method| method != "ANY"),
            segments,
        })
    }

    fn takes(&self, method: &str) -> bool {
        self.method.as_deref().is_none_or(|own| own == method)
    }

    fn parameters(&self, path: &[&str]) -> Option<BTreeMap<&str, String>> {
        let mut parameters = BTreeMap::new();
        let mut rest = path;
        for segment in &self.segments {
            let (first, behind) = rest.split_first()?;
            match segment {
                Segment::Literal(literal) if literal != first => return None,
                Segment::Literal(_) => {}
                Segment::Parameter(_) if first.is_empty() => return None,
                Segment::Parameter(name) => {
                    parameters.insert(name.as_str(), (*first).to_owned());
                }
                Segment::Greedy(name) => {
                    let all = rest.join("/");
                    if all.is_empty() {
                        return None;
                    }
                    parameters.insert(name.as_str(), all);
                    return Some(parameters);
                }
            }
            rest = behind;
        }
        rest.is_empty().then_some(parameters)
    }

    fn precedence(&self) -> (Vec<u8>, bool) {
        let kinds = self.segments.iter().map(|segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter(_) => 1,
            Segment::Greedy(_) => 2,
        });
        (kinds.collect(), self.method.is_none())
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            None => Self::Literal(text.to_owned()),
            Some(name) => match name.strip_suffix('+') {
                None => Self::Parameter(name.to_owned()),
                Some(name) => Self::Greedy(name.to_owned()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(key: &str) -> Route {
        let (method, path) = match key.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path.to_owned()),
            None => (None, String::new()),
        };
        Route {
            method,
            path,
            function: format!("function of {key}"),
            place: format!("place of {key}"),
        }
    }

    fn routes(keys: &[&str]) -> Result<Routes> {
        Routes::new(&HttpApi {
            routes: keys.iter().map(|key| route(key)).collect(),
            cors: None,
        })
    }

    #[test]
    fn the_most_specific_route_wins() {
        let routes = routes(&[
            "$default",
            "ANY /a/{proxy+}",
            "GET /a/{id}",
            "ANY /a/b",
            "GET /a/b",
            "GET /a/{id}/c",
        ])
        .expect("valid");
        for (method, path, key) in [
            ("GET", "/a/b", "GET /a/b"),
            ("POST", "/a/b", "ANY /a/b"),
            ("GET", "/a/x", "GET /a/{id}"),
            ("POST", "/a/x", "ANY /a/{proxy+}"),
            ("GET", "/a/x/c", "GET /a/{id}/c"),
            ("GET", "/a/x/d", "ANY /a/{proxy+}"),
            ("GET", "/a/", "$default"),
            ("GET", "/a", "$default"),
            ("GET", "/a/b/", "ANY /a/{proxy+}"),
            ("HEAD", "/other", "$default"),
        ] {
            let found = routes.find(method, path).expect("found");
            assert_eq!(found.key, key, "{method} {path}");
        }
    }

    #[test]
    fn parameters_hold_what_the_path_held() {
        let routes = routes(&["GET /a/{id}/b/{rest+}"]).expect("valid");
        let found = routes.find("GET", "/a/1 2/b/x/y").expect("found");
        assert_eq!(
            found.parameters,
            BTreeMap::from([("id", "1 2".to_owned()), ("rest", "x/y".to_owned())])
        );
        assert_eq!(routes.find("GET", "/nothing"), None);
    }

    #[test]
    fn bad_routes_name_their_place() {
        for keys in [&["GET /a", "GET /a"][..], &["GET /{a+}/b"]] {
            let error = routes(keys).expect_err("refused");
            assert!(error.to_string().starts_with("place of GET /"), "{error}");
        }
    }
}
