resource "aws_security_group" "shop" {
  name = "shop"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_s3_bucket_acl" "invoices" {
  bucket = "shop-invoices"
  acl    = "public-read"
}

resource "aws_db_instance" "orders" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  publicly_accessible = true
  storage_encrypted   = false
}
