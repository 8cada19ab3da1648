{# Runs on the machine, in the home of the user who logs in. `TAG` is set: the commit or tag that is deployed. -#}
{% if repository %}
cd {{ repository | shell }}
git fetch --quiet --tags origin
git checkout --quiet --detach "$TAG"
{% endif %}
cd {{ folder | shell }}
{% if pulled %}
docker compose pull --quiet {{ pulled | join(sep=" ") }}
{% endif %}
{% if built %}
docker compose build --pull {{ built | join(sep=" ") }}
{% endif %}
{% for job in before %}
docker compose run --rm {{ job }}
{% endfor %}
docker compose up --detach --no-build --remove-orphans --wait
{% for job in after %}
docker compose run --rm {{ job }}
{% endfor %}
docker image prune --force
