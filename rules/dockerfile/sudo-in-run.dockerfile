FROM debian:13.1-slim
# ruleid: oreva.dockerfile.privileges.sudo-in-run
RUN sudo apt-get update
# ruleid: oreva.dockerfile.privileges.sudo-in-run
RUN ["sudo", "make", "install"]
RUN make \
    # ruleid: oreva.dockerfile.privileges.sudo-in-run
    && sudo make install
# ok: oreva.dockerfile.privileges.sudo-in-run
RUN apt-get update && apt-get install -y sudo
# ok: oreva.dockerfile.privileges.sudo-in-run
RUN echo "app ALL=(ALL) ALL" > /etc/sudoers.d/app
USER 10001
