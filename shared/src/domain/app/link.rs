use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// What is encoded to stand in a URL: all but the unreserved characters (RFC 3986, section 2.3).
pub const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const TOKEN: &str = "{{token}}";
const CODE: &str = "{{code}}";
const EMAIL: &str = "{{email}}";
const BASE_URL: &str = "{{base_url}}";

/// What the placeholders of a link template stand for.
#[derive(Clone, Copy)]
pub struct LinkValues<'a> {
    /// `{{base_url}}`: this deployment's own origin, without a slash at the end.
    pub base_url: &'a str,
    /// `{{token}}`: the link token.
    pub token: &'a str,
    /// `{{code}}`: the short code.
    pub code: &'a str,
    /// `{{email}}`: the address that the mail goes to.
    pub email: &'a str,
}

/// A link of an app's own, in which placeholders stand for what differs from mail to mail.
#[derive(Debug, Clone)]
pub struct LinkTemplate(String);

impl LinkTemplate {
    /// The template with this text: an https URL, or `{{base_url}}` and a path, with a place for the
    /// token or the code.
    pub fn parse(text: &str) -> Option<Self> {
        let sample = match text.strip_prefix(BASE_URL) {
            Some(rest) if rest.starts_with('/') => format!("https://base.invalid{rest}"),
            Some(_) => return None,
            None => text.to_owned(),
        };
        let fits = carries_secret(&sample) && !completes_escape(text);
        let fits = fits && is_fixed_url(&blank_out(&sample));
        fits.then(|| Self(text.to_owned()))
    }

    pub(super) fn fill(&self, values: &LinkValues<'_>) -> String {
        match self.0.strip_prefix(BASE_URL) {
            Some(rest) => values.base_url.to_owned() + &fill(rest, values),
            None => fill(&self.0, values),
        }
    }
}

/// Puts the values into a template, percent-encoded, in one pass: a value is never searched for
/// placeholders.
pub(super) fn fill(template: &str, values: &LinkValues<'_>) -> String {
    let pairs = [
        (TOKEN, values.token),
        (CODE, values.code),
        (EMAIL, values.email),
    ];
    let mut filled = String::with_capacity(template.len() + 128);
    let mut rest = template;
    while let Some(at) = rest.find("{{") {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = pairs.iter().find(|(name, _)| rest.starts_with(name));
        let (name, value) = known.copied().unwrap_or(("{{", ""));
        filled.extend(utf8_percent_encode(value, RESERVED));
        rest = &rest[name.len()..];
    }
    filled.push_str(rest);
    filled
}

/// The template as it looks with harmless values in it.
fn blank_out(template: &str) -> String {
    [TOKEN, CODE, EMAIL]
        .iter()
        .fold(template.to_owned(), |text, name| text.replace(name, "x"))
}

/// Whether the text is, to the letter, a URL that people may be sent to: https (http for this
/// machine alone), no credentials in it, nothing that a browser would read differently.
#[must_use]
pub fn is_fixed_url(text: &str) -> bool {
    parse_exact(text).is_some_and(|url| is_secure(&url))
}

/// Parses an http or https URL that is written exactly as a browser would serialise it.
///
/// Whatever needs fixing (case, default ports, backslashes, dots, odd white space) could be read
/// differently by the next program, so it is refused.
fn parse_exact(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let scheme_fits = matches!(url.scheme(), "https" | "http") && url.has_host();
    let bare = url.username().is_empty() && url.password().is_none();
    let exact = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    (scheme_fits && bare && exact && !hides_segments(url.path())).then_some(url)
}

/// Whether nobody on the network can read what a browser sends to this URL: https, or this machine.
fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

/// Whether a URL leads to this machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether a link template leads over a connection that others can read.
pub(super) fn is_insecure(template: &str) -> bool {
    parse_exact(&blank_out(template)).is_some_and(|url| !is_secure(&url))
}

