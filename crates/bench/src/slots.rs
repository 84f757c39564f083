//! A text with places that are filled anew for each copy.

/// A text, taken apart at the names that differ from copy to copy.
#[derive(Debug)]
pub struct Slotted {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Name(usize),
}

impl Slotted {
    /// Takes `text` apart at each of the names; where two begin at one place, the longer one counts.
    pub fn new(text: &str, names: &[String]) -> Self {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (slot, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            found.extend(text.match_indices(name.as_str()).map(|(at, _)| (at, slot)));
        }
        found.sort_by_key(|(at, slot)| (*at, usize::MAX - names[*slot].len()));
        let mut pieces = Vec::new();
        let mut done = 0;
        for (at, slot) in found.into_iter() {
            if at < done {
                continue;
            }
            pieces.push(Piece::Text(text[done..at].to_owned()));
            pieces.push(Piece::Name(slot));
            done = at + names[slot].len();
        }
        pieces.push(Piece::Text(text[done..].to_owned()));
        Self { pieces }
    }

    /// The text with these names in place of the first ones.
    pub fn with(&self, names: &[String]) -> String {
        self.pieces.iter().fold(String::new(), |mut text, piece| {
            text.push_str(match piece {
                Piece::Text(piece) => piece,
                Piece::Name(slot) => names.get(*slot).map_or("", String::as_str),
            });
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_in_the_place_of_names() {
        let of = |names: [&str; 3]| names.map(str::to_owned).to_vec();
        let text = Slotted::new("a-1 of a-12, b and a-1", &of(["a-1", "b", "a-12"]));
        assert_eq!(text.with(&of(["X", "Y", "Z"])), "X of Z, Y and X");
        assert_eq!(text.with(&of(["a-1", "b", "a-12"])), "a-1 of a-12, b and a-1");
    }
}
