resource "aws_ecr_repository" "a" {
  # ruleid: oreva.terraform.supply-chain.ecr-mutable-tags
  image_tag_mutability = "MUTABLE"
}

resource "aws_ecr_repository" "b" {
  name                 = "shop"
  # ruleid: oreva.terraform.supply-chain.ecr-mutable-tags
  image_tag_mutability = "MUTABLE"
}

resource "aws_ecr_repository" "c" {
  # ok: oreva.terraform.supply-chain.ecr-mutable-tags
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_ecr_repository" "d" {
  # ok: oreva.terraform.supply-chain.ecr-mutable-tags
  name = "shop"
}
