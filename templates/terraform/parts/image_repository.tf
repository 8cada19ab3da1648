resource "aws_ecr_repository" "{{ name }}" {
  name                 = "{{ system }}/{{ environment }}/{{ first_id }}"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

# {{ say.old_images }}
resource "aws_ecr_lifecycle_policy" "{{ name }}" {
  repository = aws_ecr_repository.{{ name }}.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = {{ say.old_images | hcl }}
      selection = {
        tagStatus   = "any"
        countType   = "imageCountMoreThan"
        countNumber = 50
      }
      action = { type = "expire" }
    }]
  })
}

variable "{{ name }}_image_tag" {
  description = "{{ id }}: {{ say.image_tag }}"
  type        = string

  validation {
    condition     = length(var.{{ name }}_image_tag) > 0
    error_message = "{{ say.image_tag_missing }}"
  }
}

output "{{ name }}_repository" {
  description = "{{ id }}: {{ say.repository }}"
  value       = aws_ecr_repository.{{ name }}.repository_url
}
