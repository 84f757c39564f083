//! The phrases of service (服务规范用语, annex 3), word for word, in their four scenes; the numbers run on over the scenes.

use serde::{Deserialize, Serialize};

/// When a phrase is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// On the telephone.
    Telephone,
    /// When receiving somebody.
    Reception,
    /// While handling something for somebody.
    Handling,
    /// When somebody leaves with the business done.
    Leaving,
}

impl Scene {
    /// All four in the order of the annex.
    pub const ALL: [Self; 4] = [Self::Telephone, Self::Reception, Self::Handling, Self::Leaving];

    /// The heading of the annex.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Telephone => "电话服务用语",
            Self::Reception => "接待服务对象时",
            Self::Handling => "给服务对象办理业务时",
            Self::Leaving => "服务对象办完业务离开时",
        }
    }

    /// The phrases of the scene.
    pub fn phrases(self) -> impl Iterator<Item = &'static Phrase> {
        PHRASES.iter().filter(move |phrase| phrase.scene == self)
    }
}

/// One phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// Its number in the annex, 1 to 21.
    pub number: u8,
    /// When it is said.
    pub scene: Scene,
    /// Its words; `XX` and `××` are blanks.
    pub text: &'static str,
}

const fn phrase(number: u8, scene: Scene, text: &'static str) -> Phrase {
    Phrase { number, scene, text }
}

/// All 21 phrases in order.
pub const PHRASES: [Phrase; 21] = [
    phrase(1, Scene::Telephone, "您好，这里是政务服务大厅 XX 单位（科室），请讲。"),
    phrase(2, Scene::Telephone, "您有什么需要服务的？"),
    phrase(3, Scene::Telephone, "我能转达吗？"),
    phrase(4, Scene::Telephone, "请稍等一下。"),
    phrase(5, Scene::Telephone, "请您再说一遍。"),
    phrase(6, Scene::Telephone, "对不起，让您久等了。"),
    phrase(7, Scene::Telephone, "再见。"),
    phrase(8, Scene::Reception, "您好，您要办什么业务？"),
    phrase(9, Scene::Reception, "请您先到电子叫号机上抽取号码，在等待区等待叫号。"),
    phrase(10, Scene::Reception, "请您到 ×× 号窗口办理。"),
    phrase(11, Scene::Handling, "请稍等（填写、缴费）。"),
    phrase(12, Scene::Handling, "请您听我详细解释一下好吗？"),
    phrase(13, Scene::Handling, "您的手续已办好，请校对。"),
    phrase(14, Scene::Handling, "请保管好您的材料。"),
    phrase(15, Scene::Handling, "请您不要着急，您申请的事项属于特事特办的范围，我请示一下。"),
    phrase(16, Scene::Handling, "对不起，您还缺少××材料，请您把这些材料准备好再来办理好吗？"),
    phrase(17, Scene::Handling, "下面的手续请到××窗口办理。"),
    phrase(18, Scene::Handling, "上述内容（材料）核对无误后请签字（盖章）。"),
    phrase(19, Scene::Leaving, "请慢走（再见）。"),
    phrase(20, Scene::Leaving, "对不起，请补全手续再来办理。"),
    phrase(21, Scene::Leaving, "谢谢您的合作。"),
];

/// The phrase of a number of the annex.
#[must_use]
pub fn by_number(number: u8) -> Option<&'static Phrase> {
    PHRASES.iter().find(|phrase| phrase.number == number)
}

impl Phrase {
    /// How many blanks it has.
    #[must_use]
    pub fn blanks(&self) -> usize {
        pieces(self.text).len() - 1
    }
}

