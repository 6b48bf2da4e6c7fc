"""What holds for every test."""

from hypothesis import settings

settings.register_profile("oreva", deadline=None)  # how busy a machine is says nothing about the code
settings.load_profile("oreva")
