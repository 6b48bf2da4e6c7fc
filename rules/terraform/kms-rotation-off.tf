resource "aws_kms_key" "a" {
  # ruleid: oreva.terraform.key-management.kms-rotation-off
  enable_key_rotation = false
}

resource "aws_kms_key" "b" {
  description         = "orders"
  # ruleid: oreva.terraform.key-management.kms-rotation-off
  enable_key_rotation = false
}

resource "aws_kms_key" "c" {
  # ok: oreva.terraform.key-management.kms-rotation-off
  enable_key_rotation = true
}

resource "aws_kms_key" "d" {
  # ok: oreva.terraform.key-management.kms-rotation-off
  description = "orders"
}
