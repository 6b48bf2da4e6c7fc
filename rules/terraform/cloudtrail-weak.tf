resource "aws_cloudtrail" "weak" {
  # ruleid: oreva.terraform.audit.cloudtrail-weak
  enable_log_file_validation = false
  # ruleid: oreva.terraform.audit.cloudtrail-weak
  is_multi_region_trail      = false
}

resource "aws_cloudtrail" "whole" {
  # ok: oreva.terraform.audit.cloudtrail-weak
  enable_log_file_validation = true
  # ok: oreva.terraform.audit.cloudtrail-weak
  is_multi_region_trail      = true
}
