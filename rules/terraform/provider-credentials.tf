provider "aws" {
  region     = "eu-central-1"
  # ruleid: oreva.terraform.hard-coded-secret.provider-credentials
  access_key = "opal-river-access-id"
  # ruleid: oreva.terraform.hard-coded-secret.provider-credentials
  secret_key = "opal-river-secret-words"
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
