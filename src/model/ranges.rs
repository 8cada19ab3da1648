//! Address ranges that were written: they must fit into and beside each other.

use ipnet::Ipv4Net;

use super::ZoneDetail;
use super::build::Builder;
use super::zones::Draft;
use crate::diag::Diagnostic;
use crate::source::Span;

impl Builder<'_> {
    /// Address ranges: networks must not overlap each other, subnets lie in theirs and do not overlap.
    pub(super) fn check_ranges(&mut self, drafts: &[Draft]) {
        let mut spaces: Vec<(usize, Ipv4Net)> = Vec::new();
        let mut tiers: Vec<(usize, Ipv4Net, Ipv4Net)> = Vec::new();
        for (at, zone) in self.model.zones.iter().enumerate() {
            match &zone.detail {
                ZoneDetail::Space(space) => spaces.push((at, space.cidr)),
                ZoneDetail::Tier(_) => {
                    let outer = zone.parent.map(|parent| &self.model.zone(parent).detail);
                    if let (Some(range), Some(ZoneDetail::Space(space))) = (zone.cidr, outer) {
                        tiers.push((at, range, space.cidr));
                    }
                }
                _ => {}
            }
        }
        let span = |at: usize| drafts[at].node.get("cidr").map_or(drafts[at].span, |node| node.span);
        for (index, (at, range)) in spaces.iter().enumerate() {
            if let Some((first, other)) = spaces[..index].iter().find(|(_, other)| overlap(range, other)) {
                self.out.push(overlapping(
                    &drafts[*at].id,
                    *range,
                    span(*at),
                    &drafts[*first].id,
                    *other,
                    span(*first),
                ));
            }
        }
        for (index, (at, range, space)) in tiers.iter().enumerate() {
            if !space.contains(range) {
                self.out.push(
                    Diagnostic::error(
                        "cidr-outside",
                        span(*at),
                        format!("`{range}` does not lie in `{space}`"),
                    )
                    .label("outside of its network")
                    .hint("leave `cidr` away to have it planned, or take a range inside"),
                );
            }
            if let Some((first, other, _)) = tiers[..index].iter().find(|(_, other, _)| overlap(range, other))
            {
                self.out.push(overlapping(
                    &drafts[*at].id,
                    *range,
                    span(*at),
                    &drafts[*first].id,
                    *other,
                    span(*first),
                ));
            }
        }
    }
}

fn overlap(a: &Ipv4Net, b: &Ipv4Net) -> bool {
    a.contains(b) || b.contains(a)
}

fn overlapping(
    id: &str,
    range: Ipv4Net,
    span: Span,
    first: &str,
    other: Ipv4Net,
    first_span: Span,
) -> Diagnostic {
    Diagnostic::error("cidr-overlap", span, format!("`{range}` of `{id}` overlaps `{other}` of `{first}`"))
        .label("second range")
        .related(first_span, "first range")
        .hint("take ranges that do not overlap, or leave `cidr` away to have them planned")
}
