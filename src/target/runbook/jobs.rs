//! Jobs: commands that run once, at each deployment, or by the clock.

use crate::model::{ComponentId, End, Job, JobTime};
use crate::target::delivery;
use crate::target::terraform::address;
use crate::template;

use super::cluster;
use super::markdown::{code, heading, line, paragraphs};
use super::page::{Page, named};
use super::swarm;
use super::verify::place;
use super::words::{Seat, Words};

/// All jobs.
pub(super) fn all(page: &Page) -> String {
    let mut out = String::new();
    for job in &page.model().operations().jobs {
        let when = match &job.when {
            JobTime::Manual => page.say("job.manual"),
            JobTime::BeforeDeploy => page.say("job.before"),
            JobTime::AfterDeploy => page.say("job.after"),
            JobTime::Schedule(cron) => page.say_with("job.schedule", &[("cron", &code(cron))]),
        };
        let head = heading(3, &named(&job.title, &job.id));
        let about = paragraphs(&job.description, 3);
        out.push_str(&format!("{head}\n{about}{when}\n\n{}\n", one(page, job)));
    }
    out
}

/// The jobs of one time, but for those of clusters, which stand among the steps there.
pub(super) fn of_time(page: &Page, time: &JobTime) -> String {
    let stepped = |job: &&Job| {
        let End::Component(id) = job.at else { return false };
        page.input.facts.host(id).is_some_and(|host| host.cluster)
    };
    let jobs = page.model().operations().jobs.iter().filter(|job| job.when == *time && !stepped(job));
    jobs.map(|job| format!("{}\n\n{}\n", line(&job.title), one(page, job))).collect()
}

/// Where and how a job runs.
fn one(page: &Page, job: &Job) -> String {
    let End::Component(id) = job.at else {
        let command = Words { input: page.input, seat: Seat::Machine }.command(&job.run);
        return page.shell(&page.say_with("job.on", &[("name", &page.name(job.at))]), &[command]);
    };
    let command = Words { input: page.input, seat: Seat::Inside(id) }.command(&job.run);
    let component = page.component(id);
    let simple = !command.contains(['|', '&', ';', '<', '>', '$', '`', '(', '\n']);
    let inner = if simple { command.clone() } else { format!("sh -c '{}'", command.replace('\'', "'\\''")) };
    if let Some(host) = page.compose_host(id) {
        // The compose file has a service for each job, with its command.
        let command = format!("docker compose run --rm {}-{}", component.id, job.id);
        return page.shell(&page.say_with("job.compose", &[("place", &place(page, host))]), &[command]);
    }
    let host = page.input.facts.host(id).filter(|host| host.swarm && host.components.contains(&id));
    if let Some(host) = host {
        let (folder, made) = swarm::job(page, host, job);
        if !made.is_empty() {
            return page.shell(&page.say_with("job.stack", &[("folder", &code(&folder))]), &made);
        }
        let command = format!("docker exec {} {inner}", swarm::container(page, host, id));
        return page.shell(&page.say("job.swarm"), &[command]);
    }
    let host = page.input.facts.host(id).filter(|host| host.cluster && host.components.contains(&id));
    if let Some(host) = host {
        let made = cluster::job(page, host, job);
        if !made.is_empty() {
            return page.shell(&page.say("job.deployment"), &made);
        }
        let command = format!("{} {inner}", cluster::exec(page, host, id, false));
        return page.shell(&page.say("job.cluster"), &[command]);
    }
    if let Some(run) = delivery::by_hand(page.input, id, job).filter(|_| page.is_made(id)) {
        let mut commands = Vec::new();
        // A new version's revision is there before its service takes it; a pipeline registers its own.
        if job.when == JobTime::BeforeDeploy && !delivery::is_deployed(page.input, id) {
            commands.extend(revision(page, id));
        }
        commands.push(run);
        return page.shell(&page.say_with("job.task", &[("name", &page.name(job.at))]), &commands);
    }
    page.shell(&page.say_with("job.task", &[("name", &page.name(job.at))]), &[command])
}

/// Makes what a job before a deployment runs in, and nothing else.
fn revision(page: &Page, id: ComponentId) -> Option<String> {
    let about = page.input.catalog.form(page.component(id).form).delivery.as_ref()?;
    let context = serde_json::Value::Object(delivery::context(page.input, id));
    let resource = template::render(about.get("revision")?.as_str()?, &context).ok()?;
    let folder = page.terraform_folder(page.id());
    Some(format!("terraform -chdir={folder} apply -target={}", address(page.input, &resource)))
}
