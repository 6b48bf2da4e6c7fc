data "aws_iam_policy_document" "queue" {
  statement {
    actions = ["sqs:SendMessage"]
    principals {
      type        = "AWS"
      # ruleid: oreva.terraform.public-principal.queue-policy-public
      identifiers = ["*"]
    }
  }
  statement {
    effect = "Allow"
    principals {
      type        = "*"
      # ruleid: oreva.terraform.public-principal.queue-policy-public
      identifiers = ["*"]
    }
  }
  statement {
    principals {
      type        = "AWS"
      # ok: oreva.terraform.public-principal.queue-policy-public
      identifiers = ["*"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.orders.arn]
    }
  }
  statement {
    principals {
      type        = "Service"
      # ok: oreva.terraform.public-principal.queue-policy-public
      identifiers = ["sns.amazonaws.com"]
    }
  }
}
