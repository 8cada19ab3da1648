//! The queue of a search, which hands out the least entry first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Entries whose costs differ by less than two to this power wait together.
const WIDTH: u32 = 4;
/// The number of lists; all that is dearer waits in the last one.
const LISTS: usize = 512;

/// Entries by cost, then by number. Most of what waits never becomes the least: only what is about to be is kept in order, the
/// rest lies in lists by what it costs more than the first entry did.
pub(super) struct Queue {
    // An entry is its cost in the upper half and its number in the lower: one comparison instead of two.
    near: BinaryHeap<Reverse<u64>>,
    far: Vec<Vec<Reverse<u64>>>,
    /// The list that `near` was filled from last; those before it are empty.
    current: usize,
    /// The cost of the first entry.
    base: Option<u32>,
}

impl Queue {
    pub(super) fn new() -> Queue {
        Queue { near: BinaryHeap::new(), far: vec![Vec::new(); LISTS], current: 0, base: None }
    }

    pub(super) fn clear(&mut self) {
        self.near.clear();
        self.far[self.current..].iter_mut().for_each(Vec::clear);
        self.current = 0;
        self.base = None;
    }

    pub(super) fn push(&mut self, cost: u32, number: u32) {
        let base = *self.base.get_or_insert(cost);
        let entry = Reverse(u64::from(cost) << 32 | u64::from(number));
        let list = ((cost.saturating_sub(base) >> WIDTH) as usize).min(LISTS - 1);
        if list <= self.current {
            self.near.push(entry);
        } else {
            self.far[list].push(entry);
        }
    }

    /// The number of the least entry, which is taken out.
    pub(super) fn pop(&mut self) -> Option<usize> {
        while self.near.is_empty() {
            let next = self.current + 1;
            self.near.extend(self.far.get_mut(next)?.drain(..));
            self.current = next;
        }
        self.near.pop().map(|Reverse(entry)| (entry & u64::from(u32::MAX)) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_comes_first_however_far_apart_costs_lie() {
        let mut queue = Queue::new();
        // What comes in may also be less than what was handed out already, and less than the first entry.
        let mut waiting: Vec<(u32, u32)> = Vec::new();
        let mut seed = 7u32;
        for number in 0..2_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let cost = if seed.is_multiple_of(50) { seed } else { seed % 20_000 };
            queue.push(cost, number);
            waiting.push((cost, number));
            if number % 3 == 0 {
                waiting.sort_unstable_by(|a, b| b.cmp(a));
                assert_eq!(queue.pop(), waiting.pop().map(|(_, number)| number as usize));
            }
        }
        waiting.sort_unstable();
        assert!(waiting.iter().all(|&(_, number)| queue.pop() == Some(number as usize)));
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn it_is_empty_after_it_was_cleared() {
        let mut queue = Queue::new();
        for cost in [5, 500, 500_000] {
            queue.push(cost, cost);
        }
        queue.clear();
        assert_eq!(queue.pop(), None);
        queue.clear();
        queue.push(3, 1);
        assert_eq!(queue.pop(), Some(1));
    }
}
