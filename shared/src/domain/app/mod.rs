mod accent;
mod apps;
mod image;
mod link;
mod mailbox;

pub use accent::AccentColor;
pub use apps::{App, AppId, Apps, RedirectRefusal};
pub use image::{Branding, Image};
pub use link::{LinkTemplate, LinkValues, RESERVED, RedirectRule, is_fixed_url, is_loopback};
pub use mailbox::{Mailbox, is_single_line};
