//! How the copies of a store are kept alike, as its form says it.

use super::read;
use crate::diag::Diagnostics;
use crate::document::tree::Map;

/// How the copies of a store in one form are kept alike; `None` where the form does not decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copies {
    /// To the standby.
    pub standby: Option<Copying>,
    /// To each read replica.
    pub replica: Option<Copying>,
    /// Among regions.
    pub regions: Option<RegionCopies>,
}

/// What stands in each region where there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionCopies {
    /// One store that is written in the first region; the others have copies that only answer reads.
    FirstWrites,
    /// One store that is written in every region.
    AllWrite,
    /// A store of its own, which is what one expects of it: what is in it belongs to the region.
    Own,
}

/// Whether a write waits for the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copying {
    /// It does.
    Sync,
    /// It does not: the copy may lag.
    Async,
}

const COPYING: [(&str, Copying); 2] = [("sync", Copying::Sync), ("async", Copying::Async)];

const REGION_COPIES: [(&str, RegionCopies); 3] = [
    ("first-writes", RegionCopies::FirstWrites),
    ("all-write", RegionCopies::AllWrite),
    ("own", RegionCopies::Own),
];

/// Reads `copies` of a form.
pub(super) fn read(map: &Map, out: &mut Diagnostics) -> Copies {
    let Some(inner) = map.get("copies").and_then(|node| read::map(node, "`copies`", out)) else {
        return Copies::default();
    };
    read::keys(inner, "`copies`", &["standby", "replica", "regions"], out);
    let regions = read::word(inner, "regions", &REGION_COPIES.map(|(word, _)| word), out);
    let regions = REGION_COPIES.iter().find(|(word, _)| Some(*word) == regions.as_deref());
    let mut copying = |key: &str| {
        let word = read::word(inner, key, &COPYING.map(|(word, _)| word), out)?;
        COPYING.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
    };
    Copies {
        standby: copying("standby"),
        replica: copying("replica"),
        regions: regions.map(|(_, value)| *value),
    }
}
