//! One-off commands: a service for each, which starts only when it is asked for.

use crate::model::{Command, End, Job, JobTime};

use super::losses::Losses;
use super::service::{Place, Service, command_data};
use super::stack;
use super::tree::{Data, Map};
use super::words::Words;

/// The profile that all jobs belong to.
pub(super) const PROFILE: &str = "jobs";

/// What a job has of the service that it runs in.
const SHARED: [&str; 17] = [
    "image",
    "build",
    "pull_policy",
    "platform",
    "user",
    "environment",
    "secrets",
    "configs",
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

/// The jobs of a service, in order. In a swarm those around a deployment, each of which is a stack file of its own: nothing
/// starts there only when it is asked for.
pub(super) fn of<'a>(place: &Place<'a>, service: &Service, losses: &mut Losses) -> Vec<JobService<'a>> {
    let component = place.input.model.component(service.id);
    let mut jobs = Vec::new();
    for job in place.input.model.operations().jobs.iter().filter(|job| job.at == End::Component(service.id)) {
        if place.host.swarm {
            match &job.when {
                JobTime::Schedule(when) => {
                    losses.add(component, "schedule", &[("job", &job.id), ("when", when)]);
                    continue;
                }
                JobTime::Manual => continue,
                JobTime::BeforeDeploy | JobTime::AfterDeploy => {}
            }
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
        if !place.host.swarm {
            map.set("profiles", Data::texts([PROFILE]));
        }
        for key in SHARED {
            if let Some(value) = service.map.get(key) {
                map.set(key, value.clone());
            }
            if key == "platform" {
                map.set("command", command.clone());
            }
        }
        if place.host.swarm {
            map.set("deploy", stack::once(service));
        } else {
            map.set("restart", Data::text("no"));
        }
        let name = format!("{}-{}", component.id, job.id);
        if let JobTime::Schedule(when) = &job.when {
            losses.add(component, "schedule", &[("job", &job.id), ("when", when), ("service", &name)]);
        }
        jobs.push(JobService { job, name, map });
    }
    jobs
}
