{% if entrance.ranges %}
condition {
  source_ip {
    values = [{{ entrance.ranges | join(sep=", ") }}]
  }
}
{% else %}
# {{ say.key_demanded }}
condition {
  http_header {
    http_header_name = "x-origin-key"
    values = [
      aws_ssm_parameter.{{ entrance.name }}_key_a.value,
      aws_ssm_parameter.{{ entrance.name }}_key_b.value,
    ]
  }
}
{% endif %}
