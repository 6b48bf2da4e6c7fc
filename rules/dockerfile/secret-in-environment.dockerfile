FROM debian:13.1-slim
# ruleid: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV POSTGRES_PASSWORD=not-a-real-password
# ruleid: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV LANG=C.UTF-8 API_KEY="fake-fake-fake-1234"
# ruleid: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ARG NPM_TOKEN=fake0000fake0000fake
# ruleid: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV SECRET_KEY not-a-real-key
# ok: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ARG NPM_TOKEN
# ok: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV POSTGRES_PASSWORD=${POSTGRES_PASSWORD}
# ok: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV POSTGRES_PASSWORD_FILE=/run/secrets/postgres
# ok: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV TOKEN=/run/secrets/token
# ok: oreva.dockerfile.hardcoded-secrets.secret-in-environment
ENV TOKENIZERS_PARALLELISM=false PASSWORD=""
# ok: oreva.dockerfile.hardcoded-secrets.secret-in-environment
RUN --mount=type=secret,id=token TOKEN="$(cat /run/secrets/token)" ./fetch
USER 10001
