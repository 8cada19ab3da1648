{% if not regions %}
provider "aws" {
  region = var.region

  default_tags {
    tags = {
      System      = {{ system | hcl }}
      Environment = {{ environment | hcl }}
      ManagedBy   = "archgen"
    }
  }
}
{% endif %}
{% for one in regions %}
provider "aws" {
  {% if not one.first %}
  alias  = "{{ one.key }}"
  {% endif %}
  region = "{{ one.name }}"

  default_tags {
    tags = {
      System      = {{ system | hcl }}
      Environment = {{ environment | hcl }}
      ManagedBy   = "archgen"
    }
  }
}

{% endfor %}
