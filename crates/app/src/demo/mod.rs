//! The demo hall. (Being written.)

/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "demo-2026";

/// What the demo made.
#[derive(Clone, Debug, Default)]
pub struct DemoSummary {
    /// Cases.
    pub cases: usize,
}
