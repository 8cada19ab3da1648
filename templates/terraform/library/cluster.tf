resource "aws_ecs_cluster" "main" {
  name = {{ full | hcl }}

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
{% set machines = false %}
{% for member in members %}{% if member.form == "aws.ecs-ec2" %}{% set_global machines = true %}{% endif %}{% endfor %}
{% if machines %}
resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = [{% for member in members %}{% if member.form == "aws.ecs-ec2" %}aws_ecs_capacity_provider.{{ member.name }}.name, {% endif %}{% endfor %}]
}
{% endif %}
