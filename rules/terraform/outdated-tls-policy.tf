resource "aws_cloudfront_distribution" "site" {
  default_cache_behavior {
    # ruleid: oreva.terraform.tls-version.outdated-tls-policy
    viewer_protocol_policy = "allow-all"
  }
  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate.site.arn
    # ruleid: oreva.terraform.tls-version.outdated-tls-policy
    minimum_protocol_version = "TLSv1"
  }
}

resource "aws_lb_listener" "old" {
  port       = 443
  # ruleid: oreva.terraform.tls-version.outdated-tls-policy
  ssl_policy = "ELBSecurityPolicy-2016-08"
}

resource "aws_cloudfront_distribution" "safe" {
  default_cache_behavior {
    # ok: oreva.terraform.tls-version.outdated-tls-policy
    viewer_protocol_policy = "redirect-to-https"
  }
  viewer_certificate {
    # ok: oreva.terraform.tls-version.outdated-tls-policy
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

resource "aws_lb_listener" "safe" {
  # ok: oreva.terraform.tls-version.outdated-tls-policy
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}
