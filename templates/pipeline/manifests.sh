{# Works on a copy of the kubeconfig that goes again. The images of this run are laid over the manifests, so that what is
   applied is what was pushed. -#}
command -v kubectl >/dev/null || apk add --no-cache kubectl
export KUBECONFIG="$HOME/.kubeconfig-deploy"
trap 'rm -rf "$KUBECONFIG" .deploy' EXIT
(umask 077; printf '%s\n' "{{ kubeconfig }}" > "$KUBECONFIG")
{% if values %}
(umask 077; printf '%s\n' "{{ values }}" > {{ folder | shell }}/values.env)
{% endif %}
{% set applied = folder | shell %}
{% if names %}
mkdir -p .deploy
cat > .deploy/kustomization.yaml <<KUSTOMIZATION
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../{{ folder }}]
images:
{% for name in names %}
  - { name: "{{ name }}", newTag: "{{ "${" ~ tag ~ "}" }}" }
{% endfor %}
KUSTOMIZATION
{% set applied = ".deploy" %}
{% endif %}
{% if before or after %}
run_job() {
  kubectl -n {{ namespace }} delete job "$1" --ignore-not-found
  kubectl -n {{ namespace }} create job "$1" --from="cronjob/$1"
  until kubectl -n {{ namespace }} wait --for=condition=Complete --timeout=5s "job/$1" > /dev/null 2>&1; do
    if [ "$(kubectl -n {{ namespace }} get job "$1" -o jsonpath='{.status.conditions[?(@.type=="Failed")].status}')" = True ]; then
      kubectl -n {{ namespace }} logs "job/$1"
      return 1
    fi
  done
  kubectl -n {{ namespace }} logs "job/$1"
}
{% endif %}
{% if before %}
kubectl apply -k {{ applied }} -l {{ (later[0] ~ "!=" ~ later[1]) | shell }}
{% for store in stores %}
kubectl -n {{ namespace }} rollout status {{ store }} --timeout=10m
{% endfor %}
{% for job in before %}
run_job {{ job }}
{% endfor %}
{% endif %}
kubectl apply -k {{ applied }}
{% for workload in workloads %}
kubectl -n {{ namespace }} rollout status {{ workload }} --timeout=10m
{% endfor %}
{% for job in after %}
run_job {{ job }}
{% endfor %}
