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
{% if before or after %}
run_job() {
  docker service rm "{{ stack }}_$1" > /dev/null 2>&1 || true
  docker stack deploy --with-registry-auth --compose-file "$1.yml" {{ stack | shell }}
  while :; do
    case "$(docker service ps --format {{ "'{{.CurrentState}}'" }} "{{ stack }}_$1" | head -n 1)" in
      Complete*) break ;;
      Failed* | Rejected* | Orphaned* | Shutdown*) docker service logs "{{ stack }}_$1"; return 1 ;;
    esac
    sleep 3
  done
  docker service logs "{{ stack }}_$1"
}
{% endif %}
{% for job in before %}
run_job {{ job }}
{% endfor %}
docker stack deploy --detach=false --prune --with-registry-auth --compose-file stack.yml {{ stack | shell }}
docker stack services {{ stack | shell }}
{% for job in after %}
run_job {{ job }}
{% endfor %}
