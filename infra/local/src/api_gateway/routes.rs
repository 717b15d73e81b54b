use std::collections::BTreeMap;

use crate::template::{HttpApi, Route};

/// The routes of an API.
#[derive(Debug, Clone)]
pub struct Routes(Vec<Route>);

/// A route that fits a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Match<'a> {
    pub(super) key: String,
    pub(super) function: &'a str,
    pub(super) parameters: BTreeMap<&'a str, String>,
}

impl Routes {
    pub fn new(api: &HttpApi) -> Self {
        Self(api.routes.clone())
    }

    /// The route for a decoded path: literal segments before parameters, and `$default` for all that
    /// fits none.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let routes = self.0.iter();
        let fitting = routes
            .filter(|route| route.method.as_deref() == Some(method))
            .filter_map(|route| Some((route, parameters(&route.path, path)?)));
        let best = fitting.min_by_key(|(route, _)| precedence(&route.path));
        let (route, parameters) = best.or_else(|| {
            let default = self.0.iter().find(|route| route.method.is_none())?;
            Some((default, BTreeMap::new()))
        })?;
        Some(Match {
            key: route.key(),
            function: &route.function,
            parameters,
        })
    }
}

/// The order of routes that fit: which of their segments are parameters.
fn precedence(pattern: &str) -> Vec<bool> {
    let segments = pattern.split('/');
    segments.map(|it| parameter(it).is_some()).collect()
}

fn parameters<'a>(pattern: &'a str, path: &str) -> Option<BTreeMap<&'a str, String>> {
    let mut parameters = BTreeMap::new();
    let mut segments = path.split('/');
    for part in pattern.split('/') {
        let segment = segments.next()?;
        match parameter(part) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => {
                parameters.insert(name, segment.to_owned());
            }
            None if part != segment => return None,
            None => {}
        }
    }
    segments.next().is_none().then_some(parameters)
}

/// The name of a segment that is a parameter.
fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
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
        }
    }

    fn routes(keys: &[&str]) -> Routes {
        Routes::new(&HttpApi {
            routes: keys.iter().map(|key| route(key)).collect(),
            cors: None,
        })
    }

    #[test]
    fn the_most_specific_route_wins() {
        let routes = routes(&["$default", "GET /a/{id}", "GET /a/b", "GET /a/{id}/c"]);
        for (method, path, key) in [
            ("GET", "/a/b", "GET /a/b"),
            ("POST", "/a/b", "$default"),
            ("GET", "/a/x", "GET /a/{id}"),
            ("GET", "/a/x/c", "GET /a/{id}/c"),
            ("GET", "/a/x/d", "$default"),
            ("GET", "/a/", "$default"),
            ("GET", "/a", "$default"),
            ("GET", "/a/b/", "$default"),
            ("HEAD", "/other", "$default"),
        ] {
            let found = routes.find(method, path).expect("found");
            assert_eq!(found.key, key, "{method} {path}");
        }
    }

    #[test]
    fn parameters_hold_what_the_path_held() {
        let routes = routes(&["GET /a/{id}/b/{rest}"]);
        let found = routes.find("GET", "/a/1 2/b/x").expect("found");
        assert_eq!(
            found.parameters,
            BTreeMap::from([("id", "1 2".to_owned()), ("rest", "x".to_owned())])
        );
        assert_eq!(routes.find("GET", "/nothing"), None);
    }
}
