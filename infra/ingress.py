"""The way in: an HTTP API with an open but signed route for GitHub, and everything else behind an authorizer."""

from __future__ import annotations

import json

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.compute import Compute
from infra.retention import retention
from infra.settings import Settings

WEBHOOK = "/v1/webhooks/github"
EVERYTHING = "/v1/{proxy+}"


class Ingress(Construct):
    """The HTTP API and its one stage."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings, *, compute: Compute) -> None:
        super().__init__(scope, construct_id)
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=settings.name,
            description="Starts scans and shows findings; GitHub delivers its webhooks here",
            create_default_stage=False,
            cors_preflight=apigateway.CorsPreflightOptions(
                allow_origins=list(settings.cors_origins),
                allow_methods=[apigateway.CorsHttpMethod.GET, apigateway.CorsHttpMethod.POST],
                allow_headers=["authorization", "content-type", "x-amz-date", "x-amz-security-token"],
                max_age=Duration.hours(1),
            )
            if settings.cors_origins
            else None,
        )
        self.open_routes = self.api.add_routes(
            path=WEBHOOK,
            methods=[apigateway.HttpMethod.POST],
            integration=integrations.HttpLambdaIntegration("Webhook", compute.functions["webhook"]),
            authorizer=apigateway.HttpNoneAuthorizer(),
        )
        everything = integrations.HttpLambdaIntegration("Everything", compute.functions["api"])
        self.api.add_routes(
            path=EVERYTHING,
            methods=[apigateway.HttpMethod.ANY],
            integration=everything,
            authorizer=_authorizer(settings),
        )
        if settings.cors_origins:  # a browser asks without credentials; API Gateway answers, not the function
            self.open_routes += self.api.add_routes(
                path=EVERYTHING,
                methods=[apigateway.HttpMethod.OPTIONS],
                integration=everything,
                authorizer=apigateway.HttpNoneAuthorizer(),
            )
        self.stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(
                rate_limit=settings.requests_per_second, burst_limit=settings.request_burst
            ),
        )
        self._log_access(settings)

    def _log_access(self, settings: Settings) -> None:
        """Who asked for what and how it ended; no header, no body, no query, since these may carry secrets."""
        fields = {
            "requestId": "$context.requestId",
            "time": "$context.requestTime",
            "ip": "$context.identity.sourceIp",
            "caller": "$context.identity.userArn",
            "route": "$context.routeKey",
            "status": "$context.status",
            "bytes": "$context.responseLength",
            "latency": "$context.responseLatency",
            "error": "$context.error.message",
            "authorizerError": "$context.authorizer.error",
        }
        group = logs.LogGroup(
            self,
            "AccessLogs",
            log_group_name=f"/{settings.name}/api/access",
            retention=retention(settings.log_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        stage = self.stage.node.default_child
        if not isinstance(stage, apigateway.CfnStage):
            raise TypeError(f"{self.stage.node.path}: not the kind of stage that was made here")
        stage.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(fields, separators=(",", ":"))
        )


def _authorizer(settings: Settings) -> apigateway.IHttpRouteAuthorizer:
    if settings.authorizer == "iam":
        return authorizers.HttpIamAuthorizer()
    return authorizers.HttpJwtAuthorizer(
        "Jwt", settings.jwt_issuer or "", jwt_audience=list(settings.jwt_audience), identity_source=_BEARER
    )


_BEARER = ["$request.header.Authorization"]
