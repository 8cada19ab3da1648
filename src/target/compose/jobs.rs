//! One-off commands: a service for each, which starts only when it is asked for.

use crate::model::{Command, End, Job, JobTime};

use super::losses::Losses;
use super::service::{Place, Service, command_data};
use super::tree::{Data, Map};
use super::words::Words;

/// The profile that all jobs belong to.
pub(super) const PROFILE: &str = "jobs";

/// What a job has of the service that it runs in.
const SHARED: [&str; 16] = [
    "image",
    "build",
    "pull_policy",
    "platform",
    "user",
    "environment",
    "secrets",
    "extra_hosts",
    "volumes",
    "tmpfs",
    "networks",
    "depends_on",
    "read_only",
    "cap_drop",
    "cap_add",
    "security_opt",
];

/// A job's service.
pub(super) struct JobService<'a> {
    pub(super) job: &'a Job,
    pub(super) name: String,
    pub(super) map: Map,
}

/// The jobs of a service, in order; none in a swarm, whose nodes the runbook gives them to.
pub(super) fn of<'a>(place: &Place<'a>, service: &Service, losses: &mut Losses) -> Vec<JobService<'a>> {
    let component = place.input.model.component(service.id);
    let mut jobs = Vec::new();
    for job in place.input.model.operations().jobs.iter().filter(|job| job.at == End::Component(service.id)) {
        if place.host.swarm {
            if let JobTime::Schedule(when) = &job.when {
                losses.add(component, "schedule", &[("job", &job.id), ("when", when)]);
            }
            continue;
        }
        let words = Words::new(place.input, place.host, place.book);
        let command = match command_data(&Command::Line(job.run.clone()), place, &words) {
            Ok(command) => command,
            Err(unknown) => {
                losses.unknown(component, &job.id, &unknown);
                continue;
            }
        };
        let mut map = Map::default();
        map.set("profiles", Data::texts([PROFILE]));
        for key in SHARED {
            if let Some(value) = service.map.get(key) {
                map.set(key, value.clone());
            }
            if key == "platform" {
                map.set("command", command.clone());
            }
        }
        map.set("restart", Data::text("no"));
        let name = format!("{}-{}", component.id, job.id);
        if let JobTime::Schedule(when) = &job.when {
            losses.add(component, "schedule", &[("job", &job.id), ("when", when), ("service", &name)]);
        }
        jobs.push(JobService { job, name, map });
    }
    jobs
}
