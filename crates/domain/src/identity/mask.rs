//! How private data are shown in lists, exports and logs. The full value is revealed only by a recorded click.

/// A telephone number: a mobile number keeps its first three and last four digits, a number with an area code the area code and the
/// last three, another the last three.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    if let Some((area, number)) = phone.split_once('-') {
        return format!("{area}-{}", stars_then_last(&number.replace('-', ""), 3));
    }
    let mobile = phone.len() == 11 && phone.starts_with('1') && phone.chars().all(|c| c.is_ascii_digit());
    if mobile {
        return keep_ends(phone, 3, 4);
    }
    match phone.strip_prefix('+') {
        Some(digits) => format!("+{}", stars_then_last(digits, 3)),
        None => stars_then_last(phone, 3),
    }
}

/// An identity number keeps its first three and last four characters.
#[must_use]
pub fn mask_id_number(id: &str) -> String {
    keep_ends(id, 3, 4)
}

/// A person's name keeps its first character and, from three characters on, its last; a name of one character keeps nothing.
#[must_use]
pub fn mask_name(name: &str) -> String {
    match name.chars().count() {
        0 | 1 => keep_ends(name, 0, 0),
        2 => keep_ends(name, 1, 0),
        _ => keep_ends(name, 1, 1),
    }
}

/// A credit code is public and is shown whole.
#[must_use]
pub fn mask_uscc(code: &str) -> String {
    code.to_owned()
}

/// A mail address keeps the first two characters before the at sign (one, if there are no more than two) and its domain.
#[must_use]
pub fn mask_email(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((person, domain)) => {
            let kept = if person.chars().count() > 2 { 2 } else { 1 };
            let person = if person.chars().count() > 1 { keep_ends(person, kept, 0) } else { "*".to_owned() };
            format!("{person}@{domain}")
        }
        None => keep_ends(email, 0, 0),
    }
}

/// A bank account keeps its first and last four digits.
#[must_use]
pub fn mask_bank_account(account: &str) -> String {
    keep_ends(account, 4, 4)
}

fn stars_then_last(text: &str, last: usize) -> String {
    keep_ends(text, 0, last)
}

/// The first and last characters with a star for each one between. A text too short to hide at least as many as it shows becomes
/// all stars, except that names and short mail addresses ask for one character at each end.
fn keep_ends(text: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let hidden = chars.len().saturating_sub(first + last);
    let short = first + last > 2 && hidden < 3;
    let kept = |at: usize| !short && (at < first || at >= chars.len() - last);
    chars.iter().enumerate().map(|(at, c)| if kept(at) { *c } else { '*' }).collect()
}
