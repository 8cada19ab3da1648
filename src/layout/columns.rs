//! P5 for zones: which column of its zone each tile stands in.
//!
//! A search by single rows and single zones over a small cost: lines between rows straight, copies that replicate face to
//! face, groups not torn apart, the order of the description where nothing speaks against it.

use std::collections::BTreeMap;

/// A tile on the grid of a zoned box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    pub(super) zone: usize,
    pub(super) row: usize,
    /// The group it is framed with.
    pub(super) frame: Option<usize>,
}

/// Lines between tiles by their position in the list.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Requests.
    pub(super) flow: Vec<(usize, usize)>,
    /// Copies of data.
    pub(super) level: Vec<(usize, usize)>,
    /// From a group to a tile.
    pub(super) framed: Vec<(usize, usize)>,
    /// To a gateway on the border.
    pub(super) upwards: Vec<usize>,
    /// From the spine into a tile.
    pub(super) entered: Vec<usize>,
    /// The author's wishes: the second tile stands right after the first.
    pub(super) after: Vec<(usize, usize)>,
    /// The author's wishes: the tile stands at the left or, if true, at the right of its row.
    pub(super) outermost: Vec<(usize, bool)>,
}

/// More tiles than this keep the order of the description.
const SEARCHED: usize = 48;

/// The columns by the order of the description alone.
pub(super) fn plain(tiles: &[Tile]) -> Vec<usize> {
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut column = Vec::with_capacity(tiles.len());
    for tile in tiles {
        let next = taken.entry((tile.zone, tile.row)).or_insert(0);
        column.push(*next);
        *next += 1;
    }
    column
}

/// The column of each tile. `gap`: the spine runs after this zone, `None`: left of the first. `cap`: the most columns,
/// unless a row has more tiles. `effort`: how many assignments may be weighed.
pub(super) fn assign(
    tiles: &[Tile],
    links: &Links,
    zones: usize,
    gap: Option<usize>,
    cap: usize,
    effort: usize,
) -> Vec<usize> {
    let mut cells: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (t, tile) in tiles.iter().enumerate() {
        cells.entry((tile.zone, tile.row)).or_default().push(t);
    }
    let most = cells.values().map(Vec::len).max().unwrap_or(1);
    let plain = plain(tiles);
    let rows = tiles.iter().map(|tile| tile.row + 1).max().unwrap_or(0);
    if tiles.len() > SEARCHED || most > 7 || rows > 64 || zones * (most + 1) > 64 {
        return plain;
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (t, tile) in tiles.iter().enumerate() {
        if let Some(g) = tile.frame {
            members.entry(g).or_default().push(t);
        }
    }
    let lines = Lines::new(tiles, links);
    let widths = most..=(most + 1).min(cap).max(most);
    let starts = 1usize << zones.min(3);
    let effort = effort / (widths.clone().count() * starts).max(1);
    let mut best: Option<(i64, Vec<usize>)> = None;
    for columns in widths {
        for start in 0..starts {
            let mut column = plain.clone();
            for (t, tile) in tiles.iter().enumerate() {
                if start >> (tile.zone % 3) & 1 == 1 {
                    column[t] = columns - 1 - column[t];
                }
            }
            let mut search = Search {
                tiles,
                links,
                lines: &lines,
                cells: &cells,
                members: &members,
                columns,
                zones,
                gap,
                effort,
                runs: vec![0; lines.upright.len() + links.upwards.len()],
                in_column: vec![0; zones * columns],
                in_row: vec![0; rows],
            };
            let cost = search.improve(&mut column) + 350 * i64::try_from(columns).unwrap_or(0);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, column));
            }
        }
    }
    best.map_or(plain, |(_, column)| column)
}

/// The most ways to place the tiles of one row that are tried together.
const TOGETHER: usize = 250;

/// A request between two rows of a zone.
struct Upright {
    zone: usize,
    /// Its ends and their rows.
    top: usize,
    bottom: usize,
    low: usize,
    high: usize,
    /// Whether it leads downwards.
    down: bool,
    /// Those before it that pass some of the same rows.
    beside: Vec<usize>,
}

