{% set cluster_name = in_cluster | default(value="main", boolean=true) %}
{% if launch == "FARGATE" %}
{% set sizes = [[256, 512], [256, 1024], [256, 2048], [512, 1024], [512, 2048], [512, 3072], [512, 4096], [1024, 2048], [1024, 3072], [1024, 4096], [1024, 5120], [1024, 6144], [1024, 7168], [1024, 8192], [2048, 4096], [2048, 8192], [2048, 16384], [4096, 8192], [4096, 16384], [4096, 30720], [8192, 16384], [8192, 61440], [16384, 122880]] %}
{% set task_cpu = 0 %}
{% set task_memory = 0 %}
{% for size in sizes %}{% if task_cpu == 0 and size[0] >= cpu_units and size[1] >= memory_mib %}{% set_global task_cpu = size[0] %}{% set_global task_memory = size[1] %}{% endif %}{% endfor %}
{% else %}
{% set task_cpu = cpu_units %}
{% set task_memory = memory_mib %}
{% endif %}
{% if not image %}
{# part image_repository #}
{% endif %}
resource "aws_cloudwatch_log_group" "{{ name }}" {
  name              = "/{{ system }}/{{ environment }}/{{ first_id }}"
  retention_in_days = 30
}

# {{ say.execution_role }}
resource "aws_iam_role" "{{ name }}_execution" {
  name               = "{{ full | short(max=54) }}-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_assume.json
}

resource "aws_iam_role_policy_attachment" "{{ name }}_execution" {
  role       = aws_iam_role.{{ name }}_execution.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}
{% if secrets %}
data "aws_iam_policy_document" "{{ name }}_secrets" {
  {% for right in secret_rights %}
  statement {
    actions = {{ right.actions | hcl }}
    resources = [
      {% for arn in right.arns %}
      {{ arn | hcl }},
      {% endfor %}
    ]
  }
  {% endfor %}
}

resource "aws_iam_role_policy" "{{ name }}_secrets" {
  name   = "secrets"
  role   = aws_iam_role.{{ name }}_execution.id
  policy = data.aws_iam_policy_document.{{ name }}_secrets.json
}
{% endif %}
# {{ say.task_role }}
resource "aws_iam_role" "{{ name }}" {
  name               = {{ full | short(max=64) | hcl }}
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_assume.json
}

resource "aws_ecs_task_definition" "{{ name }}" {
  family                   = {{ full | hcl }}
  requires_compatibilities = ["{{ launch }}"]
  network_mode             = "awsvpc"
  cpu                      = {{ task_cpu }}
  memory                   = {{ task_memory }}
  execution_role_arn       = aws_iam_role.{{ name }}_execution.arn
  task_role_arn            = aws_iam_role.{{ name }}.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "{% if platform and platform is containing(pat="arm64") %}ARM64{% else %}X86_64{% endif %}"
  }

  container_definitions = jsonencode([{
    name      = "{{ id }}"
    image     = {% if image %}{{ image | hcl }}{% else %}"${aws_ecr_repository.{{ name }}.repository_url}:${var.{{ name }}_image_tag}"{% endif %}
    essential = true
    {% if command %}
    command = {{ command | hcl }}
    {% endif %}
    {% if ports %}
    portMappings = [
      {% for port_name, number in ports %}
      { containerPort = {{ number }}, protocol = "tcp" },
      {% endfor %}
    ]
    {% endif %}
    {% if env %}
    environment = [
      {% for item in env %}
      { name = {{ item.name | hcl }}, value = {{ item.value | hcl }} },
      {% endfor %}
    ]
    {% endif %}
    {% if secrets %}
    secrets = [
      {% for secret in secrets %}
      { name = {{ secret.name | hcl }}, valueFrom = {% if secret.json_key %}"{{ secret.arn }}:{{ secret.json_key }}::"{% else %}{{ secret.arn | hcl }}{% endif %} },
      {% endfor %}
    ]
    {% endif %}
    {% if health_command %}
    healthCheck = {
      command = ["CMD-SHELL", {{ health_command | hcl }}]
    }
    {% endif %}
    {% if mounts %}
    mountPoints = [
      {% for mount in mounts %}
      { sourceVolume = "{{ mount.name }}", containerPath = {{ mount.path | hcl }}, readOnly = {{ mount.read_only }} },
      {% endfor %}
    ]
    {% endif %}
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.{{ name }}.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "{{ id }}"
      }
    }
  }])
  {% for mount in mounts %}
  volume {
    name = "{{ mount.name }}"

    efs_volume_configuration {
      file_system_id     = {{ mount.file_system | hcl }}
      transit_encryption = "ENABLED"
    }
  }
  {% endfor %}
}

