{# What is to be run there goes over the standard input, so that no shell takes it apart on the way. The machine must
   have one of the known keys. -#}
install -m 700 -d ~/.ssh
printf '%s\n' "{{ key }}" > ~/.ssh/deploy
chmod 600 ~/.ssh/deploy
printf '%s\n' "{{ known_hosts }}" > ~/.ssh/known_hosts
trap 'rm -f ~/.ssh/deploy' EXIT
for host in {{ hosts }}; do
{% if not repository %}
  ssh -i ~/.ssh/deploy -o IdentitiesOnly=yes{% if port %} -p {{ port }}{% endif %} "{% if user %}{{ user }}@{% endif %}$host" mkdir -p {{ folder | shell }}
  scp -i ~/.ssh/deploy -o IdentitiesOnly=yes{% if port %} -P {{ port }}{% endif %} -r {{ folder | shell }}/. "{% if user %}{{ user }}@{% endif %}$host:{{ folder }}/"
{% endif %}
  {
    printf 'export TAG=%s\n' "{{ "${" ~ tag ~ "}" }}"
    cat <<'SCRIPT'
set -eu
{{ there }}
SCRIPT
  } | ssh -i ~/.ssh/deploy -o IdentitiesOnly=yes{% if port %} -p {{ port }}{% endif %} "{% if user %}{{ user }}@{% endif %}$host" sh -s
{% if first %}
  break
{% endif %}
done
