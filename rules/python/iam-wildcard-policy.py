import json

from aws_cdk import aws_iam as iam

# ruleid: oreva.python.cloud-permissions.iam-wildcard-policy
STATEMENT = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(client):
    # ruleid: oreva.python.cloud-permissions.iam-wildcard-policy
    statement = {"Sid": "all", "Effect": "Allow", "Action": ["s3:*", "*"], "Resource": ["*"]}
    client.create_policy(PolicyName="all", PolicyDocument=json.dumps({"Statement": [statement]}))


def construct(role):
    # ruleid: oreva.python.cloud-permissions.iam-wildcard-policy
    role.add_to_policy(iam.PolicyStatement(actions=["*"], resources=["*"]))
    # ruleid: oreva.python.cloud-permissions.iam-wildcard-policy
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name("AdministratorAccess"))


# ok: oreva.python.cloud-permissions.iam-wildcard-policy
SAFE_DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}

# ok: oreva.python.cloud-permissions.iam-wildcard-policy
SAFE_ACTION = {"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}

# ok: oreva.python.cloud-permissions.iam-wildcard-policy
SAFE_BUCKET = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::shop/*"}


def safe_construct(role, bucket):
    # ok: oreva.python.cloud-permissions.iam-wildcard-policy
    role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=[bucket.arn_for_objects("*")]))