/// The phrase with its blanks filled in order, without the spaces that set a blank off. A blank for which nothing, or an empty text,
/// is given stays as the annex prints it, so that nobody takes half a sentence for a whole one.
#[must_use]
pub fn fill(phrase: &Phrase, blanks: &[&str]) -> String {
    let pieces = pieces(phrase.text);
    let mut filled = String::new();
    let mut given = blanks.iter().map(|text| text.trim());
    for (at, piece) in pieces.iter().enumerate() {
        match (piece.blank, given_for(at, &mut given)) {
            (Some(_), Some(text)) => filled.push_str(text),
            (Some(blank), None) => filled.push_str(blank),
            (None, _) => {}
        }
        filled.push_str(piece.words);
    }
    filled
}

/// What is given for the blank before a piece; the first piece has none before it.
fn given_for<'a>(at: usize, given: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if at == 0 { None } else { given.next().filter(|text| !text.is_empty()) }
}

/// A stretch of words and the blank before it, with the spaces around that blank.
struct Piece {
    blank: Option<&'static str>,
    words: &'static str,
}

fn pieces(text: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut blank = None;
    let mut rest = text;
    while let Some(at) = ["XX", "××"].iter().filter_map(|mark| rest.find(mark)).min() {
        let words = rest[..at].trim_end_matches(' ');
        let after = rest[at..].trim_start_matches(['X', '×']).trim_start_matches(' ');
        pieces.push(Piece { blank, words });
        blank = Some(&rest[words.len()..rest.len() - after.len()]);
        rest = after;
    }
    pieces.push(Piece { blank, words: rest });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use sm3::{Digest, Sm3};

    #[test]
    fn a3_phrases_are_all_there_and_their_numbers_run_on() {
        assert!(PHRASES.iter().map(|phrase| phrase.number).eq(1..=21));
        let numbers = |scene: Scene| scene.phrases().map(|phrase| phrase.number).collect::<Vec<_>>();
        assert_eq!(numbers(Scene::Telephone), (1..=7).collect::<Vec<_>>());
        assert_eq!(numbers(Scene::Reception), [8, 9, 10]);
        assert_eq!(numbers(Scene::Handling), (11..=18).collect::<Vec<_>>());
        assert_eq!(numbers(Scene::Leaving), [19, 20, 21]);
    }

    /// The digest was computed from the plan's own text, scene headings and numbered phrases, one a line.
    #[test]
    fn a3_phrases_are_word_for_word_those_of_the_plan() {
        let mut text = String::new();
        for scene in Scene::ALL {
            text.push_str(scene.title());
            text.push('\n');
            for phrase in scene.phrases() {
                text.push_str(&format!("{}. {}\n", phrase.number, phrase.text));
            }
        }
        let digest: String = Sm3::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, "744d6a24610ac8953d9cc5015701c773d5aba3f7ebc62b27be7bba4b8f9bda4f");
    }

    #[test]
    fn a3_phrases_with_blanks_are_filled() {
        let with: Vec<u8> = PHRASES.iter().filter(|phrase| phrase.blanks() > 0).map(|phrase| phrase.number).collect();
        assert_eq!(with, [1, 10, 16, 17]);
        let filled = |number, blanks: &[&str]| fill(by_number(number).unwrap(), blanks);
        assert_eq!(filled(1, &["代办帮办窗口"]), "您好，这里是政务服务大厅代办帮办窗口单位（科室），请讲。");
        assert_eq!(filled(10, &[" 3 "]), "请您到3号窗口办理。");
        let missing = "对不起，您还缺少公司章程、住所证明材料，请您把这些材料准备好再来办理好吗？";
        assert_eq!(filled(16, &["公司章程、住所证明"]), missing);
        assert_eq!(filled(17, &["税务", "不用的"]), "下面的手续请到税务窗口办理。");
    }

    #[test]
    fn a3_phrases_without_a_value_stay_as_printed() {
        for phrase in &PHRASES {
            assert_eq!(fill(phrase, &[]), phrase.text);
            assert_eq!(fill(phrase, &[" "]), phrase.text);
        }
        assert_eq!(by_number(22), None);
    }
}
