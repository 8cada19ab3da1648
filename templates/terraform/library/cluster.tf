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

# {{ say.rollout_role }}
resource "aws_iam_role" "codedeploy" {
  name               = {{ (full ~ "-codedeploy") | short(max=64) | hcl }}
  assume_role_policy = data.aws_iam_policy_document.codedeploy_assume.json
}

resource "aws_iam_role_policy_attachment" "codedeploy" {
  role       = aws_iam_role.codedeploy.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSCodeDeployRoleForECS"
}

resource "aws_codedeploy_app" "rollouts" {
  name             = "{{ full }}"
  compute_platform = "ECS"
}
