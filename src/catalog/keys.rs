//! The keys of those parts of catalog files that one target alone reads.

/// Keys of a form's `delivery`, all templates. Of a registry: `cloud` (the provider in whose account one logs in),
/// `host` (its address, with variables of the pipeline as `${NAME}`), `login` (the command that does so, where it is not
/// `docker login` with a user and a token), `own_token_of` (the platform whose pipelines
/// log in with a token of their own), `user`, `images` (the host in the names of its images) and `page` (the address of the
/// page of an `image`). Of what runs images: `repository` (its name in such a registry),
/// `resource` (that repository in Terraform), `replace` (a list: what Terraform makes anew where a rollout must change more
/// than it can), `revision` (in Terraform, what a job before a deployment runs in), `job` (lines that run a job's command and
/// wait for it; `deploy` has them for those of `before` and of `after`), `job_rights` (what that takes) and `deploy` (lines of a shell that bring a new image into service), and by the word that a step's `by` may have
/// another way (`by`: a `deploy` and `rights` each, and a `prepare` that comes first, once for an environment: `path`
/// and `content` of a file, lines to `run`, `rights`, lines that `remove` what it made). Of both: `variables` of the pipeline that they need, each with
/// what it is, and `rights` in the provider's account (`actions`, `resources` and, by key, an `if`). Of machines that start their containers by themselves: `cloud`, `deploy` and
/// `rights`, which replace them by new ones. Of a balancer:
/// whether requests can be moved from one group of targets to another (`swaps`).
pub const DELIVERY_KEYS: [&str; 18] = [
    "cloud",
    "host",
    "login",
    "own_token_of",
    "user",
    "images",
    "page",
    "repository",
    "resource",
    "replace",
    "revision",
    "deploy",
    "job",
    "job_rights",
    "by",
    "rights",
    "swaps",
    "variables",
];

/// Keys of the `pipeline` of a form that runs pipelines: `platform` (its word in `own_token_of`), `variable` and `secret` (how
/// its files name one, `NAME` standing for it) and `expressions` (the same for single names), `provides` (names that
/// it sets itself), `accounts` (by provider: the variables with which it takes a role there), `page` and `badge`
/// (addresses), `set_secret`, `set_variable` and `set_schedule` (commands), `gate` (by language: how somebody agrees, where
/// it is not a setting of the platform), `proposals` (`none` where they start nothing), `once` (by language: what somebody does when
/// Terraform has made it), and `files`, each with a `path` and a `content`: a template
/// that gives YAML; `each: stages` makes one for each job, which is `stage` there.
pub const PIPELINE_KEYS: [&str; 15] = [
    "platform",
    "variable",
    "secret",
    "expressions",
    "provides",
    "accounts",
    "page",
    "badge",
    "set_secret",
    "set_variable",
    "set_schedule",
    "gate",
    "proposals",
    "once",
    "files",
];

/// Commands that kinds and forms may give the runbook. `check` asks whether it works, `prepare` makes what a
/// stand-in lacks after its first start, `backup` writes to stdout and `restore` reads stdin. A form with `login`
/// makes a repository for the images of what it runs, and that is how one logs in there. `promote` makes a copy in
/// another region a store that is written. `rekey` gives what guards its origins by keys other ones. `find` prints what
/// the provider calls a machine, and `enter` with that behind it opens a shell there without ssh; `through` is what ssh runs
/// to get there, with `%h` and `%p` in it. `make` puts the files of a certificate for `names` into a `folder`. `lift` takes
/// away what keeps something from being removed, and `region` tells the provider's program where the commands after it
/// apply.
pub const RUNBOOK_KEYS: [&str; 16] = [
    "check", "connect", "login", "prepare", "backup", "restore", "logs", "restart", "promote", "rekey",
    "find", "enter", "through", "make", "lift", "region",
];
