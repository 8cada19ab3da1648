{# Runs on a manager of the swarm, in the home of the user who logs in. `TAG` is set. -#}
{% if repository %}
cd {{ repository | shell }}
git fetch --quiet --tags origin
git checkout --quiet --detach "$TAG"
{% endif %}
cd {{ folder | shell }}
docker stack deploy --detach=false --prune --with-registry-auth --compose-file stack.yml {{ stack | shell }}
docker stack services {{ stack | shell }}
