{% if vpc %}
# Names inside of the private network.
resource "aws_route53_zone" "internal" {
  name = "{{ full }}.internal"

  vpc {
    vpc_id = {{ vpc }}.id
  }
}
{% endif %}
