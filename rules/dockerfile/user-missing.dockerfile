# ok: oreva.dockerfile.privileges.user-missing
FROM golang:1.25.3 AS build
RUN go build -o /app .

# ruleid: oreva.dockerfile.privileges.user-missing
FROM debian:13.1-slim AS worker
COPY --from=build /app /app
ENTRYPOINT ["/app", "work"]

# ok: oreva.dockerfile.privileges.user-missing
FROM debian:13.1-slim AS web
COPY --from=build /app /app
USER 10001
CMD ["/app", "serve"]

# ok: oreva.dockerfile.privileges.user-missing
FROM web AS web-debug
CMD ["/app", "serve", "--debug"]

# ok: oreva.dockerfile.privileges.user-missing
FROM gcr.io/distroless/static-debian12:nonroot AS small
COPY --from=build /app /app
ENTRYPOINT ["/app"]

# ruleid: oreva.dockerfile.privileges.user-missing
FROM nginx:1.29.2
COPY html /usr/share/nginx/html
