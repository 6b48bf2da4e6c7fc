"""The CDK app: one construct per box of the architecture. `python -m infra.app` writes the template to `cdk.out/`."""

from infra.node import use_node

use_node()
