# ruleid: oreva.terraform.encryption.storage-unencrypted
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-central-1a"
  size              = 40
}

# ruleid: oreva.terraform.encryption.storage-unencrypted
resource "aws_efs_file_system" "shared" {
  creation_token = "shared"
  encrypted      = false
}

# ok: oreva.terraform.encryption.storage-unencrypted
resource "aws_ebs_volume" "safe" {
  availability_zone = "eu-central-1a"
  size              = 40
  encrypted         = true
}

# ok: oreva.terraform.encryption.storage-unencrypted
resource "aws_efs_file_system" "safe" {
  encrypted  = true
  kms_key_id = aws_kms_key.shared.arn
}

# ok: oreva.terraform.encryption.storage-unencrypted
resource "aws_ebs_volume" "restored" {
  availability_zone = "eu-central-1a"
  snapshot_id       = var.snapshot
}
