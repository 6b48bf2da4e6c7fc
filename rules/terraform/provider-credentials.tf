provider "aws" {
  region     = "eu-central-1"
  # ruleid: oreva.terraform.hard-coded-secret.provider-credentials
  access_key = "AKIAJ3QDLQ2T5N4W7XKZ"
  # ruleid: oreva.terraform.hard-coded-secret.provider-credentials
  secret_key = "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"
}

provider "aws" {
  alias      = "local"
  # ok: oreva.terraform.hard-coded-secret.provider-credentials
  access_key = "mock_access_key"
  # ok: oreva.terraform.hard-coded-secret.provider-credentials
  secret_key = "test"
}

provider "github" {
  # ok: oreva.terraform.hard-coded-secret.provider-credentials
  token = var.github_token
}

provider "datadog" {
  # ok: oreva.terraform.hard-coded-secret.provider-credentials
  api_key = "${var.api_key_value}"
}
