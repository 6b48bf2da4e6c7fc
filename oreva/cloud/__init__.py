"""The pipeline in AWS: each stage of `oreva.pipeline` between artifacts in S3, the table and the event bus."""
