//! What must stand before a program starts: the way out of its network, its rights, the values of its secrets, the
//! listener of its balancer.
//!
//! Nothing of that is an argument of what starts the program, so Terraform would make both at once, and the first
//! start would fail: no packages without a route, no image without a right. A template asks for all of it with the
//! word `ready` in `depends_on`; what it stands for is found here, among everything that is made.

use std::collections::{BTreeMap, BTreeSet};

use super::files::Piece;
use super::hcl;

/// The word in `depends_on` that stands for everything that an element needs at its start.
const WORD: &str = "ready";

/// Resources that something else is started with: what they use is used by it.
const CARRIERS: [&str; 7] = [
    "aws_ecs_task_definition",
    "aws_iam_instance_profile",
    "aws_lambda_function",
    "aws_launch_template",
    "aws_nat_gateway",
    "aws_route",
    "aws_route_table_association",
];

/// Resources that complete another one, and the argument that names it.
const ATTACHED: [(&str, &str); 9] = [
    ("aws_route_table_association", "subnet_id"),
    ("aws_route", "route_table_id"),
    ("aws_vpc_security_group_egress_rule", "security_group_id"),
    ("aws_iam_role_policy", "role"),
    ("aws_iam_role_policy_attachment", "role"),
    ("aws_secretsmanager_secret_version", "secret_id"),
    ("aws_efs_mount_target", "file_system_id"),
    ("aws_lb_listener", "target_group_arn"),
    ("aws_lb_listener_rule", "target_group_arn"),
];

/// Replaces the word by the addresses that it stands for.
pub(super) fn apply(pieces: &mut [Piece]) {
    let waiting: Vec<usize> = (0..pieces.len()).filter(|&at| waits(&pieces[at])).collect();
    if waiting.is_empty() {
        return;
    }
    let mut graph = Graph::of(pieces);
    for at in waiting {
        let block = &mut pieces[at].block;
        let address = block.address();
        let dependents = graph.dependents(&address);
        let needs: Vec<String> =
            graph.needs(&address).into_iter().filter(|need| !dependents.contains(need)).collect();
        // What is no list stays as it is, and Terraform names the word.
        if hcl::replace_in_list(block, "depends_on", WORD, &needs).is_ok() {
            for need in needs {
                graph.link(&address, need);
            }
        }
    }
}

fn waits(piece: &Piece) -> bool {
    piece.block.kind == "resource"
        && piece.block.text.contains("depends_on")
        && words(&piece.block.text).any(|word| word == WORD)
}

/// Who refers to whom, among everything that is made.
#[derive(Debug, Default)]
struct Graph {
    /// What a resource refers to.
    uses: BTreeMap<String, BTreeSet<String>>,
    /// The same the other way round.
    users: BTreeMap<String, BTreeSet<String>>,
    /// What completes a resource.
    completed_by: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn of(pieces: &[Piece]) -> Graph {
        let mut graph = Graph::default();
        for piece in pieces {
            // A piece may hold several blocks that are of no use without each other.
            for block in hcl::blocks(&piece.block.text).unwrap_or_default() {
                if block.kind != "resource" && block.kind != "data" {
                    continue;
                }
                let address = block.address();
                for used in words(&block.text).filter_map(address_in).filter(|used| *used != address) {
                    graph.link(&address, used);
                }
                let attached = ATTACHED.iter().find(|(kind, _)| is_a(&address, kind));
                for completed in attached.into_iter().flat_map(|(_, argument)| named(&block.text, argument)) {
                    graph.completed_by.entry(completed).or_default().insert(address.clone());
                }
            }
        }
        graph
    }

    fn link(&mut self, from: &str, to: String) {
        self.users.entry(to.clone()).or_default().insert(from.to_owned());
        self.uses.entry(from.to_owned()).or_default().insert(to);
    }

    /// Everything that refers to a resource, however far, and itself.
    fn dependents(&self, address: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::from([address.to_owned()]);
        let mut open = vec![address];
        while let Some(next) = open.pop() {
            for user in self.users.get(next).into_iter().flatten() {
                if found.insert(user.clone()) {
                    open.push(user);
                }
            }
        }
        found
    }

