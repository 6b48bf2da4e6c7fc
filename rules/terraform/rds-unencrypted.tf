# ruleid: oreva.terraform.encryption.rds-unencrypted
resource "aws_db_instance" "shop" {
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}

# ruleid: oreva.terraform.encryption.rds-unencrypted
resource "aws_rds_cluster" "orders" {
  engine            = "aurora-postgresql"
  storage_encrypted = false
}

# ok: oreva.terraform.encryption.rds-unencrypted
resource "aws_db_instance" "safe" {
  engine            = "postgres"
  storage_encrypted = true
}

# ok: oreva.terraform.encryption.rds-unencrypted
resource "aws_db_instance" "chosen" {
  engine            = "postgres"
  storage_encrypted = var.encrypted
}

# ok: oreva.terraform.encryption.rds-unencrypted
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.safe.identifier
}

# ok: oreva.terraform.encryption.rds-unencrypted
resource "aws_rds_cluster" "serverless" {
  engine      = "aurora-postgresql"
  engine_mode = "serverless"
}