/// What is known about lines before any tile has a column.
struct Lines {
    /// Requests within a row of a zone.
    level: Vec<(usize, usize)>,
    upright: Vec<Upright>,
    /// For each line from the spine the lines that it may cross: by number those of `upright`, then those of
    /// [`Links::upwards`].
    passing: Vec<Vec<usize>>,
}

impl Lines {
    fn new(tiles: &[Tile], links: &Links) -> Lines {
        let mut lines = Lines { level: Vec::new(), upright: Vec::new(), passing: Vec::new() };
        for &(a, b) in links.flow.iter().filter(|(a, b)| tiles[*a].zone == tiles[*b].zone) {
            let down = tiles[a].row < tiles[b].row;
            let (top, bottom) = if down { (a, b) } else { (b, a) };
            let Tile { zone, row: low, .. } = tiles[top];
            let high = tiles[bottom].row;
            if low == high {
                lines.level.push((a, b));
                continue;
            }
            let beside = |line: &Upright| line.zone == zone && line.low < high && low < line.high;
            let beside = (0..lines.upright.len()).filter(|&n| beside(&lines.upright[n])).collect();
            lines.upright.push(Upright { zone, top, bottom, low, high, down, beside });
        }
        let upright = lines.upright.iter().map(|line| (line.zone, line.low, line.high));
        let upwards = links.upwards.iter().map(|&t| (tiles[t].zone, 0, tiles[t].row));
        let all: Vec<(usize, usize, usize)> = upright.chain(upwards).collect();
        lines.passing = links
            .entered
            .iter()
            .map(|&t| {
                let Tile { zone, row, .. } = tiles[t];
                (0..all.len()).filter(|&n| all[n].0 == zone && all[n].1 < row && row < all[n].2).collect()
            })
            .collect();
        lines
    }
}

struct Search<'a> {
    tiles: &'a [Tile],
    links: &'a Links,
    lines: &'a Lines,
    cells: &'a BTreeMap<(usize, usize), Vec<usize>>,
    /// The tiles of each group.
    members: &'a BTreeMap<usize, Vec<usize>>,
    columns: usize,
    zones: usize,
    gap: Option<usize>,
    /// How many assignments may still be weighed.
    effort: usize,
    // What the cost of one assignment is counted with: the column in which each line up and down runs, and who stands where,
    // a bit a row or column.
    runs: Vec<usize>,
    in_column: Vec<u64>,
    in_row: Vec<u64>,
}

