"""Who sits at the command line."""

import getpass
import os

import pytest

from oreva.cli.person import user_name


def test_is_the_name_that_the_system_knows(monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    assert user_name() == "ada"


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_is_a_number_where_the_system_knows_no_name(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr(getpass, "getuser", fail)
    assert user_name() == str(os.getuid())
    monkeypatch.delattr(os, "getuid")
    assert user_name() == "unknown"