{% set called = false %}
{% for other in fed_by %}{% if other.inside and other.form != "aws.alb" and other.form != "aws.nlb" and ports %}{% set_global called = true %}{% endif %}{% endfor %}
{% if called %}
# {{ say.task_name }}
resource "aws_service_discovery_service" "{{ name }}" {
  name = "{{ id }}"

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.services.id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}
{% endif %}
resource "aws_ecs_service" "{{ name }}" {
  name            = {{ full | hcl }}
  cluster         = aws_ecs_cluster.{{ cluster_name }}.id
  task_definition = aws_ecs_task_definition.{{ name }}.arn
  desired_count   = {{ replicas.min }}
  {% if launch == "FARGATE" %}
  launch_type     = "FARGATE"
  {% endif %}

  # {{ say.tags_reach_tasks }}
  propagate_tags = "SERVICE"

  {% if rollout %}
  # {{ say.rolled_out }}
  deployment_controller {
    type = "CODE_DEPLOY"
  }
  {% else %}
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  {% endif %}
  {% if served_by %}
  health_check_grace_period_seconds  = 60
  {% endif %}

  network_configuration {
    subnets          = {{ subnets }}
    security_groups  = [{{ security_group }}]
    {% if launch == "FARGATE" %}
    assign_public_ip = {{ public }}
    {% endif %}
  }

  {% if launch == "EC2" %}
  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.{{ name }}.name
    weight            = 1
  }

  ordered_placement_strategy {
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }
  {% endif %}
  {% if not rollout %}
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  {% endif %}
  {% for served in served_by %}
  load_balancer {
    target_group_arn = aws_lb_target_group.{{ served.key }}.arn
    container_name   = "{{ id }}"
    container_port   = {{ served.port }}
  }
  {% endfor %}
  {% if called %}
  service_registries {
    registry_arn = aws_service_discovery_service.{{ name }}.arn
  }
  {% endif %}
  {% if rollout %}
  # {{ say.rollout_decides }}
  lifecycle {
    ignore_changes = [task_definition, load_balancer, network_configuration{% if scale_on %}, desired_count{% endif %}]
  }
  {% elif deployed %}
  # {{ say.pipeline_decides }}
  lifecycle {
    ignore_changes = [task_definition{% if scale_on %}, desired_count{% endif %}]
  }
  {% elif scale_on %}
  # {{ say.load_decides }}
  lifecycle {
    ignore_changes = [desired_count]
  }
  {% endif %}
  # {{ say.ready }}
  depends_on = [
    ready,
    {% if launch == "EC2" %}
    aws_ecs_cluster_capacity_providers.{{ cluster_name }},
    {% endif %}
  ]
}
{% if rollout and rollout.by == "cloudformation" %}
# {{ say.rollout_listener }}
resource "aws_ssm_parameter" "{{ name }}_listener" {
  name  = "/{{ system }}/{{ environment }}/{{ first_id }}/listener"
  type  = "String"
  value = aws_lb_listener.{{ rollout.router }}.arn

  depends_on = [aws_iam_role_policy_attachment.codedeploy]
}
{% elif rollout %}
resource "aws_codedeploy_deployment_group" "{{ name }}" {
  app_name               = aws_codedeploy_app.rollouts.name
  deployment_group_name  = {{ full | hcl }}
  deployment_config_name = "CodeDeployDefault.ECSAllAtOnce"
  service_role_arn       = aws_iam_role.codedeploy.arn

  deployment_style {
    deployment_option = "WITH_TRAFFIC_CONTROL"
    deployment_type   = "BLUE_GREEN"
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
    }

    # {{ say.rollout_back }}
    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = 5
    }
  }

  ecs_service {
    cluster_name = aws_ecs_cluster.{{ cluster_name }}.name
    service_name = aws_ecs_service.{{ name }}.name
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = [aws_lb_listener.{{ rollout.router }}.arn]
      }

      target_group {
        name = aws_lb_target_group.{{ served_by[0].key }}.name
      }

      target_group {
        name = aws_lb_target_group.{{ served_by[0].key }}_green.name
      }
    }
  }

  depends_on = [aws_iam_role_policy_attachment.codedeploy]
}
{% endif %}
{% if scale_on %}
resource "aws_appautoscaling_target" "{{ name }}" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.{{ cluster_name }}.name}/${aws_ecs_service.{{ name }}.name}"
  min_capacity       = {{ replicas.min }}
  max_capacity       = {{ replicas.max }}
}
{% if scale_on.metric == "cpu" or scale_on.metric == "memory" or scale_on.metric == "requests" and served_by and not rollout %}
resource "aws_appautoscaling_policy" "{{ name }}" {
  name               = "{{ full }}-{{ scale_on.metric }}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.{{ name }}.service_namespace
  scalable_dimension = aws_appautoscaling_target.{{ name }}.scalable_dimension
  resource_id        = aws_appautoscaling_target.{{ name }}.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = {{ scale_on.value }}

    predefined_metric_specification {
      {% if scale_on.metric == "cpu" %}
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
      {% elif scale_on.metric == "memory" %}
      predefined_metric_type = "ECSServiceAverageMemoryUtilization"
      {% else %}
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.{{ served_by[0].router }}.arn_suffix}/${aws_lb_target_group.{{ served_by[0].key }}.arn_suffix}"
      {% endif %}
    }
  }
}
{% else %}
loss "scale-on" {}
{% endif %}
{% endif %}
output "{{ name }}_cluster" {
  description = "{{ id }}: {{ say.cluster }}"
  value       = aws_ecs_cluster.{{ cluster_name }}.name
}

output "{{ name }}_logs" {
  description = "{{ id }}: {{ say.logs }}"
  value       = aws_cloudwatch_log_group.{{ name }}.name
}
