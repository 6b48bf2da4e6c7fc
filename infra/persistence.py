"""What is kept: the table of findings, the bucket of artifacts, the secret, and the key they are encrypted with."""

from __future__ import annotations

import json

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.settings import Settings
from oreva.store.dynamodb_keys import EXPIRES, TABLE

UPLOAD_DAYS = 2
"""An upload is read once, by Fetch; the day it is made does not count in full."""


class Persistence(Construct):
    """Table, bucket, secret and key, each named after the stack, so that nothing replaces them by accident."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        # What was made by a first deployment that failed is empty; kept, it would stand in the way of the next one.
        removal = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if settings.protection else RemovalPolicy.DESTROY
        self.key = self._key(settings, removal)
        # Its deletion protection would refuse to let a failed deployment be cleared away, so it stays.
        self.table = self._table(settings, RemovalPolicy.RETAIN if settings.protection else RemovalPolicy.DESTROY)
        self.bucket = self._bucket(settings, removal)
        self.secret = self._secret(settings, removal)

    def _key(self, settings: Settings, removal: RemovalPolicy) -> kms.Key:
        """One key for all that Oreva keeps; its policy leaves the rest to the roles."""
        key = kms.Key(
            self,
            "Key",
            alias=f"alias/{settings.name}",
            description=f"Findings, artifacts, secret and alarms of {settings.name}",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsReachTheEncryptedTopic",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],  # in a key policy: this key
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        return key

    def _table(self, settings: Settings, removal: RemovalPolicy) -> dynamodb.Table:
        """The table as `oreva.store.dynamodb_keys` defines it."""
        types = {each["AttributeName"]: each["AttributeType"] for each in TABLE["AttributeDefinitions"]}

        def attributes(schema: object) -> dict[str, dynamodb.Attribute]:
            names = {each["KeyType"]: each["AttributeName"] for each in schema}  # type: ignore[attr-defined]
            return {
                field: dynamodb.Attribute(name=names[kind], type=dynamodb.AttributeType[_TYPES[types[names[kind]]]])
                for field, kind in (("partition_key", "HASH"), ("sort_key", "RANGE"))
            }

        table = dynamodb.Table(
            self,
            "Table",
            table_name=settings.name,
            **attributes(TABLE["KeySchema"]),  # type: ignore[arg-type]
            billing_mode=dynamodb.BillingMode[TABLE["BillingMode"]],
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=EXPIRES,
            deletion_protection=settings.protection,
            removal_policy=removal,
        )
        for index in TABLE["GlobalSecondaryIndexes"]:
            table.add_global_secondary_index(
                index_name=index["IndexName"],
                projection_type=dynamodb.ProjectionType[index["Projection"]["ProjectionType"]],
                **attributes(index["KeySchema"]),  # type: ignore[arg-type]
            )
        return table

    def _bucket(self, settings: Settings, removal: RemovalPolicy) -> s3.Bucket:
        """Encrypted with the key; not versioned, since what expires (code of others) has to be gone."""
        stack = Stack.of(self)
        day = Duration.days(1)

        def expire(prefix: str, days: int) -> s3.LifecycleRule:
            return s3.LifecycleRule(
                id=f"expire-{prefix.strip('/')}",
                prefix=prefix,
                expiration=Duration.days(days),
                abort_incomplete_multipart_upload_after=day,
            )

        return s3.Bucket(
            self,
            "Artifacts",
            bucket_name=f"{settings.name}-artifacts-{stack.account}-{stack.region}",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=False,
            removal_policy=removal,
            lifecycle_rules=[
                expire("scans/", settings.artifact_days),
                expire("uploads/", UPLOAD_DAYS),
                expire("cache/", settings.cache_days),
                expire("trees/", settings.cache_days),
            ],
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.PUT],
                    allowed_origins=list(settings.cors_origins),
                    allowed_headers=["content-type"],
                    max_age=3600,
                )
            ]
            if settings.cors_origins
            else None,
        )

    def _secret(self, settings: Settings, removal: RemovalPolicy) -> secretsmanager.Secret:
        """Made with a random webhook secret; a person adds the token or the GitHub App (docs/github.md)."""
        return secretsmanager.Secret(
            self,
            "GitHub",
            secret_name=f"{settings.name}/github",
            description="webhook_secret, and token or app_id and private_key",
            encryption_key=self.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=_EMPTY_SECRET,
                generate_string_key="webhook_secret",
                exclude_punctuation=True,
                password_length=48,
            ),
            removal_policy=removal,
        )


_EMPTY_SECRET = json.dumps({"token": ""})
_TYPES = {"S": "STRING", "N": "NUMBER", "B": "BINARY"}
