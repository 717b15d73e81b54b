use super::Dialect;
use crate::http::operation::{FunctionName, Operation};

/// One method on one path.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path; a segment in braces is a parameter.
    pub path: &'static str,
    pub function: FunctionName,
    pub operation: Operation,
    pub(in crate::http) dialect: &'static dyn Dialect,
}

/// Lists the routes of a dialect: method, path, and what it is for.
macro_rules! routes {
    ($dialect:ident: $($method:literal $path:expr => $operation:ident,)+) => {
        pub(super) const ROUTES: &[super::Route] = &[$(super::Route::new(
            $method,
            $path,
            crate::http::operation::Operation::$operation,
            &$dialect,
        )),+];
    };
}

pub(super) use routes;

impl Route {
    pub(super) const fn new(
        method: &'static str,
        path: &'static str,
        operation: Operation,
        dialect: &'static dyn Dialect,
    ) -> Self {
        Self {
            method,
            path,
            function: operation.function(),
            operation,
            dialect,
        }
    }

    /// Whether a path is one of this route's.
    pub(in crate::http) fn covers(&self, path: &str) -> bool {
        let fits = |(pattern, segment): (&str, &str)| {
            pattern == segment || (pattern.starts_with('{') && !segment.is_empty())
        };
        self.path.split('/').count() == path.split('/').count()
            && self.path.split('/').zip(path.split('/')).all(fits)
    }

    /// What stands for `{token}` in a path that the route covers.
    pub(in crate::http) fn path_token<'a>(&self, path: &'a str) -> Option<&'a str> {
        let mut pairs = self.path.split('/').zip(path.split('/'));
        pairs
            .find(|(pattern, _)| *pattern == "{token}")
            .map(|(_, segment)| segment)
    }
}

#[cfg(test)]
mod tests {
    use super::super::native::Native;
    use super::*;

    #[test]
    fn parameters_match_one_segment_that_is_not_empty() {
        let route = Route::new("GET", "/a/{token}", Operation::Verify, &Native);
        assert!(route.covers("/a/b"));
        assert!(!route.covers("/a/"));
        assert!(!route.covers("/a/b/c"));
        assert_eq!(route.path_token("/a/b"), Some("b"));
        let route = Route::new("GET", "/a/b", Operation::Verify, &Native);
        assert!(!route.covers("/a/b/"));
        assert_eq!(route.path_token("/a/b"), None);
    }
}