/// Encoded dots, slashes and backslashes turn into other paths behind some proxies.
fn hides_segments(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.contains("//")
        || ["%2e", "%2f", "%5c", "%00"]
            .iter()
            .any(|s| path.contains(s))
}

/// Whether a filled template holds the token or the code. A brace too many, as in `{{{code}}`, would
/// hide the placeholder from what fills it, and the mail would hold a link that opens nothing.
fn carries_secret(template: &str) -> bool {
    let has_place = template.contains(TOKEN) || template.contains(CODE);
    has_place && !blank_out(template).contains(['{', '}'])
}

/// Whether a placeholder stands where its value would become part of a percent-escape: what
/// `%2{{token}}` turns into is known to nobody beforehand.
fn completes_escape(template: &str) -> bool {
    template.match_indices("{{").any(|(at, _)| {
        let before = template.as_bytes()[..at].iter().rev();
        let digits = before.clone().take_while(|b| b.is_ascii_hexdigit()).count();
        digits < 2 && before.clone().nth(digits) == Some(&b'%')
    })
}

/// An origin, and a path prefix below it, that callers may have mailed links point to.
#[derive(Debug, Clone)]
pub struct RedirectRule {
    prefix: Url,
}

impl RedirectRule {
    /// The rule that is written as a URL without query or fragment.
    pub fn parse(text: &str) -> Option<Self> {
        let prefix = parse_exact(text)?;
        (prefix.query().is_none() && prefix.fragment().is_none()).then_some(Self { prefix })
    }

    /// Whether it leads over connections that nobody else can read. The token of a link that leads
    /// over another can be taken and used by anybody on the way.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        is_secure(&self.prefix)
    }

    /// Whether `template`, a URL with placeholders, is one that this rule allows: same origin to
    /// the letter, path equal to the prefix or below it, and a place for the token in it.
    #[must_use]
    pub fn allows(&self, template: &str) -> bool {
        let Some(url) = parse_exact(&blank_out(template)) else {
            return false;
        };
        carries_secret(template)
            && !completes_escape(template)
            && !authority(template).contains("{{")
            && url.origin() == self.prefix.origin()
            && self.covers(url.path())
    }

    /// Whether a path is the prefix or below it. Beyond the prefix there is nothing that a proxy or
    /// framework on the way could read as another path: no escapes, no parameters (RFC 3986, section
    /// 3.3), nothing but unreserved characters and slashes.
    fn covers(&self, path: &str) -> bool {
        let prefix = self.prefix.path().trim_end_matches('/');
        path.strip_prefix(prefix).is_some_and(|rest| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
            (rest.is_empty() || rest.starts_with('/')) && rest.bytes().all(plain)
        })
    }
}

