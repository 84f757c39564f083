//! Plans as pictures, drawn as SVG text by pure functions: [`chart`] is what there is to show, [`sheets`] the Gantt chart of a
//! wide screen and of paper, [`bars`] that of a phone, [`map`] and [`steps`] what comes before what, wide and on a phone.
//!
//! Colour repeats what a word, an outline or a pattern says, so that black-and-white paper loses nothing; all of it comes from
//! the theme by class. Every matter is a link, in the order of reading.

mod bars;
pub(crate) mod chart;
mod layers;
mod map;
pub(crate) mod of_plan;
mod sheets;
mod svg;
#[cfg(test)]
mod tests;

pub(crate) use bars::bars;
pub(crate) use map::{map, steps};
pub(crate) use sheets::sheets;
