resource "aws_eks_cluster" "open" {
  vpc_config {
    # ruleid: oreva.terraform.public-cluster.eks-public-endpoint
    endpoint_public_access = true
  }
}

resource "aws_eks_cluster" "wide" {
  vpc_config {
    # ruleid: oreva.terraform.public-cluster.eks-public-endpoint
    public_access_cidrs = ["0.0.0.0/0"]
  }
}

resource "aws_eks_cluster" "named" {
  vpc_config {
    # ok: oreva.terraform.public-cluster.eks-public-endpoint
    endpoint_public_access = true
    # ok: oreva.terraform.public-cluster.eks-public-endpoint
    public_access_cidrs = ["203.0.113.0/24"]
  }
}
