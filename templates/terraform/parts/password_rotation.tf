{% if not password_variable %}
# {{ say.password_rotation }}
resource "aws_secretsmanager_secret_rotation" "{{ name }}" {
  secret_id          = {{ password_secret }}
  rotate_immediately = false

  rotation_rules {
    schedule_expression = "rate({{ password_days }} day{{ password_days | pluralize }})"
    duration            = "3h"
  }
}
{% endif %}
