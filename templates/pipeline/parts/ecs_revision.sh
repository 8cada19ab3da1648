{% set task = "$arn" -%}
{# The revision that runs now, with another image: whatever else Terraform has set stays. #}
definition="$(aws ecs describe-task-definition --task-definition {{ full }} --query taskDefinition --output json)"
revision="$(printf '%s' "$definition" | jq --arg id {{ id }} --arg image "{{ image }}" '
  (.containerDefinitions[] | select(.name == $id) | .image) = $image
  | {family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions, volumes, placementConstraints,
    requiresCompatibilities, cpu, memory, runtimePlatform}
  | with_entries(select(.value != null))')"
arn="$(aws ecs register-task-definition --cli-input-json "$revision" --query taskDefinition.taskDefinitionArn --output text)"
{% for job in before %}
{# part ecs_job #}
{% endfor %}
