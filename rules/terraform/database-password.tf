resource "aws_db_instance" "shop" {
  engine   = "postgres"
  username = "shop"
  # ruleid: oreva.terraform.hard-coded-secret.database-password
  password = "kX9-opal-river"
}

resource "aws_redshift_cluster" "reports" {
  master_username = "admin"
  # ruleid: oreva.terraform.hard-coded-secret.database-password
  master_password = "Tr0ub4dor-and-3"
}

resource "aws_db_instance" "safe" {
  username                    = "shop"
  # ok: oreva.terraform.hard-coded-secret.database-password
  manage_master_user_password = true
}

resource "aws_db_instance" "variable" {
  # ok: oreva.terraform.hard-coded-secret.database-password
  password = var.database_password
}

resource "aws_rds_cluster" "generated" {
  # ok: oreva.terraform.hard-coded-secret.database-password
  master_password = random_password.master.result
}
