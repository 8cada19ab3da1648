{# Works on a copy of the kubeconfig that goes again. The images of this run are laid over the manifests, so that what is
   applied is what was pushed. -#}
command -v kubectl >/dev/null || apk add --no-cache kubectl
export KUBECONFIG="$HOME/.kubeconfig-deploy"
trap 'rm -rf "$KUBECONFIG" .deploy' EXIT
(umask 077; printf '%s\n' "{{ kubeconfig }}" > "$KUBECONFIG")
{% if values %}
(umask 077; printf '%s\n' "{{ values }}" > {{ folder | shell }}/values.env)
{% endif %}
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
kubectl apply -k .deploy
{% else %}
kubectl apply -k {{ folder | shell }}
{% endif %}
{% for workload in workloads %}
kubectl -n {{ namespace }} rollout status {{ workload }} --timeout=10m
{% endfor %}