impl Search<'_> {
    /// Changes rows and swaps columns as long as that lowers the cost, which it returns.
    fn improve(&mut self, column: &mut [usize]) -> i64 {
        let mut least = self.cost(column, i64::MAX);
        let rows = self.rows();
        for _ in 0..4 {
            let before = least;
            for (tiles, ways) in &rows {
                if ways.is_empty() {
                    self.move_each(tiles, column, &mut least);
                } else {
                    self.improve_row(tiles, ways, column, &mut least);
                }
            }
            for zone in 0..self.zones {
                for j in 1..self.columns {
                    for i in 0..j {
                        self.swap(column, zone, i, j);
                        let cost = self.cost(column, least);
                        if cost < least {
                            least = cost;
                        } else {
                            self.swap(column, zone, i, j);
                        }
                    }
                }
            }
            if least == before || self.effort == 0 {
                break;
            }
        }
        least
    }

    /// The tiles of each row with all their ways to stand, together while these are few enough to try.
    fn rows(&self) -> Vec<(Vec<usize>, Vec<Vec<usize>>)> {
        let mut rows: BTreeMap<usize, Vec<&Vec<usize>>> = BTreeMap::new();
        for ((_, row), list) in self.cells {
            rows.entry(*row).or_default().push(list);
        }
        let mut all = Vec::new();
        for lists in rows.into_values() {
            let count = |list: &&Vec<usize>| (0..list.len()).map(|i| self.columns - i).product::<usize>();
            if lists.iter().map(count).product::<usize>() <= TOGETHER {
                all.push(self.ways(&lists));
                continue;
            }
            for list in lists {
                all.push(if count(&list) <= TOGETHER {
                    self.ways(&[list])
                } else {
                    (list.clone(), Vec::new())
                });
            }
        }
        all
    }

    fn ways(&self, lists: &[&Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
        let tiles: Vec<usize> = lists.iter().flat_map(|list| list.iter().copied()).collect();
        let mut ways: Vec<Vec<usize>> = vec![Vec::new()];
        for list in lists {
            let picks = picks(self.columns, list.len());
            ways = ways
                .iter()
                .flat_map(|way| picks.iter().map(|pick| [way.as_slice(), pick].concat()))
                .collect();
        }
        (tiles, ways)
    }

    /// Gives the tiles of a row the columns that cost least.
    fn improve_row(&mut self, tiles: &[usize], ways: &[Vec<usize>], column: &mut [usize], least: &mut i64) {
        let mut best: Vec<usize> = tiles.iter().map(|&t| column[t]).collect();
        for way in ways {
            if self.effort == 0 {
                break;
            }
            for (&t, &j) in tiles.iter().zip(way) {
                column[t] = j;
            }
            let cost = self.cost(column, *least);
            if cost < *least {
                *least = cost;
                best.clone_from(way);
            }
        }
        for (&t, &j) in tiles.iter().zip(&best) {
            column[t] = j;
        }
    }

    /// Gives each tile of a long row the column that costs least; who stands there takes its own.
    fn move_each(&mut self, tiles: &[usize], column: &mut [usize], least: &mut i64) {
        for &t in tiles {
            for j in 0..self.columns {
                let from = column[t];
                let other = tiles.iter().copied().find(|&u| column[u] == j);
                if j == from || self.effort == 0 {
                    continue;
                }
                column[t] = j;
                if let Some(u) = other {
                    column[u] = from;
                }
                let cost = self.cost(column, *least);
                if cost < *least {
                    *least = cost;
                } else {
                    column[t] = from;
                    if let Some(u) = other {
                        column[u] = j;
                    }
                }
            }
        }
    }

    fn swap(&self, column: &mut [usize], zone: usize, i: usize, j: usize) {
        for (t, _) in self.tiles.iter().enumerate().filter(|(_, tile)| tile.zone == zone) {
            if column[t] == i {
                column[t] = j;
            } else if column[t] == j {
                column[t] = i;
            }
        }
    }

    /// Tiles in a column of a zone, in the rows from `low` and before `high`.
    fn between(&self, zone: usize, j: usize, low: usize, high: usize) -> i64 {
        i64::from((self.in_column[zone * self.columns + j] & bits(low, high)).count_ones())
    }

    /// Tiles of a row between two spots of it.
    fn level(&self, row: usize, p: usize, q: usize) -> i64 {
        i64::from((self.in_row[row] & bits(p + 1, q)).count_ones())
    }

    /// How far an assignment is from what a reader expects, in hundredths. From `limit` on it does not matter how far:
    /// counting ends.
    fn cost(&mut self, column: &[usize], limit: i64) -> i64 {
        self.effort = self.effort.saturating_sub(1);
        self.in_column.fill(0);
        self.in_row.fill(0);
        for (tile, &j) in self.tiles.iter().zip(column) {
            let spot = tile.zone * self.columns + j;
            self.in_column[spot] |= 1 << tile.row;
            self.in_row[tile.row] |= 1 << spot;
        }
        let mut cost = self.requests(column, limit);
        if cost >= limit {
            return cost;
        }
        for (n, &(a, b)) in self.links.level.iter().enumerate() {
            if self.tiles[a].row != self.tiles[b].row || self.tiles[a].zone == self.tiles[b].zone {
                continue;
            }
            let spot = |t: usize| self.tiles[t].zone * self.columns + column[t];
            let (p, q) = (spot(a).min(spot(b)), spot(a).max(spot(b)));
            let inner = self.level(self.tiles[a].row, p, q);
            // The first pair of a description is the important one.
            let weight = if n == 0 { 3 } else { 2 };
            let apart = i64::try_from(q - p).unwrap_or(0);
            cost += weight * (100 * i64::from(inner > 0) + 20 * inner + 10 * apart);
        }
        cost += self.frames(column) + self.wishes(column);
        for list in self.cells.values() {
            for (i, &t) in list.iter().enumerate() {
                cost += 10 * count(list[..i].iter().filter(|&&u| column[u] > column[t]));
            }
            let first = list.iter().map(|&t| column[t]).min().unwrap_or(0);
            cost += 20 * i64::try_from(first).unwrap_or(0);
        }
        cost
    }

    /// Requests: bends, tiles in their way, and lines from the spine that cross them.
    fn requests(&mut self, column: &[usize], limit: i64) -> i64 {
        let mut cost = 0;
        for (n, line) in self.lines.upright.iter().enumerate() {
            let (top, bottom) = (column[line.top], column[line.bottom]);
            // A bent line runs in the column of the end from which it meets fewer tiles, of the first when there are as many.
            let met = |j| self.between(line.zone, j, line.low + 1, line.high);
            let (above, below) = (met(top), met(bottom));
            self.runs[n] = if above < below || (above == below && line.down) { top } else { bottom };
            cost += 600 * above.min(below) + if top == bottom { 0 } else { 200 };
            // Two lines that pass the same rows and change sides cross.
            cost += 60
                * count(line.beside.iter().filter(|&&m| {
                    let other = &self.lines.upright[m];
                    let (above, below) = (column[other.top], column[other.bottom]);
                    above < top && below > bottom || above > top && below < bottom
                }));
            if cost >= limit {
                return cost;
            }
        }
        for (n, &t) in (self.lines.upright.len()..).zip(&self.links.upwards) {
            let Tile { zone, row, .. } = self.tiles[t];
            cost += 600 * self.between(zone, column[t], 0, row);
            self.runs[n] = column[t];
        }
        for &(a, b) in &self.lines.level {
            let Tile { zone, row, .. } = self.tiles[a];
            let spot = |t: usize| zone * self.columns + column[t];
            cost += 60 * self.level(row, spot(a).min(spot(b)), spot(a).max(spot(b)));
            // One zone reads from left to right; of several each reads from the spine outwards.
            cost += if self.zones == 1 && column[a] > column[b] { 20 } else { 0 };
        }
        // A line from the spine into a tile crosses what runs up and down on its way.
        for (&t, passing) in self.links.entered.iter().zip(&self.lines.passing) {
            let (Tile { zone, row, .. }, j) = (self.tiles[t], column[t]);
            let right = self.gap.is_none_or(|gap| zone > gap);
            let own = zone * self.columns;
            let passed = if right { bits(own, own + j) } else { bits(own + j + 1, own + self.columns) };
            cost += 100 * i64::from((self.in_row[row] & passed).count_ones());
            let on_way = |n: &&usize| if right { self.runs[**n] < j } else { self.runs[**n] > j };
            cost += 400 * count(passing.iter().filter(on_way));
        }
        cost
    }

    /// What the author asked for and does not get.
    fn wishes(&self, column: &[usize]) -> i64 {
        let mut cost = 0;
        for &(first, then) in &self.links.after {
            let spot = |t: usize| self.tiles[t].zone * self.columns + column[t];
            let inner = self.level(self.tiles[first].row, spot(first), spot(then).max(spot(first)));
            cost += 1_000 * inner + if column[then] > column[first] { 0 } else { 2_000 };
        }
        for &(t, right) in &self.links.outermost {
            let (own, j) = (self.tiles[t].zone * self.columns, column[t]);
            let beyond = if right { bits(own + j + 1, own + self.columns) } else { bits(own, own + j) };
            cost += 2_000 * i64::from((self.in_row[self.tiles[t].row] & beyond).count_ones());
        }
        cost
    }

    fn frames(&self, column: &[usize]) -> i64 {
        let spot = |t: usize| self.tiles[t].zone * self.columns + column[t];
        let mut cost = 0;
        for list in self.members.values() {
            let row = self.tiles[list[0]].row;
            let low = list.iter().map(|&t| spot(t)).min().unwrap_or_default();
            let high = list.iter().map(|&t| spot(t)).max().unwrap_or_default();
            // Copies of one thing stand in the same column of their zones.
            for pair in list.windows(2) {
                if self.tiles[pair[0]].zone != self.tiles[pair[1]].zone && column[pair[0]] != column[pair[1]]
                {
                    cost += 40;
                }
            }
            let own =
                list.iter().filter(|&&t| self.tiles[t].row == row).fold(0, |own, &t| own | 1u64 << spot(t));
            cost += 10_000 * i64::from((self.in_row[row] & !own & bits(low + 1, high)).count_ones());
        }
        for &(g, b) in &self.links.framed {
            let Some(list) = self.members.get(&g) else { continue };
            let row = self.tiles[list[0]].row;
            let (low, high) = (row.min(self.tiles[b].row), row.max(self.tiles[b].row));
            cost += 600 * self.between(self.tiles[b].zone, column[b], low + 1, high);
        }
        cost
    }
}

