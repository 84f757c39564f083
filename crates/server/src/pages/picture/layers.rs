//! A layered drawing of what comes before what: each matter one layer behind the last that it waits for, few crossings, short
//! ways. Ways over several layers pass through places of their own, so that no line runs through a box.

use std::collections::HashSet;

/// A way from one box to another: both ends, and whether it is a strong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) strong: bool,
}

/// Where boxes stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// For each box its layer and the middle of its height.
    pub(super) at: Vec<(usize, f64)>,
    pub(super) layers: usize,
    pub(super) height: f64,
    /// The ways that are drawn, with the heights at which they pass the layers between.
    pub(super) ways: Vec<(Way, Vec<f64>)>,
}

/// What a box needs in height, with the space below it; and a way that only passes.
const BOX: f64 = 92.0;
const PASS: f64 = 16.0;

/// The layer of every box: one behind the last that it waits for.
pub(super) fn layer_of(count: usize, ways: &[Way]) -> Vec<usize> {
    let mut layer = vec![0; count];
    // A plan has no circle; should one come in all the same, this ends.
    for _ in 0..count {
        let mut moved = false;
        for way in ways {
            if layer[way.to] <= layer[way.from] {
                layer[way.to] = layer[way.from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layer
}

/// Leaves out what follows from other ways at least as strong.
pub(super) fn reduced(count: usize, ways: &[Way]) -> Vec<Way> {
    let reaches = |way: &Way| {
        let next = |from: usize| {
            ways.iter().filter(move |w| w.from == from && (w.strong || !way.strong) && *w != way).map(|w| w.to)
        };
        let mut seen = HashSet::new();
        let mut open: Vec<usize> = next(way.from).filter(|to| *to != way.to).collect();
        while let Some(here) = open.pop() {
            if here == way.to {
                return true;
            }
            if here < count && seen.insert(here) {
                open.extend(next(here));
            }
        }
        false
    };
    ways.iter().filter(|way| !reaches(way)).copied().collect()
}

/// Lays out boxes and ways.
pub(super) fn layout(count: usize, ways: &[Way]) -> Layout {
    let ways = reduced(count, ways);
    let mut layer = layer_of(count, &ways);
    let layers = layer.iter().max().map_or(0, |last| last + 1);
    // Boxes, then the places where long ways pass a layer.
    let mut links: Vec<(usize, usize)> = Vec::new();
    let mut passes: Vec<Vec<usize>> = Vec::new();
    for way in &ways {
        let mut last = way.from;
        let mut pass = Vec::new();
        for between in layer[way.from] + 1..layer[way.to] {
            layer.push(between);
            let here = layer.len() - 1;
            links.push((last, here));
            pass.push(here);
            last = here;
        }
        links.push((last, way.to));
        passes.push(pass);
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layers];
    for (node, layer) in layer.iter().enumerate() {
        rows[*layer].push(node);
    }
    order(&mut rows, &links);
    let high: Vec<f64> = (0..layer.len()).map(|node| if node < count { BOX } else { PASS }).collect();
    let middle = heights(&rows, &links, &high);
    let top = rows.iter().flatten().map(|node| middle[*node] - high[*node] / 2.0).fold(f64::MAX, f64::min);
    let bottom = rows.iter().flatten().map(|node| middle[*node] + high[*node] / 2.0).fold(f64::MIN, f64::max);
    let seen = |node: usize| middle[node] - top;
    Layout {
        at: (0..count).map(|node| (layer[node], seen(node))).collect(),
        layers,
        height: if count == 0 { 0.0 } else { bottom - top },
        ways: ways.into_iter().zip(passes).map(|(w, pass)| (w, pass.into_iter().map(seen).collect())).collect(),
    }
}

/// Puts every layer into the order of what it hangs on, forwards and backwards in turn.
fn order(rows: &mut [Vec<usize>], links: &[(usize, usize)]) {
    for round in 0..12 {
        let forwards = round % 2 == 0;
        let mut place = vec![0.0; rows.iter().flatten().max().map_or(0, |most| most + 1)];
        let count = rows.len();
        for step in 0..count {
            let at = if forwards { step } else { count - 1 - step };
            let key = |node: &usize, now: usize| {
                let beside: Vec<f64> = links
                    .iter()
                    .filter_map(|(a, b)| match forwards {
                        true if b == node => Some(place[*a]),
                        false if a == node => Some(place[*b]),
                        _ => None,
                    })
                    .collect();
                if beside.is_empty() { now as f64 } else { beside.iter().sum::<f64>() / beside.len() as f64 }
            };
            let mut keyed: Vec<(f64, usize)> =
                rows[at].iter().enumerate().map(|(now, node)| (key(node, now), *node)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            rows[at] = keyed.into_iter().map(|(_, node)| node).collect();
            for (now, node) in rows[at].iter().enumerate() {
                place[*node] = now as f64;
            }
        }
    }
}

/// The middle of every box: near what it hangs on, in order, never over another.
fn heights(rows: &[Vec<usize>], links: &[(usize, usize)], high: &[f64]) -> Vec<f64> {
    let mut middle = vec![0.0; high.len()];
    for row in rows {
        let mut y = 0.0;
        for node in row {
            middle[*node] = y + high[*node] / 2.0;
            y += high[*node];
        }
    }
    for round in 0..16 {
        let forwards = round % 2 == 0;
        for step in 0..rows.len() {
            let row = &rows[if forwards { step } else { rows.len() - 1 - step }];
            let wanted: Vec<f64> = row
                .iter()
                .map(|node| {
                    let beside: Vec<f64> = links
                        .iter()
                        .filter_map(|(a, b)| match (a == node, b == node) {
                            (true, _) => Some(middle[*b]),
                            (_, true) => Some(middle[*a]),
                            _ => None,
                        })
                        .collect();
                    if beside.is_empty() { middle[*node] } else { beside.iter().sum::<f64>() / beside.len() as f64 }
                })
                .collect();
            for (node, y) in row.iter().zip(spaced(row, &wanted, high)) {
                middle[*node] = y;
            }
        }
    }
    middle
}

/// The heights nearest to the wanted ones that keep order and space: neighbours that would overlap are moved as one.
fn spaced(row: &[usize], wanted: &[f64], high: &[f64]) -> Vec<f64> {
    // Offsets of each box from the first, if all stood close.
    let mut offset = Vec::with_capacity(row.len());
    let mut y = 0.0;
    for (at, node) in row.iter().enumerate() {
        if at > 0 {
            y += (high[row[at - 1]] + high[*node]) / 2.0;
        }
        offset.push(y);
    }
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (wanted, offset) in wanted.iter().zip(&offset) {
        let mut block = (wanted - offset, 1);
        while let Some(last) = blocks.last().copied().filter(|last| last.0 >= block.0) {
            let count = last.1 + block.1;
            block = ((last.0 * last.1 as f64 + block.0 * block.1 as f64) / count as f64, count);
            blocks.pop();
        }
        blocks.push(block);
    }
    let bases = blocks.into_iter().flat_map(|(base, count)| std::iter::repeat_n(base, count));
    bases.zip(&offset).map(|(base, offset)| base + offset).collect()
}
