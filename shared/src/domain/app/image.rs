use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// What a PNG begins with (PNG specification, section 5.2).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What an SVG needs so that browsers show it as an image.
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// A picture of an app's as its pages hold it: a data URL (RFC 2397), so that nothing is loaded from
/// anywhere. In an `<img>` an SVG runs no script and loads nothing either.
#[derive(Clone, PartialEq, Eq)]
pub struct Image(Arc<str>);

impl Image {
    pub const MAX_BYTES: usize = 32 * 1024;

    /// The picture in a file.
    ///
    /// # Errors
    ///
    /// What is wrong with it: the size, or the kind.
    pub fn parse(file: &[u8]) -> Result<Self, String> {
        if file.len() > Self::MAX_BYTES {
            let (size, max) = (file.len(), Self::MAX_BYTES);
            return Err(format!("has {size} bytes; {max} is the most"));
        }
        let svg = std::str::from_utf8(file).ok();
        let svg = svg.filter(|text| text.contains("<svg") && text.contains(SVG_NAMESPACE));
        let kind = match svg {
            Some(_) => "image/svg+xml",
            None if file.starts_with(PNG) => "image/png",
            None => return Err("is neither a PNG nor an SVG".to_owned()),
        };
        let data = BASE64_STANDARD.encode(file);
        Ok(Self(format!("data:{kind};base64,{data}").into()))
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({} characters)", self.0.len())
    }
}

/// The pictures of an app.
#[derive(Debug, Clone, Default)]
pub struct Branding {
    /// Shown above its pages in place of its name.
    pub logo: Option<Image>,
    /// Shown in the logo's place in dark mode.
    pub logo_dark: Option<Image>,
    /// Shown in tabs and bookmarks.
    pub favicon: Option<Image>,
}

impl Branding {
    pub const fn has_images(&self) -> bool {
        self.logo.is_some() || self.favicon.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_small_png_or_svg() {
        let png = [PNG, b"rest"].concat();
        let url = Image::parse(&png).map(|image| image.to_string());
        assert_eq!(url.as_deref(), Ok("data:image/png;base64,iVBORw0KGgpyZXN0"));
        let svg = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let url = Image::parse(svg.as_bytes()).expect("an SVG").to_string();
        assert!(url.starts_with("data:image/svg+xml;base64,"), "{url}");
        let largest = format!("{svg:0$}", Image::MAX_BYTES);
        assert!(Image::parse(largest.as_bytes()).is_ok());
        for (file, problem) in [
            (&b"GIF89a"[..], "neither"),
            (b"<svg/>", "neither"),
            (b"", "neither"),
            (&vec![0; Image::MAX_BYTES + 1], "32768 is the most"),
        ] {
            let error = Image::parse(file).expect_err("no picture");
            assert!(error.contains(problem), "{error}");
        }
    }
}
