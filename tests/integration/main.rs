//! Everything that must hold, tried on the whole service.

mod bad_input;
mod calls;
mod cancel;
mod dialects;
mod expiry;
mod flow;
mod languages;
mod limits;
mod openapi;
mod outages;
mod outbox;
mod pages;
mod passwords;
mod races;
mod secrecy;
