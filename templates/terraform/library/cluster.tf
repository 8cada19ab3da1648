resource "aws_ecs_cluster" "main" {
  name = {{ full | hcl }}

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
