ARG BASE=debian:13.1-slim

# ruleid: oreva.dockerfile.supply-chain.unpinned-base-image
FROM node AS assets
RUN npm ci && npm run build

# ruleid: oreva.dockerfile.supply-chain.unpinned-base-image
FROM python:latest AS build
RUN pip wheel -w /wheels .

# ruleid: oreva.dockerfile.supply-chain.unpinned-base-image
FROM --platform=linux/amd64 ghcr.io/example/base AS tools
RUN true

# ok: oreva.dockerfile.supply-chain.unpinned-base-image
FROM assets AS checked-assets
RUN npm test

# ok: oreva.dockerfile.supply-chain.unpinned-base-image
FROM python:3.13.9-slim AS small
COPY --from=build /wheels /wheels

# ok: oreva.dockerfile.supply-chain.unpinned-base-image
FROM scratch AS empty

# ok: oreva.dockerfile.supply-chain.unpinned-base-image
FROM python@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS exact

# ok: oreva.dockerfile.supply-chain.unpinned-base-image
FROM ${BASE}
CMD ["/bin/true"]
