"""Where the tests of the DynamoDB store keep their tables."""

import pytest


@pytest.fixture(scope="session")
def server(dynamodb_server):
    """DynamoDB on a local port."""
    return dynamodb_server


@pytest.fixture
def client(server):
    """A client that no other test has."""
    return server.client()
