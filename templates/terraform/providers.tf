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
