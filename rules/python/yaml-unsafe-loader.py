import yaml
from ruamel.yaml import YAML
from yaml import Loader, SafeLoader


def settings(path):
    with open(path) as stream:
        # ruleid: oreva.python.deserialisation.yaml-unsafe-loader
        return yaml.load(stream, Loader=yaml.UnsafeLoader)


def documents(stream):
    # ruleid: oreva.python.deserialisation.yaml-unsafe-loader
    return list(yaml.load_all(stream, Loader=Loader))


def legacy(stream):
    # ruleid: oreva.python.deserialisation.yaml-unsafe-loader
    return YAML(typ="unsafe").load(stream)


def safe_loader(stream):
    # ok: oreva.python.deserialisation.yaml-unsafe-loader
    return yaml.load(stream, Loader=SafeLoader)


def safe_load(stream):
    # ok: oreva.python.deserialisation.yaml-unsafe-loader
    return yaml.safe_load(stream)


def safe_c_loader(stream):
    # ok: oreva.python.deserialisation.yaml-unsafe-loader
    return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def safe_round_trip(stream):
    # ok: oreva.python.deserialisation.yaml-unsafe-loader
    return YAML(typ="rt").load(stream)
