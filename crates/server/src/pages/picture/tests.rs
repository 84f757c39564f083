//! Pictures by their structure: nothing lies over another, every matter is drawn once, words stay inside.

use super::chart::{Chart, Look};
use super::layers::{Way, layout, reduced};
use super::of_plan::{By, Source, chart, chart_of_list};
use super::svg::breadth;
use super::{bars, map, sheets, steps};
use crate::i18n::Lang;
use app::Wanted;
use chrono::NaiveDate;
use domain::calendar::Calendar;
use domain::catalogue::Catalogue;
use domain::people::Directory;
use domain::plan::{ItemState, PlanItem, items_of_list, schedule};
use std::collections::HashSet;

fn catalogue() -> Catalogue {
    Catalogue::parse(include_str!("../../../../../reference/matters.json")).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A template as a project under way: some finished, one running, one stopped, one overdue.
fn under_way(catalogue: &Catalogue, template: &str) -> Vec<PlanItem> {
    let template = catalogue.template(&template.into()).unwrap();
    let mut items = items_of_list(catalogue, &template.matters);
    let since = day("2026-09-14");
    for (at, item) in items.iter_mut().enumerate() {
        item.state = match at {
            0..=4 => ItemState::Done { since: Some(day("2026-07-06")), on: day("2026-08-03") },
            5 => ItemState::Running { since, due: Some(day("2026-10-12")), overdue: false },
            6 => ItemState::Stopped { since, until: Some(day("2026-10-30")) },
            7 => ItemState::Running { since, due: Some(day("2026-09-18")), overdue: true },
            _ => continue,
        };
    }
    items
}

fn of_case(l: Lang, by: By, template: &str) -> Chart {
    let catalogue = catalogue();
    let items = under_way(&catalogue, template);
    let calendar = Calendar::parse(include_str!("../../../../../reference/holidays.json")).unwrap();
    let today = day("2026-09-23");
    let goal = Wanted { milestone: "MS-KG".to_owned(), on: day("2026-11-02") };
    let dated = schedule(&items, catalogue.milestones(), &calendar, today, Some((&goal.milestone, goal.on)));
    let directory = Directory::default();
    let (items, schedule, goal) = (&items, &dated, Some(&goal));
    chart(Source {
        l,
        items,
        schedule,
        goal,
        catalogue: &catalogue,
        directory: &directory,
        calendar: &calendar,
        today,
        by,
    })
}

fn of_list(template: &str) -> Chart {
    let catalogue = catalogue();
    let template = catalogue.template(&template.into()).unwrap();
    chart_of_list(Lang::Zh, &catalogue, &Directory::default(), &template.matters)
}

/// Every drawing of both kinds, for every template.
fn drawn() -> Vec<(Chart, Vec<String>)> {
    let mut charts = Vec::new();
    for template in ["T1", "T2", "T3", "T4", "T5"] {
        charts.push(of_list(template));
        for by in [By::Stage, By::Office] {
            charts.push(of_case(Lang::Zh, by, template));
        }
        charts.push(of_case(Lang::En, By::Stage, template));
    }
    let all = |chart: Chart| {
        let mut svgs = sheets(&chart, "g");
        svgs.extend([bars(&chart, "b"), map(&chart, "m"), steps(&chart, "s")]);
        (chart, svgs)
    };
    charts.into_iter().map(all).collect()
}

/// A value of an attribute.
fn value<'a>(tag: &'a str, name: &str) -> &'a str {
    let start = tag.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {tag}")) + name.len() + 3;
    tag[start..].split('"').next().unwrap()
}

fn number(tag: &str, name: &str) -> f64 {
    value(tag, name).parse().unwrap()
}

fn tags<'a>(svg: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!("<{name} ");
    svg.lines().filter(|line| line.starts_with(&begin)).collect()
}

#[test]
fn s5_3_every_matter_is_drawn_once_and_leads_to_its_facts() {
    for (chart, svgs) in drawn() {
        let wide: Vec<&str> = svgs[..svgs.len() - 3].iter().flat_map(|svg| tags(svg, "a")).collect();
        let open = chart.rows.iter().filter(|row| row.look != Look::Done).count();
        let [bars, map, steps] = [3, 2, 1].map(|back| tags(&svgs[svgs.len() - back], "a"));
        for (links, count) in [(wide, chart.rows.len()), (bars, chart.rows.len()), (map, open), (steps, open)] {
            let different: HashSet<&str> = links.iter().map(|tag| value(tag, "href")).collect();
            assert_eq!((links.len(), different.len()), (count, count));
        }
    }
}

#[test]
fn s5_3_no_box_lies_over_another_and_none_leaves_the_picture() {
    for (_, svgs) in drawn() {
        for svg in &svgs {
            let (width, height) = (number(svg, "width"), number(svg, "height"));
            let is_box =
                |tag: &&str| ["box ", "beam ", "hit"].iter().any(|class| value(tag, "class").starts_with(class));
            let shapes: Vec<&str> = tags(svg, "rect").into_iter().filter(is_box).collect();
            let spans = |class: &str| {
                let of_class = shapes.iter().filter(|tag| value(tag, "class").starts_with(class));
                of_class.map(|tag| ["x", "y", "width", "height"].map(|name| number(tag, name))).collect::<Vec<_>>()
            };
            for class in ["box ", "beam ", "hit"] {
                let boxes = spans(class);
                for (at, [x, y, w, h]) in boxes.iter().copied().enumerate() {
                    assert!(
                        x >= 0.0 && y >= 0.0 && x + w <= width && y + h <= height,
                        "{x} {y} {w} {h} in {width}×{height}"
                    );
                    for [a, b, c, d] in boxes[..at].iter().copied() {
                        assert!(x >= a + c || a >= x + w || y >= b + d || b >= y + h, "boxes at {x},{y} and {a},{b}");
                    }
                }
            }
        }
    }
}

