{# A task of its own beside the service: in its network, as it is launched, with another command. #}
service="$(aws ecs describe-services --cluster {{ cluster }} --services {{ full }} --query 'services[0]' --output json)"
request="$(printf '%s' "$service" | jq --arg task "{{ task }}" --arg id {{ id }} --arg command {{ job.command | shell }} '
  . as $service | .taskSets[0] as $set
  | {cluster: .clusterArn, taskDefinition: $task, startedBy: "{{ job.id }}",
    networkConfiguration: ($service.networkConfiguration // $set.networkConfiguration),
    capacityProviderStrategy: ($service.capacityProviderStrategy // $set.capacityProviderStrategy),
    launchType: ($service.launchType // $set.launchType),
    overrides: {containerOverrides: [{name: $id, command: ["sh", "-c", $command]}]}}
  | with_entries(select(.value != null and .value != []))')"
task="$(aws ecs run-task --cli-input-json "$request" --query 'tasks[0].taskArn' --output text)"
aws ecs wait tasks-stopped --cluster {{ cluster }} --tasks "$task" || aws ecs wait tasks-stopped --cluster {{ cluster }} --tasks "$task"
code="$(aws ecs describe-tasks --cluster {{ cluster }} --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)"
echo "{{ job.id }}: $code"
test "$code" = 0