/// The bits from `low` up to, but not including, `high`.
fn bits(low: usize, high: usize) -> u64 {
    let below = |n: usize| if n < 64 { (1 << n) - 1 } else { u64::MAX };
    below(high) & !below(low)
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    items.fold(0, |sum, _| sum + 1)
}

/// All ways to give `k` tiles different columns of `n`, in order.
fn picks(n: usize, k: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..k {
        all = all
            .into_iter()
            .flat_map(|pick| {
                (0..n)
                    .filter(|j| !pick.contains(j))
                    .map(|j| [pick.as_slice(), &[j]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(zone: usize, row: usize) -> Tile {
        Tile { zone, row, frame: None }
    }

    #[test]
    fn replicating_copies_face_each_other() {
        let tiles = [tile(0, 0), tile(0, 0), tile(1, 0), tile(1, 0)];
        let links = Links { level: vec![(1, 3), (0, 2)], ..Links::default() };
        let column = assign(&tiles, &links, 2, Some(0), 9, 9_000);
        assert!(column[1] > column[0] && column[3] < column[2], "{column:?}");
    }

    #[test]
    fn tiles_of_one_row_change_together() {
        let framed = |zone, row| Tile { zone, row, frame: Some(0) };
        let zone = |z| [tile(z, 0), framed(z, 1), tile(z, 2), tile(z, 2)];
        let tiles = [zone(0), zone(1)].concat();
        let links = Links {
            level: vec![(3, 7), (2, 6)],
            flow: vec![(1, 0), (5, 4)],
            framed: vec![(0, 2), (0, 3)],
            upwards: vec![0, 4],
            entered: vec![1, 5],
            ..Links::default()
        };
        assert_eq!(assign(&tiles, &links, 2, Some(0), 9, 9_000), [0, 0, 0, 1, 0, 0, 1, 0]);
    }

    #[test]
    fn the_author_decides_who_follows_whom_and_who_stands_outside() {
        let tiles = [tile(0, 0), tile(0, 0), tile(0, 0)];
        let links = Links { after: vec![(2, 0)], ..Links::default() };
        let column = assign(&tiles, &links, 1, None, 9, 9_000);
        assert_eq!(column[0], column[2] + 1);
        let links = Links { outermost: vec![(0, true), (2, false)], ..Links::default() };
        let column = assign(&tiles, &links, 1, None, 9, 9_000);
        assert!(column[2] < column[1] && column[1] < column[0], "{column:?}");
    }

    #[test]
    fn a_line_between_rows_stays_in_its_column() {
        let tiles = [tile(0, 0), tile(0, 1), tile(0, 1)];
        let links = Links { flow: vec![(0, 2)], ..Links::default() };
        let column = assign(&tiles, &links, 1, None, 9, 9_000);
        assert_eq!(column[0], column[2]);
    }
}