/// The part of a URL between the scheme and the path, where no placeholder may stand.
fn authority(template: &str) -> &str {
    let rest = template
        .split_once("://")
        .map_or(template, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALUES: LinkValues<'static> = LinkValues {
        base_url: "https://api.example.com",
        token: "fpr_abc",
        code: "0123-ABCD",
        email: "a+b@example.com",
    };

    #[test]
    fn placeholders_are_filled_and_encoded() {
        let template = LinkTemplate::parse("{{base_url}}/r/{{token}}?e={{email}}#{{code}}");
        assert_eq!(
            template.expect("a good template").fill(&VALUES),
            "https://api.example.com/r/fpr_abc?e=a%2Bb%40example.com#0123-ABCD"
        );
    }

    #[test]
    fn a_value_is_never_searched_for_placeholders() {
        let values = LinkValues {
            email: "{{token}}",
            ..VALUES
        };
        assert_eq!(fill("x?{{email}}", &values), "x?%7B%7Btoken%7D%7D");
    }

    #[test]
    fn templates_need_https_and_a_place_for_the_secret() {
        assert!(LinkTemplate::parse("https://app.example.com/r?t={{token}}").is_some());
        assert!(LinkTemplate::parse("http://localhost:3000/r?t={{token}}").is_some());
        for text in [
            "http://app.example.com/r?t={{token}}",
            "https://app.example.com/r",
            "{{base_url}}.evil.example/{{token}}",
            "javascript:alert({{token}})",
            "/r/{{token}}",
        ] {
            assert!(LinkTemplate::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_redirect_must_match_origin_and_path_prefix_exactly() {
        let rule = RedirectRule::parse("https://app.example.com/reset").expect("a good rule");
        for good in [
            "https://app.example.com/reset?code={{code}}",
            "https://app.example.com/reset/{{token}}",
            "https://app.example.com/reset#token={{token}}",
            "https://app.example.com/reset/de-DE/v1.0/~x_y/{{token}}",
            "https://app.example.com/reset#/confirm;x?token={{token}}&back=%2Fhome",
            "https://app.example.com/reset?next=%2F{{code}}",
        ] {
            assert!(rule.allows(good), "{good}");
        }
        for bad in [
            "https://app.example.com/reset",
            "https://app.example.com/resetting?c={{code}}",
            "https://app.example.com/?c={{code}}",
            "https://app.example.com.evil.example/reset?c={{code}}",
            "https://evil.example/reset?c={{code}}",
            "https://app.example.com@evil.example/reset?c={{code}}",
            "https://user@app.example.com/reset?c={{code}}",
            "https://:password@app.example.com/reset?c={{code}}",
            "https://app.example.com:8443/reset?c={{code}}",
            "https://app.example.com:443/reset?c={{code}}",
            "HTTPS://app.example.com/reset?c={{code}}",
            "https://APP.example.com/reset?c={{code}}",
            "http://app.example.com/reset?c={{code}}",
            "//evil.example/reset?c={{code}}",
            "\\\\evil.example/reset?c={{code}}",
            "https:\\\\app.example.com/reset?c={{code}}",
            "https://app.example.com\\@evil.example/reset?c={{code}}",
            "https://app.example.com/reset/../admin?c={{code}}",
            "https://app.example.com/reset/%2e%2e/admin?c={{code}}",
            "https://app.example.com/reset/..%2fadmin?c={{code}}",
            "https://app.example.com/reset//evil.example?c={{code}}",
            "https://app.example.com/reset/..;/x?c={{code}}",
            "https://app.example.com/reset/a;b=c?c={{code}}",
            "https://app.example.com/reset/%252e%252e/x?c={{code}}",
            "https://app.example.com/reset/%u002e%u002e/x?c={{code}}",
            "https://app.example.com/reset/%c0%ae%c0%ae/x?c={{code}}",
            "https://app.example.com/reset/%0d%0aX:y?c={{code}}",
            "https://app.example.com/reset/a@evil.example?c={{code}}",
            "https://{{code}}.app.example.com/reset",
            "https://app.example.com/reset/..%2{{code}}",
            "https://app.example.com/reset?c={{{code}}",
            "https://app.example.com/reset?c={{{code}}}",
            "https://app.example.com/reset#{{co{{code}}de}}",
            "https://app.example.com/reset?c={{code}}&d={{other}}",
            "https://app.example.com/reset/%{{code}}",
            "https://app.example.com/reset?c={{code}}&e=%{{email}}",
            "https://app.example.com/reset?c={{code}}\r\nx",
            " https://app.example.com/reset?c={{code}}",
            "javascript:alert(1)//{{code}}",
            "data:text/html,{{code}}",
        ] {
            assert!(!rule.allows(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_allowed_stays_on_the_origin_and_carries_the_code(
            tail in prop_oneof!["\\PC{0,40}", "[/?#{}a-z]{0,12}"],
        ) {
            let rule = RedirectRule::parse("https://app.example.com/reset").expect("a good rule");
            let template = format!("https://app.example.com/reset{tail}{{{{code}}}}");
            if rule.allows(&template) {
                let url = Url::parse(&fill(&template, &VALUES)).expect("still a URL");
                prop_assert_eq!(url.host_str(), Some("app.example.com"));
                prop_assert!(url.path().starts_with("/reset"));
                prop_assert!(url.as_str().contains(VALUES.code));
            }
        }
    }
}
