//! Operating systems of machines: what their names tell about logging in and installing.

/// What installs software on an operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packages {
    /// Debian's.
    Apt,
    /// That of Fedora and its kin.
    Dnf,
}

/// What an operating system is like for those who log in to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Os {
    /// How its name begins in `os`.
    begins: &'static str,
    /// The user of the provider's images that may do everything.
    pub login: &'static str,
    /// What installs software.
    pub packages: Packages,
    /// The folder of Docker's packages for it; empty where the system has its own.
    pub docker: &'static str,
}

/// The systems that archgen can install on.
const SYSTEMS: [Os; 4] = [
    Os { begins: "ubuntu", login: "ubuntu", packages: Packages::Apt, docker: "ubuntu" },
    Os { begins: "debian", login: "admin", packages: Packages::Apt, docker: "debian" },
    Os { begins: "amazon", login: "ec2-user", packages: Packages::Dnf, docker: "" },
    Os { begins: "al20", login: "ec2-user", packages: Packages::Dnf, docker: "" },
];

/// What is known of the system of a machine, such as `ubuntu-24.04`.
pub fn of(name: &str) -> Option<&'static Os> {
    SYSTEMS.iter().find(|os| name.starts_with(os.begins))
}