#[test]
fn s5_3_words_stay_inside_the_picture() {
    for (_, svgs) in drawn() {
        for svg in &svgs {
            let (width, height) = (number(svg, "width"), number(svg, "height"));
            for tag in tags(svg, "text") {
                let class = value(tag, "class");
                let words = tag.split('>').nth(1).unwrap().trim_end_matches("</text");
                let has = |one: &str| class.split(' ').any(|known| known == one);
                let size = if has("t") {
                    12.0
                } else if svg.contains("tall") && !has("s") {
                    15.0
                } else {
                    13.0
                };
                let wide = breadth(&words.replace("&amp;", "&"), size);
                let x = number(tag, "x");
                let from = if has("end") {
                    x - wide
                } else if has("mid") {
                    x - wide / 2.0
                } else {
                    x
                };
                assert!(from >= -1.0 && from + wide <= width + 1.0, "{tag}: {from} to {} of {width}", from + wide);
                assert!((size - 2.0..=height).contains(&number(tag, "y")), "{tag}");
            }
        }
    }
}

#[test]
fn s5_3_a_sheet_fits_on_paper_and_ids_are_unique() {
    for (_, svgs) in drawn() {
        let mut ids = HashSet::new();
        for svg in &svgs {
            for piece in svg.split(" id=\"").skip(1) {
                assert!(ids.insert(piece.split('"').next().unwrap().to_owned()), "{piece}");
            }
            assert!(svg.contains("<title id=") && svg.contains("<desc id=") && !svg.contains("style="));
        }
        for sheet in &svgs[..svgs.len() - 3] {
            // A4, landscape, without its margins: 261 by 174 mm.
            assert!(number(sheet, "height") / number(sheet, "width") <= 174.0 / 261.0, "too high for a sheet");
        }
    }
}

#[test]
fn s5_3_black_and_white_loses_nothing() {
    let chart = of_case(Lang::Zh, By::Stage, "T1");
    let svgs = sheets(&chart, "g").concat();
    for (class, word) in
        [("done", "已办结"), ("now", "办理中"), ("halt", "计时暂停"), ("over", "已逾期"), ("key", "现在可以办")]
    {
        assert!(svgs.contains(&format!("{class}\" x")) || svgs.contains(&format!("{class} critical\"")), "{class}");
        assert!(svgs.contains(word), "{word}");
    }
    assert!(svgs.contains("fill=\"url(#g-0-h)\""), "what remains of a matter under way is hatched");
    assert!(svgs.contains(" · 关键") && svgs.contains(" critical\""));
    assert!(svgs.contains("今天 9月23日") && svgs.contains("class=\"today\"") && svgs.contains("class=\"wanted\""));
    assert!(svgs.contains("class=\"off\"") && svgs.contains("class=\"extra\""), "holidays and make-up days of October");
    assert!(svgs.contains("class=\"slack\"") && svgs.contains("class=\"goal\""));
}

#[test]
fn s5_3_order_by_law_is_solid_and_usual_order_is_dashed() {
    let chart = of_list("T1");
    let drawing = map(&chart, "m");
    assert!(
        drawing.contains("class=\"way\"")
            && drawing.contains("class=\"way soft\"")
            && drawing.contains("class=\"way long\"")
    );
    assert!(drawing.contains("第 "), "{drawing}");
}

#[test]
fn a_way_that_others_make_is_not_drawn_unless_the_law_says_more() {
    let way = |from, to, strong| Way { from, to, strong };
    let strong = [way(0, 1, true), way(1, 2, true), way(0, 2, true), way(0, 2, false)];
    assert_eq!(reduced(3, &strong), [way(0, 1, true), way(1, 2, true)]);
    let weak = [way(0, 1, false), way(1, 2, true), way(0, 2, true)];
    assert_eq!(reduced(3, &weak), weak);
}

#[test]
fn a_long_way_passes_between_boxes() {
    let way = |from, to| Way { from, to, strong: true };
    let weak = Way { from: 0, to: 1, strong: false };
    let placed = layout(4, &[weak, way(1, 2), way(0, 2), way(2, 3)]);
    assert_eq!(placed.at.iter().map(|(layer, _)| *layer).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let (_, passes) = placed.ways.iter().find(|(w, _)| (w.from, w.to) == (0, 2)).unwrap();
    assert!((passes[0] - placed.at[1].1).abs() >= 54.0 - 0.1, "{passes:?} {:?}", placed.at);
    let circle = layout(2, &[way(0, 1), way(1, 0)]);
    assert_eq!(circle.at.len(), 2, "even a circle ends");
}
