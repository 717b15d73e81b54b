//! Every route of the service: the one place that knows them.

use super::dialects::{Dialect, NATIVE};

/// One of the three functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionName {
    /// `request-reset`
    RequestReset,
    /// `verify-token`; it also answers what nobody else does.
    VerifyToken,
    /// `confirm-reset`
    ConfirmReset,
}

/// What a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Ask for a reset.
    Request,
    /// Learn whether a link or code is alive.
    Verify,
    /// Set the new password.
    Confirm,
    /// Learn what frontends need to know beforehand.
    Settings,
}

/// One method on one path.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path; a segment in braces is a parameter.
    pub path: &'static str,
    /// The function that answers.
    pub function: FunctionName,
    /// What it is for.
    pub operation: Operation,
    pub(super) dialect: &'static dyn Dialect,
}

/// Every route.
pub const ROUTES: &[Route] = &[
    Route {
        method: "POST",
        path: "/v1/request-reset",
        function: FunctionName::RequestReset,
        operation: Operation::Request,
        dialect: &NATIVE,
    },
    Route {
        method: "POST",
        path: "/v1/verify-token",
        function: FunctionName::VerifyToken,
        operation: Operation::Verify,
        dialect: &NATIVE,
    },
    Route {
        method: "POST",
        path: "/v1/confirm-reset",
        function: FunctionName::ConfirmReset,
        operation: Operation::Confirm,
        dialect: &NATIVE,
    },
    Route {
        method: "GET",
        path: "/v1/settings",
        function: FunctionName::VerifyToken,
        operation: Operation::Settings,
        dialect: &NATIVE,
    },
];

/// What a method and a path lead to.
#[derive(Clone, Copy)]
pub(super) enum Matched {
    Route(&'static Route),
    /// The path exists, with other methods.
    OtherMethod,
    Nothing,
}

/// The route for a request that reached `function`. HEAD is GET without the body (RFC 9110,
/// section 9.3.2).
pub(super) fn find(function: FunctionName, method: &str, path: &str) -> Matched {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut here = ROUTES
        .iter()
        .filter(|route| covers(route.path, path))
        .peekable();
    if here.peek().is_none() {
        return Matched::Nothing;
    }
    here.find(|route| route.method == method)
        .map_or(Matched::OtherMethod, |route| {
            if route.function == function {
                Matched::Route(route)
            } else {
                Matched::Nothing
            }
        })
}

/// The methods of a path, as an `Allow` header lists them.
pub(super) fn allowed_methods(path: &str) -> String {
    let mut methods: Vec<_> = ROUTES
        .iter()
        .filter(|route| covers(route.path, path))
        .map(|route| route.method)
        .collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.join(", ")
}

fn covers(pattern: &str, path: &str) -> bool {
    let fits = |(pattern, segment): (&str, &str)| {
        pattern == segment || (pattern.starts_with('{') && !segment.is_empty())
    };
    pattern.split('/').count() == path.split('/').count()
        && pattern.split('/').zip(path.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_route_is_there_twice() {
        let keys: BTreeSet<_> = ROUTES
            .iter()
            .map(|route| (route.method, route.path))
            .collect();
        assert_eq!(keys.len(), ROUTES.len());
    }

    #[test]
    fn parameters_match_one_segment_that_is_not_empty() {
        assert!(covers("/a/{token}", "/a/b"));
        assert!(!covers("/a/{token}", "/a/"));
        assert!(!covers("/a/{token}", "/a/b/c"));
        assert!(!covers("/a", "/a/"));
    }

    #[test]
    fn methods_and_functions_are_told_apart() {
        let find = |method, path| find(FunctionName::VerifyToken, method, path);
        assert!(matches!(
            find("POST", "/v1/verify-token"),
            Matched::Route(_)
        ));
        assert!(matches!(find("HEAD", "/v1/settings"), Matched::Route(_)));
        assert!(matches!(
            find("PUT", "/v1/verify-token"),
            Matched::OtherMethod
        ));
        assert!(matches!(
            find("POST", "/v1/confirm-reset"),
            Matched::Nothing
        ));
        assert!(matches!(find("POST", "/v1/nothing"), Matched::Nothing));
        assert_eq!(allowed_methods("/v1/settings"), "GET, HEAD");
    }
}
