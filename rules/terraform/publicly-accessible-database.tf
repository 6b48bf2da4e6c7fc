resource "aws_db_instance" "shop" {
  engine              = "postgres"
  # ruleid: oreva.terraform.network-exposure.publicly-accessible-database
  publicly_accessible = true
}

resource "aws_redshift_cluster" "reports" {
  cluster_identifier  = "reports"
  # ruleid: oreva.terraform.network-exposure.publicly-accessible-database
  publicly_accessible = true
}

resource "aws_db_instance" "safe" {
  engine              = "postgres"
  # ok: oreva.terraform.network-exposure.publicly-accessible-database
  publicly_accessible = false
}

resource "aws_db_instance" "chosen" {
  # ok: oreva.terraform.network-exposure.publicly-accessible-database
  publicly_accessible = var.public
}
