//! The few words that a picture adds of itself, in the languages of generated prose.

use crate::layout::Class;

/// A word in a language; English where the language is not known, the key itself where the word is not.
pub fn word<'a>(language: &str, key: &'a str) -> &'a str {
    let Some((_, english, spanish)) = WORDS.iter().find(|(name, _, _)| *name == key) else { return key };
    match language {
        "es" => spanish,
        _ => english,
    }
}

/// A line in a sentence, without its full stop.
pub fn sentence(language: &str, class: Class, from: &str, to: &str, label: &str) -> String {
    let (english, spanish) = match class {
        Class::Request => ("{} connects to {}", "{} se conecta a {}"),
        Class::Async => ("{} passes messages to {}", "{} pasa mensajes a {}"),
        Class::Replication => ("{} copies its data to {}", "{} copia sus datos a {}"),
        Class::Telemetry => ("{} sends logs and metrics to {}", "{} envía registros y métricas a {}"),
        Class::Attached => ("{} belongs to {}", "{} pertenece a {}"),
    };
    let pattern = if language == "es" { spanish } else { english };
    let mut parts = pattern.split("{}");
    let mut piece = || parts.next().unwrap_or("");
    let text = format!("{}{from}{}{to}{}", piece(), piece(), piece());
    if label.is_empty() { text } else { format!("{text}: {label}") }
}

/// Key, English, Spanish.
const WORDS: &[(&str, &str, &str)] = &[
    ("head-flow", "Flow", "Recorrido"),
    ("head-lines", "Lines", "Líneas"),
    ("head-places", "Places", "Lugares"),
    ("head-kinds", "Kinds", "Tipos"),
    ("request", "request", "petición"),
    ("async", "asynchronous", "asíncrono"),
    ("replication", "replication", "replicación"),
    ("telemetry", "logs, metrics", "registros, métricas"),
    ("attached", "attached", "asociado"),
    ("every-replica", "every replica", "cada réplica"),
    ("published", "published port", "puerto publicado"),
    ("replicas", "replicas", "réplicas"),
    ("subnet-public", "public", "pública"),
    ("subnet-private", "private", "privada"),
    ("subnet-isolated", "isolated", "aislada"),
    ("zone", "zone", "zona"),
    ("group", "group", "grupo"),
    ("host", "host", "servidor"),
    ("network", "network", "red"),
    ("compute", "compute", "cómputo"),
    ("database", "database", "base de datos"),
    ("storage", "storage", "almacenamiento"),
    ("integration", "messaging", "mensajería"),
    ("security", "security", "seguridad"),
    ("management", "management", "gestión"),
    ("delivery", "files, delivery", "archivos, entrega"),
    ("actor", "people", "personas"),
    ("external", "external", "externo"),
    ("overview", "overview", "vista general"),
    ("network-view", "network", "red"),
    ("cloud-of", "{} Cloud", "Nube de {}"),
    ("region", "Region", "Región"),
    ("vpc", "VPC", "VPC"),
    ("availability-zone", "Availability Zone", "Zona de disponibilidad"),
    ("availability-zones", "availability zones", "zonas de disponibilidad"),
    ("zones", "zones", "zonas"),
    ("subnet-of", "{} subnet", "subred {}"),
    ("docker-host", "Docker host", "Servidor Docker"),
    ("internal", "internal", "interna"),
    ("internet-gateway", "Internet gateway", "Puerta de enlace"),
    ("nat-gateway", "NAT gateway", "Puerta NAT"),
    ("auto-scaling", "Auto Scaling", "Autoescalado"),
    ("tasks", "tasks", "tareas"),
    ("copies", "copies", "copias"),
    ("nodes", "nodes", "nodos"),
    ("version", "version", "versión"),
    ("image", "image", "imagen"),
    ("egress", "egress", "salida"),
    ("alias", "alias", "alias"),
    ("web-acl", "web ACL", "reglas web"),
    ("read", "read", "lectura"),
    ("write", "write", "escritura"),
    ("primary", "primary", "primaria"),
    ("standby", "standby", "en espera"),
    ("in", "in", "en"),
    ("no-lines", "Components without connections.", "Componentes sin conexiones."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_and_languages_fall_back() {
        assert_eq!(word("es", "zone"), "zona");
        assert_eq!(word("fr", "zone"), "zone");
        assert_eq!(word("en", "mainframe"), "mainframe");
    }
}
