{% for name in names %}
{% if fixed %}
{# Each tag is taken once: where another run built this commit, its image is the one. #}
image="{{ name }}"
docker manifest inspect "$image" > /dev/null 2>&1 || docker push "$image" || docker manifest inspect "$image" > /dev/null
{% else %}
docker push "{{ name }}"
{% endif %}
{% endfor %}
