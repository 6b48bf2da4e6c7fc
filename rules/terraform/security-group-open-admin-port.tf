resource "aws_security_group" "web" {
  name = "web"

  # ruleid: oreva.terraform.network-exposure.security-group-open-admin-port
  ingress {
    description = "ssh"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
  }

  # ok: oreva.terraform.network-exposure.security-group-open-admin-port
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  # ok: oreva.terraform.network-exposure.security-group-open-admin-port
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }

  # ok: oreva.terraform.network-exposure.security-group-open-admin-port
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# ruleid: oreva.terraform.network-exposure.security-group-open-admin-port
resource "aws_security_group_rule" "all" {
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = aws_security_group.web.id
}

# ruleid: oreva.terraform.network-exposure.security-group-open-admin-port
resource "aws_vpc_security_group_ingress_rule" "postgres" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 5432
  to_port           = 5432
  ip_protocol       = "tcp"
}

# ruleid: oreva.terraform.network-exposure.security-group-open-admin-port
resource "aws_vpc_security_group_ingress_rule" "everything" {
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  security_group_id = aws_security_group.web.id
}

# ruleid: oreva.terraform.network-exposure.security-group-open-admin-port
resource "aws_security_group_rule" "desktop" {
  cidr_blocks       = [
    "0.0.0.0/0"]
  to_port           = 3400
  from_port         = 3000
  protocol          = "tcp"
  security_group_id = aws_security_group.web.id
  type              = "ingress"
}

# ok: oreva.terraform.network-exposure.security-group-open-admin-port
resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}
