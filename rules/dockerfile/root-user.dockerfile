FROM debian:13.1-slim AS build
# ok: oreva.dockerfile.privileges.root-user
USER root
RUN make -C /src

FROM debian:13.1-slim AS tools
# ok: oreva.dockerfile.privileges.root-user
USER 0
RUN apt-get update && apt-get install -y libpq5
# ok: oreva.dockerfile.privileges.root-user
USER 10001
CMD ["/usr/bin/tools"]

FROM tools AS debug
# ruleid: oreva.dockerfile.privileges.root-user
USER 0:0
ENTRYPOINT ["/bin/bash"]

FROM tools
# ok: oreva.dockerfile.privileges.root-user
USER app
COPY --from=build /src/app /usr/local/bin/app
# ruleid: oreva.dockerfile.privileges.root-user
USER root:root
RUN chown root /usr/local/bin/app
