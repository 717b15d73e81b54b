//! Everything that must hold, tried on the whole service.

mod apps_file;
mod bad_input;
mod calls;
mod cancel;
mod check_users;
mod dialects;
mod edge;
mod events;
mod expiry;
mod flow;
mod hash_formats;
mod languages;
mod limit_edges;
mod limits;
mod mail_cap;
mod mail_reports;
mod openapi;
mod outages;
mod outbox;
mod pages;
mod passwords;
mod races;
mod secrecy;
mod strangers;
mod user_lookup;
mod user_tables;
