data "aws_iam_policy_document" "app" {
  # ruleid: oreva.terraform.excessive-permissions.iam-wildcard
  statement {
    actions   = ["*"]
    resources = ["*"]
  }

  # ok: oreva.terraform.excessive-permissions.iam-wildcard
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }

  # ok: oreva.terraform.excessive-permissions.iam-wildcard
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/*"]
  }

  # ok: oreva.terraform.excessive-permissions.iam-wildcard
  statement {
    actions   = ["ec2:DescribeInstances"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Version = "2012-10-17"
    # ruleid: oreva.terraform.excessive-permissions.iam-wildcard
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_policy" "text" {
  name = "text"
  # ruleid: oreva.terraform.excessive-permissions.iam-wildcard
  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Action": "*",
      "Effect": "Allow",
      "Resource": "*"
    }
  ]
}
EOF
}

resource "aws_iam_policy" "narrow" {
  name = "narrow"
  # ok: oreva.terraform.excessive-permissions.iam-wildcard
  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Deny", "Action": "*", "Resource": "*" },
    { "Effect": "Allow", "Action": ["s3:*"], "Resource": "*" }
  ]
}
EOF
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.app.name
  # ruleid: oreva.terraform.excessive-permissions.iam-wildcard
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.app.name
  # ok: oreva.terraform.excessive-permissions.iam-wildcard
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
