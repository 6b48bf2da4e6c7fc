resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # ruleid: oreva.terraform.public-access.s3-policy-public-principal
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:GetObject"]
        Resource  = "${aws_s3_bucket.site.arn}/*"
      },
      # ok: oreva.terraform.public-access.s3-policy-public-principal
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = aws_s3_bucket.site.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      # ok: oreva.terraform.public-access.s3-policy-public-principal
      {
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.site.arn}/*"
      },
    ]
  })
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy = jsonencode({
    Statement = [
      # ruleid: oreva.terraform.public-access.s3-policy-public-principal
      { Sid = "all", Effect = "Allow", Principal = { AWS = "*" }, Action = "sqs:*", Resource = aws_sqs_queue.jobs.arn },
      # ok: oreva.terraform.public-access.s3-policy-public-principal
      { Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.t.arn } } },
    ]
  })
}
