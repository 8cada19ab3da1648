{% set cluster_name = in_cluster | default(value="main", boolean=true) %}
# {{ say.schedule_role }}
resource "aws_iam_role" "{{ job.name }}_schedule" {
  name               = "{{ job.full | short(max=55) }}-schedule"
  assume_role_policy = data.aws_iam_policy_document.scheduler_assume.json
}

data "aws_iam_policy_document" "{{ job.name }}_schedule" {
  statement {
    actions   = ["ecs:RunTask"]
    resources = [aws_ecs_task_definition.{{ name }}.arn_without_revision, "${aws_ecs_task_definition.{{ name }}.arn_without_revision}:*"]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.{{ cluster_name }}.arn]
    }
  }

  # {{ say.schedule_tags }}
  statement {
    actions   = ["ecs:TagResource"]
    resources = ["arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:task/${aws_ecs_cluster.{{ cluster_name }}.name}/*"]

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RunTask"]
    }
  }

  statement {
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.{{ name }}_execution.arn, aws_iam_role.{{ name }}.arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "{{ job.name }}_schedule" {
  name   = "schedule"
  role   = aws_iam_role.{{ job.name }}_schedule.id
  policy = data.aws_iam_policy_document.{{ job.name }}_schedule.json
}

# {{ say.schedule }}
resource "aws_scheduler_schedule" "{{ job.name }}" {
  name                         = {{ job.full | short(max=64) | hcl }}
  description                  = {{ job.title | hcl }}
  schedule_expression          = {{ job.expression | hcl }}
  schedule_expression_timezone = "UTC"
  {% if regions %}
  # {{ say.region_clock }}
  state                        = var.region == var.first_region ? "ENABLED" : "DISABLED"
  {% endif %}

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_ecs_cluster.{{ cluster_name }}.arn
    role_arn = aws_iam_role.{{ job.name }}_schedule.arn
    input    = jsonencode({ containerOverrides = [{ name = "{{ id }}", command = ["sh", "-c", {{ job.command | hcl }}] }] })

    ecs_parameters {
      # {{ say.newest_revision }}
      task_definition_arn = aws_ecs_task_definition.{{ name }}.arn_without_revision
      propagate_tags      = "TASK_DEFINITION"
      {% if launch == "FARGATE" %}
      launch_type         = "FARGATE"
      {% endif %}

      {% if launch == "EC2" %}
      capacity_provider_strategy {
        capacity_provider = aws_ecs_capacity_provider.{{ name }}.name
        weight            = 1
      }
      {% endif %}
      network_configuration {
        subnets          = {{ subnets }}
        security_groups  = [{{ security_group }}]
        {% if launch == "FARGATE" %}
        assign_public_ip = {{ public }}
        {% endif %}
      }
    }

    # {{ say.schedule_once }}
    retry_policy {
      maximum_retry_attempts = 0
    }
  }

  # {{ say.ready }}
  depends_on = [ready]
}
