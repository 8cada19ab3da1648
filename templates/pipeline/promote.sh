{# An image stays what it was, to the last byte: it is neither built anew nor wrapped into an index. #}
{% if fixed %}
image="{{ names[0] }}"
docker manifest inspect "$image" > /dev/null 2>&1 ||
  docker buildx imagetools create --prefer-index=false --tag "$image" "{{ from }}"
{% else %}
docker buildx imagetools create --prefer-index=false{% for name in names %} --tag "{{ name }}"{% endfor %} "{{ from }}"
{% endif %}
