//! The event bus, and the pipe that brings a stream's records to it.

mod bus;
mod input_template;
mod publisher;

pub use bus::EventBus;
pub use input_template::InputTemplate;
pub use publisher::Publisher;
