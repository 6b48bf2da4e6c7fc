resource "aws_instance" "web" {
  ami = var.ami
  metadata_options {
    http_endpoint = "enabled"
    # ruleid: oreva.terraform.instance-metadata.instance-metadata-v1
    http_tokens   = "optional"
  }
}

resource "aws_launch_template" "workers" {
  metadata_options {
    # ruleid: oreva.terraform.instance-metadata.instance-metadata-v1
    http_tokens = "optional"
  }
}

resource "aws_instance" "safe" {
  metadata_options {
    # ok: oreva.terraform.instance-metadata.instance-metadata-v1
    http_tokens = "required"
  }
}

resource "aws_launch_template" "chosen" {
  metadata_options {
    # ok: oreva.terraform.instance-metadata.instance-metadata-v1
    http_tokens = var.tokens
  }
}
