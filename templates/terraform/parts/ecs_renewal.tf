{% if rotated %}
# {{ say.renewal_event }}
resource "aws_cloudwatch_event_rule" "{{ name }}_renewal" {
  name = "{{ full | short(max=56) }}-renewal"

  event_pattern = jsonencode({
    source      = ["aws.secretsmanager"]
    detail-type = ["Secret Label Updated"]
    resources = [
      {% for arn in rotated %}
      {{ arn | hcl }},
      {% endfor %}
    ]
    detail = {
      labelUpdated = ["AWSCURRENT"]
    }
  })
}

resource "aws_cloudwatch_event_target" "{{ name }}_renewal" {
  rule     = aws_cloudwatch_event_rule.{{ name }}_renewal.name
  arn      = aws_sfn_state_machine.{{ name }}_renewal.arn
  role_arn = aws_iam_role.{{ name }}_renewal_start.arn
}

# {{ say.renewal_start_role }}
resource "aws_iam_role" "{{ name }}_renewal_start" {
  name               = "{{ full | short(max=50) }}-renewal-start"
  assume_role_policy = data.aws_iam_policy_document.events_assume.json
}

data "aws_iam_policy_document" "{{ name }}_renewal_start" {
  statement {
    actions   = ["states:StartExecution"]
    resources = [aws_sfn_state_machine.{{ name }}_renewal.arn]
  }
}

resource "aws_iam_role_policy" "{{ name }}_renewal_start" {
  name   = "start"
  role   = aws_iam_role.{{ name }}_renewal_start.id
  policy = data.aws_iam_policy_document.{{ name }}_renewal_start.json
}

# {{ say.renewal_role }}
resource "aws_iam_role" "{{ name }}_renewal" {
  name               = "{{ full | short(max=56) }}-renewal"
  assume_role_policy = data.aws_iam_policy_document.states_assume.json
}

data "aws_iam_policy_document" "{{ name }}_renewal" {
  {% if rollout %}
  statement {
    actions   = ["ecs:DescribeServices"]
    resources = [aws_ecs_service.{{ name }}.id]
  }

  statement {
    actions   = ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"]
    resources = ["arn:${data.aws_partition.current.partition}:codedeploy:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:deploymentgroup:{{ system }}-{{ environment }}/{{ full }}"]
  }

  statement {
    actions   = ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]
    resources = ["arn:${data.aws_partition.current.partition}:codedeploy:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:application:{{ system }}-{{ environment }}"]
  }

  statement {
    actions   = ["codedeploy:GetDeploymentConfig"]
    resources = ["arn:${data.aws_partition.current.partition}:codedeploy:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"]
  }
  {% else %}
  statement {
    actions   = ["ecs:UpdateService"]
    resources = [aws_ecs_service.{{ name }}.id]
  }
  {% endif %}
}

resource "aws_iam_role_policy" "{{ name }}_renewal" {
  name   = "renewal"
  role   = aws_iam_role.{{ name }}_renewal.id
  policy = data.aws_iam_policy_document.{{ name }}_renewal.json
}

# {{ say.renewal }}
resource "aws_sfn_state_machine" "{{ name }}_renewal" {
  name     = "{{ full | short(max=72) }}-renewal"
  role_arn = aws_iam_role.{{ name }}_renewal.arn

  {% if rollout %}
  definition = jsonencode({
    QueryLanguage = "JSONata"
    StartAt       = "Find"
    States = {
      Find = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:ecs:describeServices"
        Arguments = {
          Cluster  = aws_ecs_cluster.{{ cluster_name }}.arn
          Services = [aws_ecs_service.{{ name }}.name]
        }
        # {{ say.renewal_revision }}
        Output = "{{ "{%" }} $states.result.Services[0].TaskSets[Status = 'PRIMARY'].TaskDefinition {{ "%}" }}"
        Next   = "Deploy"
      }
      Deploy = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:codedeploy:createDeployment"
        Arguments = {
          ApplicationName     = "{{ system }}-{{ environment }}"
          DeploymentGroupName = {{ full | hcl }}
          Revision = {
            RevisionType = "AppSpecContent"
            AppSpecContent = {
              Content = "{{ "{%" }} $string({'version': 0, 'Resources': [{'TargetService': {'Type': 'AWS::ECS::Service', 'Properties': {'TaskDefinition': $states.input, 'LoadBalancerInfo': {'ContainerName': '{{ id }}', 'ContainerPort': {{ rollout.port }}}}}}]}) {{ "%}" }}"
            }
          }
        }
        # {{ say.renewal_waits }}
        Retry = [{
          ErrorEquals     = ["States.ALL"]
          IntervalSeconds = 300
          MaxAttempts     = 12
          BackoffRate     = 1
        }]
        End = true
      }
    }
  })
  {% else %}
  definition = jsonencode({
    StartAt = "Deploy"
    States = {
      Deploy = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:ecs:updateService"
        Parameters = {
          Cluster            = aws_ecs_cluster.{{ cluster_name }}.arn
          Service            = aws_ecs_service.{{ name }}.name
          ForceNewDeployment = true
        }
        Retry = [{
          ErrorEquals     = ["States.ALL"]
          IntervalSeconds = 30
          MaxAttempts     = 6
          BackoffRate     = 2
        }]
        End = true
      }
    }
  })
  {% endif %}

  depends_on = [aws_iam_role_policy.{{ name }}_renewal]
}
{% endif %}