    /// What completes the things that a resource uses, in the order of the alphabet. What is found may use more, as
    /// the route through a NAT gateway needs that gateway's own way out.
    fn needs(&self, address: &str) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = self.uses.get(address).into_iter().flatten().map(String::as_str).collect();
        while let Some(next) = open.pop() {
            if !used.insert(next) {
                continue;
            }
            for completing in self.completed_by.get(next).into_iter().flatten() {
                if completing != address && found.insert(completing.clone()) {
                    open.extend(self.through(completing));
                }
            }
            open.extend(self.through(next));
        }
        self.endpoints(&used, &mut found);
        found
    }

    /// What a resource uses, when it is one that something is started with.
    fn through(&self, address: &str) -> impl Iterator<Item = &str> {
        let uses = self.uses.get(address).filter(|_| CARRIERS.iter().any(|kind| is_a(address, kind)));
        uses.into_iter().flatten().map(String::as_str)
    }

    /// The provider's services are reached through endpoints where the rules lead to those.
    fn endpoints(&self, used: &BTreeSet<&str>, found: &mut BTreeSet<String>) {
        let users = |of: &str| self.users.get(of).into_iter().flatten();
        let rules = found.iter().filter(|rule| is_a(rule, "aws_vpc_security_group_egress_rule"));
        let others = rules.flat_map(|rule| self.uses.get(rule).into_iter().flatten());
        let others = others.filter(|other| !used.contains(other.as_str()));
        let mut all: BTreeSet<String> = BTreeSet::new();
        for other in others {
            let doors: Vec<&String> = users(other).filter(|user| is_a(user, "aws_vpc_endpoint")).collect();
            if doors.is_empty() {
                continue;
            }
            let lets_in = |rule: &&String| {
                is_a(rule, "aws_vpc_security_group_ingress_rule")
                    && self
                        .uses
                        .get(*rule)
                        .is_some_and(|ends| ends.iter().any(|end| used.contains(end.as_str())))
            };
            all.extend(users(other).filter(lets_in).chain(doors).cloned());
        }
        found.extend(all);
    }
}

/// The addresses that an argument of a block names; what it takes from each of several is named by `for_each`.
fn named(text: &str, argument: &str) -> Vec<String> {
    let values = |wanted: &str| -> Vec<&str> {
        let pairs = text.lines().filter_map(|line| line.split_once(" = "));
        pairs.filter(|(key, _)| key.trim() == wanted).map(|(_, value)| value).collect()
    };
    let mut found = values(argument);
    if found.iter().any(|value| value.contains("each.")) {
        found.extend(values("for_each"));
    }
    found.iter().flat_map(|value| words(value)).filter_map(address_in).collect()
}

/// Whether an address is that of a resource of a type.
fn is_a(address: &str, kind: &str) -> bool {
    address.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.'))
}

/// The address in a chain of names: type and name, with `data` before it where it is looked up.
fn address_in(word: &str) -> Option<String> {
    let mut parts = word.split('.');
    let first = parts.next()?;
    let looked_up = first == "data";
    let kind = if looked_up { parts.next()? } else { first };
    let name = parts.next()?;
    kind.starts_with("aws_").then(|| format!("{}{kind}.{name}", if looked_up { "data." } else { "" }))
}

/// Chains of names in a text: `aws_lb.edge.arn`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(text: &str) -> Vec<Piece> {
        let block = |block| Piece { file: "a.tf".to_owned(), block, always: true, from: Vec::new() };
        let mut pieces: Vec<Piece> = hcl::blocks(text).unwrap().into_iter().map(block).collect();
        apply(&mut pieces);
        pieces
    }

    const MACHINE: &str = r#"
resource "aws_instance" "vm" {
  subnet_id              = aws_subnet.app["a"].id
  vpc_security_group_ids = [aws_security_group.vm.id]
  iam_instance_profile   = aws_iam_instance_profile.vm.name

  depends_on = [ready]
}
resource "aws_iam_instance_profile" "vm" {
  role = aws_iam_role.vm.name
}
"#;

    #[test]
    fn a_machine_waits_for_its_way_out_and_its_rights() {
        let rest = r#"
resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app["a"].id
  route_table_id = aws_route_table.app.id
}
resource "aws_route" "app_internet" {
  route_table_id = aws_route_table.app.id
}
resource "aws_route" "other" {
  route_table_id = aws_route_table.other.id
}
resource "aws_iam_role_policy_attachment" "vm" {
  role = aws_iam_role.vm.name
}
resource "aws_vpc_security_group_egress_rule" "vm" {
  security_group_id = aws_security_group.vm.id
}
"#;
        let pieces = applied(&format!("{MACHINE}{rest}"));
        let text = &pieces[0].block.text;
        for address in [
            "aws_route_table_association.app,",
            "aws_route.app_internet,",
            "aws_iam_role_policy_attachment.vm,",
            "aws_vpc_security_group_egress_rule.vm,",
        ] {
            assert!(text.contains(address), "{address} is missing in {text}");
        }
        assert!(!text.contains("aws_route.other") && !text.contains("ready"), "{text}");
    }

    #[test]
    fn what_needs_the_machine_is_not_waited_for() {
        let circle = r#"
resource "aws_iam_role_policy" "vm" {
  role   = aws_iam_role.vm.id
  policy = aws_instance.vm.arn
}
"#;
        let pieces = applied(&format!("{MACHINE}{circle}"));
        assert!(!pieces[0].block.text.contains("depends_on"), "{}", pieces[0].block.text);
    }
}
