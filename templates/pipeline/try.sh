{# One container alone, without what it connects to: whether the image starts and answers. It is asked from inside its
   own network, so that it does not matter where Docker runs. -#}
name="try-{{ id }}"
docker run --detach --name "$name"{% if platform %} --platform {{ platform | shell }}{% endif %}
{%- for item in env %} \
  --env {% if item.secret %}{{ item.name }}="$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')"{% else %}{{ item.name ~ "=" ~ item.value | shell }}{% endif %}
{%- endfor %} \
  "{{ image }}"{% for word in command %} {{ word | shell }}{% endfor %}

trap 'docker logs "$name" || true; docker rm --force "$name" >/dev/null' EXIT
attempt=0
while [ "$attempt" -lt 30 ]; do
  attempt=$((attempt + 1))
  if [ "$(docker inspect --format '{{ "{{.State.Running}}" }}' "$name")" != true ]; then
    echo "the container has ended" >&2
    exit 1
  fi
{% if check %}
  if docker exec "$name" sh -c {{ check | shell }}; then
{% elif path %}
  if docker run --rm --network "container:$name" curlimages/curl:8.11.1 --fail --silent --show-error \
    --output /dev/null --max-time 5 http://127.0.0.1:{{ port }}{{ path | shell }}; then
{% elif port %}
  code="$(docker run --rm --network "container:$name" curlimages/curl:8.11.1 --silent \
    --output /dev/null --max-time 5 --write-out '%{http_code}' http://127.0.0.1:{{ port }}/ || true)"
  if [ "$code" -ge 200 ] && [ "$code" -lt 500 ]; then
{% else %}
  if [ "$attempt" -ge 5 ]; then
{% endif %}
    echo "it works (attempt $attempt)"
    exit 0
  fi
  sleep 2
done
echo "it did not answer in time" >&2
exit 1
