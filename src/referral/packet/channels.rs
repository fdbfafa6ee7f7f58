//! Which ways to reach a person are safe, each on its own.

use serde::{Deserialize, Serialize};

/// Whether a channel may be used to reach a person. Unknown counts as no wherever it matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Safety {
    /// Said to be safe, clearly.
    Safe,
    /// Said not to be safe, or said in a way that could mean so.
    NotSafe,
    /// Not said.
    #[default]
    Unknown,
}

/// The safety of every channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Channels {
    /// Phone call.
    pub call: Safety,
    /// Voicemail.
    pub voicemail: Safety,
    /// Text message.
    pub text: Safety,
    /// Email.
    pub email: Safety,
    /// Letter by post.
    pub letter: Safety,
}
