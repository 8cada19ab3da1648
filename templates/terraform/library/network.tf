{% if vpc_ref %}
# {{ say.internal_zone }}
resource "aws_route53_zone" "internal" {
  name = "{{ full }}.internal"

  vpc {
    vpc_id = {{ vpc_ref }}.id
  }
}
{% endif %}
