{% if vpc_ref %}
# {{ say.internal_zone }}
resource "aws_route53_zone" "internal" {
  name = "{{ full }}.internal"

  vpc {
    vpc_id = {{ vpc_ref }}.id
  }
}

# {{ say.services_zone }}
resource "aws_service_discovery_private_dns_namespace" "services" {
  name = "svc.{{ full }}.internal"
  vpc  = {{ vpc_ref }}.id
}
{% endif %}
