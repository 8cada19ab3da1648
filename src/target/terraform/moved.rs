//! Resources of elements that were renamed: Terraform is told where each one was, so that it builds nothing anew.
//!
//! The addresses from before are those of the same system under its former ids: what is made of both stands in the
//! same order.

use super::files::Piece;
use super::{Findings, all_pieces, hcl};
use crate::model::Model;
use crate::target::Input;

/// Where one resource is, and where it was, the latest place first.
pub(super) struct Move {
    now: String,
    before: Vec<String>,
}

/// The resources that had other addresses; nothing without a renaming.
pub(super) fn pieces(input: &Input, now: &[Piece]) -> Vec<Move> {
    let mut moves: Vec<Move> =
        addresses(now).into_iter().map(|now| Move { now, before: Vec::new() }).collect();
    for renamings in 1.. {
        let Some(model) = input.model.before(renamings) else { break };
        let former = addresses(&all_pieces(&with(input, &model), &mut Findings::default()));
        if former.len() != moves.len() {
            break;
        }
        for (one, address) in moves.iter_mut().zip(former) {
            if one.before.last().unwrap_or(&one.now) != &address {
                one.before.push(address);
            }
        }
    }
    moves.retain(|one| !one.before.is_empty());
    moves
}

fn with<'a>(input: &'a Input, model: &'a Model) -> Input<'a> {
    Input { model, ..*input }
}

/// Addresses of all resources, in order.
fn addresses(pieces: &[Piece]) -> Vec<String> {
    let blocks = pieces.iter().flat_map(|piece| hcl::blocks(&piece.block.text).unwrap_or_default());
    blocks.filter(|block| block.kind == "resource").map(|block| block.address()).collect()
}

/// Adds what tells Terraform of the moves, for the resources that are there.
pub(super) fn add(moves: &[Move], pieces: &mut Vec<Piece>) {
    let there = addresses(pieces);
    let mut told: Vec<Piece> = Vec::new();
    for one in moves.iter().filter(|one| there.contains(&one.now)) {
        let places: Vec<&String> = std::iter::once(&one.now).chain(&one.before).collect();
        for pair in places.windows(2) {
            let [to, from] = pair else { continue };
            let text = format!("moved {{\n from = {from}\n to = {to}\n}}\n");
            for mut block in hcl::blocks(&text).unwrap_or_default() {
                // It has no label of its own to be told apart by.
                block.labels = vec![(*from).clone()];
                told.push(Piece {
                    file: "moved.tf".to_owned(),
                    block,
                    always: true,
                    across: false,
                    from: Vec::new(),
                });
            }
        }
    }
    pieces.extend(told);
}
