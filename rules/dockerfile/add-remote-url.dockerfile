FROM debian:13.1-slim
# ruleid: oreva.dockerfile.supply-chain.add-remote-url
ADD https://example.com/tool.tar.gz /opt/tool.tar.gz
# ruleid: oreva.dockerfile.supply-chain.add-remote-url
ADD --chown=10001:10001 http://example.com/data.json /srv/data.json
# ok: oreva.dockerfile.supply-chain.add-remote-url
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool.tar.gz /opt/
# ok: oreva.dockerfile.supply-chain.add-remote-url
ADD https://github.com/example/tool.git#v1.2.3 /src/tool
# ok: oreva.dockerfile.supply-chain.add-remote-url
ADD rootfs.tar.gz /
# ok: oreva.dockerfile.supply-chain.add-remote-url
COPY tool.tar.gz /opt/
USER 10001
