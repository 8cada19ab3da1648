terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.9"
    }
  }

  # {{ say.state }}
  # backend "s3" {
  #   bucket       = "NAME-OF-A-BUCKET"
  #   key          = "{{ system }}/{{ environment }}/terraform.tfstate"
  #   region       = "{{ region }}"
  #   encrypt      = true
  #   use_lockfile = true
  # }
}
