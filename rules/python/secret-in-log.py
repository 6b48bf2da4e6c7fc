import logging

logger = logging.getLogger(__name__)


def login(user, password):
    # ruleid: oreva.python.information-exposure.secret-in-log
    logger.debug("login of %s with %s", user, password)
    # ruleid: oreva.python.information-exposure.secret-in-log
    logging.info(f"login of {user} with {password}")


def connect(settings):
    # ruleid: oreva.python.information-exposure.secret-in-log
    print("key", settings.api_key)
    # ruleid: oreva.python.information-exposure.secret-in-log
    logger.info("token {}".format(settings.access_token))


def safe(user, password, settings):
    # ok: oreva.python.information-exposure.secret-in-log
    logger.info("login of %s", user)
    # ok: oreva.python.information-exposure.secret-in-log
    logger.info("password set: %s", bool(password))
    # ok: oreva.python.information-exposure.secret-in-log
    logger.info("password is too short")
    # ok: oreva.python.information-exposure.secret-in-log
    print("number of tokens", settings.tokens)
    # ok: oreva.python.information-exposure.secret-in-log
    logger.info("key length %d", len(settings.api_key))
