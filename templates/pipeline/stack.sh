{# Runs on a manager of the swarm, in the home of the user who logs in. `TAG` is set. -#}
{% if repository %}
cd {{ repository | shell }}
git fetch --quiet --tags origin
git checkout --quiet --detach "$TAG"
{% endif %}
cd {{ folder | shell }}
{% if values %}
# A stack file takes its values from the environment.
this="$TAG"
set -a
. ./.env
set +a
export TAG="$this"
{% endif %}
docker stack deploy --detach=false --prune --with-registry-auth --compose-file stack.yml {{ stack | shell }}
docker stack services {{ stack | shell }}
