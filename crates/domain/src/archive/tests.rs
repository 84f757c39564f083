use super::*;
use crate::case::tests_hall;
