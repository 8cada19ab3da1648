//! The few words that a picture adds of itself, in the languages of generated prose.

/// A word in a language; English where the language is not known, the key itself where the word is not.
pub fn word<'a>(language: &str, key: &'a str) -> &'a str {
    let Some((_, english, spanish)) = WORDS.iter().find(|(name, _, _)| *name == key) else { return key };
    match language {
        "es" => spanish,
        _ => english,
    }
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
