{% for job in after %}
{# part ecs_job #}
{% endfor %}
