resource "aws_s3_bucket" "site" {
  bucket = "site"
  # ruleid: oreva.terraform.public-access.s3-public-acl
  acl = "public-read"
}

resource "aws_s3_bucket_acl" "upload" {
  bucket = aws_s3_bucket.site.id
  # ruleid: oreva.terraform.public-access.s3-public-acl
  acl    = "public-read-write"
}

resource "aws_s3_bucket_acl" "grants" {
  bucket = aws_s3_bucket.site.id
  access_control_policy {
    grant {
      grantee {
        type = "Group"
        # ruleid: oreva.terraform.public-access.s3-public-acl
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
      permission = "READ"
    }
  }
}

resource "aws_s3_bucket_acl" "private" {
  bucket = aws_s3_bucket.site.id
  # ok: oreva.terraform.public-access.s3-public-acl
  acl    = "private"
}

resource "aws_s3_bucket_acl" "logs" {
  bucket = aws_s3_bucket.site.id
  # ok: oreva.terraform.public-access.s3-public-acl
  acl    = "log-delivery-write"
}
