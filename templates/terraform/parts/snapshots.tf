resource "aws_iam_role" "{{ name }}_backup" {
  name               = "{{ full | short(max=57) }}-backup"
  assume_role_policy = data.aws_iam_policy_document.dlm_assume.json
}

resource "aws_iam_role_policy_attachment" "{{ name }}_backup" {
  role       = aws_iam_role.{{ name }}_backup.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole"
}

resource "aws_dlm_lifecycle_policy" "{{ name }}" {
  description        = "{{ id }} every {{ backup.hours }} hours"
  execution_role_arn = aws_iam_role.{{ name }}_backup.arn
  state              = "ENABLED"

  policy_details {
    resource_types = ["VOLUME"]

    target_tags = {
      Backup = "{{ full }}"
    }

    schedule {
      name      = "{{ id }}"
      copy_tags = true

      create_rule {
        interval      = {% if backup.hours <= 1 %}1{% elif backup.hours <= 2 %}2{% elif backup.hours <= 4 %}4{% elif backup.hours <= 8 %}8{% elif backup.hours <= 12 %}12{% else %}24{% endif %}
        interval_unit = "HOURS"
      }

      retain_rule {
        interval      = {{ backup.days }}
        interval_unit = "DAYS"
      }
    }
  }
}
