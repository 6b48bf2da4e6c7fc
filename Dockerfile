# The two images of the functions: `scanner` runs Fetch and Scan, `control` all others. See docs/images.md.
#
#   docker build --target scanner -t oreva-scanner .
#   docker build --target control -t oreva-control .
#
# BASE_IMAGE may be any image of Debian's family with Python 3.13 or newer, venv and CA certificates. The default is a
# tag, which its publisher moves; docs/images.md says how to pin a digest.
ARG BASE_IMAGE=python:3.13-slim-trixie

# --- What installs: nothing of this stage but Python and the libraries it loads gets into an image.
FROM ${BASE_IMAGE} AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_LINK_MODE=copy UV_NO_CONFIG=1
COPY requirements/uv.txt /build/uv.txt
RUN --mount=type=secret,id=ca_bundle,target=/run/ca.pem \
    if [ -s /run/ca.pem ]; then export PIP_CERT=/run/ca.pem; fi; \
    python3 -m venv /build/venv && \
    /build/venv/bin/pip install --quiet --require-hashes --only-binary :all: -r /build/uv.txt
WORKDIR /opt/oreva

# --- The scanner image: Semgrep, Bandit, the rules and the team's own rules.
FROM build AS scanner-build
COPY images/scanner/requirements.txt /build/requirements.txt
RUN --mount=type=secret,id=ca_bundle,target=/run/ca.pem --mount=type=cache,id=oreva-uv,target=/root/.cache/uv \
    if [ -s /run/ca.pem ]; then export SSL_CERT_FILE=/run/ca.pem; fi; \
    python3 -m venv --without-pip /opt/venv && \
    /build/venv/bin/uv pip sync --quiet --python /opt/venv/bin/python --require-hashes --no-build /build/requirements.txt
COPY oreva oreva
COPY handlers handlers
COPY rules rules
# A folder of this context with the team's own rules; by default an empty one.
ARG TEAM_RULES=images/scanner/team-rules
COPY ${TEAM_RULES} team-rules
COPY images/ruleset images/root-file-system /build/
# What `images/ruleset` prints; the build fails if the rules in the image have another digest.
ARG RULESET_DIGEST=
RUN find rules -type f ! \( -name '*.yaml' ! -name '*.test.yaml' \) -delete && \
    PYTHONPATH=. /opt/venv/bin/python /build/ruleset team-rules --bake ruleset.json --expect "${RULESET_DIGEST}" && \
    /opt/venv/bin/python /build/root-file-system /rootfs

FROM scratch AS scanner
COPY --from=scanner-build /rootfs /
ENV PATH=/opt/venv/bin HOME=/tmp LANG=C.UTF-8 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /opt/oreva
USER 993:990
ARG RULESET_DIGEST=
ARG VERSION=
LABEL org.opencontainers.image.title="oreva-scanner" \
      org.opencontainers.image.description="Oreva's Fetch and Scan functions, with Semgrep, Bandit and the rules" \
      org.opencontainers.image.licenses="Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1 AND LGPL-2.1-or-later AND MIT AND MIT-0 AND MPL-2.0 AND PSF-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      oreva.ruleset-digest="${RULESET_DIGEST}"
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["handlers.scan.handler"]

# --- The control image: everything that needs no scanner.
FROM build AS control-build
COPY images/control/requirements.txt /build/requirements.txt
RUN --mount=type=secret,id=ca_bundle,target=/run/ca.pem --mount=type=cache,id=oreva-uv,target=/root/.cache/uv \
    if [ -s /run/ca.pem ]; then export SSL_CERT_FILE=/run/ca.pem; fi; \
    python3 -m venv --without-pip /opt/venv && \
    /build/venv/bin/uv pip sync --quiet --python /opt/venv/bin/python --require-hashes --no-build /build/requirements.txt
COPY oreva oreva
COPY handlers handlers
COPY images/root-file-system /build/
RUN /opt/venv/bin/python /build/root-file-system /rootfs

FROM scratch AS control
COPY --from=control-build /rootfs /
ENV PATH=/opt/venv/bin HOME=/tmp LANG=C.UTF-8 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /opt/oreva
USER 993:990
ARG VERSION=
LABEL org.opencontainers.image.title="oreva-control" \
      org.opencontainers.image.description="Oreva's functions that need no scanner" \
      org.opencontainers.image.licenses="Apache-2.0 AND BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1 AND LGPL-2.1-or-later AND MIT AND MIT-0 AND MPL-2.0 AND PSF-2.0" \
      org.opencontainers.image.version="${VERSION}"
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["handlers.api.handler"]
