# Refused: a VPC has no `cidr`.
resource "aws_vpc" "main" {
  cidr = "10.0.0.0/16"
}
