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
                cells: &cells,
                members: &members,
                columns,
                zones,
                gap,
                effort,
                verticals: Vec::new(),
                slants: Vec::new(),
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

/// A line between rows: its zone, its upper and lower row, and its columns there.
type Slant = (usize, usize, usize, usize, usize);

struct Search<'a> {
    tiles: &'a [Tile],
    links: &'a Links,
    cells: &'a BTreeMap<(usize, usize), Vec<usize>>,
    /// The tiles of each group.
    members: &'a BTreeMap<usize, Vec<usize>>,
    columns: usize,
    zones: usize,
    gap: Option<usize>,
    /// How many assignments may still be weighed.
    effort: usize,
    // What the cost of one assignment is counted with: lines up and down, and who stands where, a bit a row or column.
    verticals: Vec<(usize, usize, usize, usize)>,
    slants: Vec<Slant>,
    in_column: Vec<u64>,
    in_row: Vec<u64>,
}

impl Search<'_> {
    /// Changes rows and swaps columns as long as that lowers the cost, which it returns.
    fn improve(&mut self, column: &mut [usize]) -> i64 {
        let mut least = self.cost(column);
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
                        let cost = self.cost(column);
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
            let cost = self.cost(column);
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
                let cost = self.cost(column);
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

    /// How far an assignment is from what a reader expects, in hundredths.
    fn cost(&mut self, column: &[usize]) -> i64 {
        self.effort = self.effort.saturating_sub(1);
        self.in_column.fill(0);
        self.in_row.fill(0);
        for (tile, &j) in self.tiles.iter().zip(column) {
            let spot = tile.zone * self.columns + j;
            self.in_column[spot] |= 1 << tile.row;
            self.in_row[tile.row] |= 1 << spot;
        }
        let mut cost = self.verticals(column);
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

    /// Lines up and down: bends, tiles in their way, and lines from the spine that cross them.
    fn verticals(&mut self, column: &[usize]) -> i64 {
        let mut cost = 0;
        let mut verticals = std::mem::take(&mut self.verticals);
        let mut slants = std::mem::take(&mut self.slants);
        verticals.clear();
        slants.clear();
        for &(a, b) in &self.links.flow {
            let (low, high) =
                (self.tiles[a].row.min(self.tiles[b].row), self.tiles[a].row.max(self.tiles[b].row));
            if self.tiles[a].zone != self.tiles[b].zone {
                continue;
            }
            let zone = self.tiles[a].zone;
            if low == high {
                let spot = |t: usize| zone * self.columns + column[t];
                let (p, q) = (spot(a).min(spot(b)), spot(a).max(spot(b)));
                cost += 60 * self.level(low, p, q);
                // One zone reads from left to right; of several each reads from the spine outwards.
                cost += if self.zones == 1 && column[a] > column[b] { 20 } else { 0 };
                continue;
            }
            // A bent line runs in the column of the end from which it meets fewer tiles.
            let ways = [column[a], column[b]].map(|j| (self.between(zone, j, low + 1, high), j));
            let (passed, j) = if ways[1].0 < ways[0].0 { ways[1] } else { ways[0] };
            cost += 600 * passed + if column[a] == column[b] { 0 } else { 200 };
            verticals.push((zone, j, low, high));
            let (top, bottom) = if self.tiles[a].row == low { (a, b) } else { (b, a) };
            let slant = (zone, low, high, column[top], column[bottom]);
            // Two lines that pass the same rows and change sides cross.
            cost += 60
                * count(slants.iter().filter(|s: &&Slant| {
                    s.0 == zone
                        && s.1 < high
                        && low < s.2
                        && (s.3 < slant.3 && s.4 > slant.4 || s.3 > slant.3 && s.4 < slant.4)
                }));
            slants.push(slant);
        }
        self.slants = slants;
        for &a in &self.links.upwards {
            let Tile { zone, row, .. } = self.tiles[a];
            cost += 600 * self.between(zone, column[a], 0, row);
            verticals.push((zone, column[a], 0, row));
        }
        // A line from the spine into a tile crosses what runs up and down on its way.
        for &t in &self.links.entered {
            let (Tile { zone, row, .. }, j) = (self.tiles[t], column[t]);
            let right = self.gap.is_none_or(|gap| zone > gap);
            let on_way = |i: usize| if right { i < j } else { i > j };
            let own = zone * self.columns;
            let passed = if right {
                self.in_row[row] & bits(own, own + j)
            } else {
                self.in_row[row] & bits(own + j + 1, own + self.columns)
            };
            cost += 100 * i64::from(passed.count_ones());
            cost += 400
                * count(verticals.iter().filter(|v| v.0 == zone && on_way(v.1) && v.2 < row && row < v.3));
        }
        self.verticals = verticals;
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
    (low..high.min(64)).fold(0, |bits, i| bits | 1 << i)
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
