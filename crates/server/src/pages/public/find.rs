//! Finding a matter in one's own words: a part of a word will do, and what people say is led to what the catalogue says.

use domain::catalogue::{Catalogue, Matter};

/// What people say, and the words of the catalogue that it means.
const SAID: [(&str, &[&str]); 22] = [
    ("接电", &["用电报装"]),
    ("通电", &["用电报装"]),
    ("用电", &["用电报装"]),
    ("接水", &["用水报装"]),
    ("打井", &["取水许可"]),
    ("接气", &["燃气报装"]),
    ("暖气", &["供热报装"]),
    ("宽带", &["通信"]),
    ("开公司", &["公司设立", "名称自主申报", "公章", "税务登记"]),
    ("办公司", &["公司设立", "名称自主申报"]),
    ("营业执照", &["公司设立", "个体工商户"]),
    ("刻章", &["公章"]),
    ("社保", &["社会保险"]),
    ("医保", &["医疗"]),
    ("买地", &["国有建设用地使用权出让"]),
    ("拿地", &["国有建设用地使用权出让", "用地规划许可"]),
    ("草场", &["草原"]),
    ("建厂", &["施工许可", "工程规划许可", "设计方案"]),
    ("厂房", &["施工许可", "工程规划许可", "用电报装"]),
    ("饭店", &["食品经营", "公众聚集"]),
    ("超市", &["食品经营", "预包装"]),
    ("宾馆", &["特种行业", "公共场所卫生"]),
];

/// Matters that fit a question, the best first.
pub(super) fn find<'a>(catalogue: &'a Catalogue, question: &str) -> Vec<&'a Matter> {
    let question: String = question.chars().filter(|c| !c.is_whitespace()).take(40).collect::<String>().to_lowercase();
    if question.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u32, usize, &Matter)> = catalogue
        .matters()
        .iter()
        .enumerate()
        .map(|(at, matter)| (score(catalogue, matter, &question), at, matter))
        .filter(|(score, ..)| *score > 0)
        .collect();
    let best = found.iter().map(|(score, ..)| *score).max().unwrap_or(0);
    found.retain(|(score, ..)| *score * 3 >= best);
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, _, matter)| matter).collect()
}

/// How well a matter fits: the whole question in its name counts most, then what people say, then pairs of letters.
fn score(catalogue: &Catalogue, matter: &Matter, question: &str) -> u32 {
    let name = matter.name.to_lowercase();
    let office = catalogue.office(&matter.department).map(|office| office.name.as_str()).unwrap_or_default();
    let around =
        format!("{} {} {} {office}", matter.result, matter.stage, matter.applies_when.as_deref().unwrap_or(""));
    let mut score = 0;
    if matter.code.as_str().eq_ignore_ascii_case(question) {
        score += 100;
    }
    if name.contains(question) {
        score += 60;
    }
    for (said, means) in SAID {
        if question.contains(said) && means.iter().any(|word| name.contains(word)) {
            score += 30;
        }
    }
    let letters: Vec<char> = question.chars().collect();
    for pair in letters.windows(2) {
        let pair: String = pair.iter().collect();
        if name.contains(&pair) {
            score += 10;
        } else if around.contains(&pair) {
            score += 4;
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::parse(include_str!("../../../../../reference/matters.json")).unwrap()
    }

    #[test]
    fn what_people_say_leads_to_the_matter() {
        let catalogue = catalogue();
        let first = |question: &str| find(&catalogue, question).first().map(|m| m.code.to_string()).unwrap_or_default();
        assert_eq!(first("公章"), "QY-04");
        assert!(first("厂房接电").starts_with("SZ-0"), "{}", first("厂房接电"));
        assert_eq!(first("yy-02"), "YY-02");
        assert!(find(&catalogue, "草场").iter().all(|m| m.name.contains("草原")));
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        assert!(find(&catalogue(), "  ").is_empty());
        assert!(find(&catalogue(), "火星移民").is_empty());
    }
}
