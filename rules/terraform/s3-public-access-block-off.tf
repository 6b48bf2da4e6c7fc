resource "aws_s3_bucket_public_access_block" "site" {
  bucket            = aws_s3_bucket.site.id
  # ruleid: oreva.terraform.public-access.s3-public-access-block-off
  block_public_acls = false
  # ruleid: oreva.terraform.public-access.s3-public-access-block-off
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  # ok: oreva.terraform.public-access.s3-public-access-block-off
  block_public_acls       = true
  # ok: oreva.terraform.public-access.s3-public-access-block-off
  block_public_policy     = var.block
  ignore_public_acls      = true
  restrict_public_buckets = true
}
