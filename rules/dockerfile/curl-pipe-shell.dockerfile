FROM debian:13.1-slim
# ruleid: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN curl -fsSL https://example.com/install.sh | sh
# ruleid: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN wget -qO- https://example.com/setup_20.x | sudo -E bash -
# ruleid: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN bash -c "$(curl -fsSL https://example.com/install.sh)"
RUN apt-get update \
    # ruleid: oreva.dockerfile.supply-chain.curl-pipe-shell
    && curl -sSL "https://example.com/get.py?a=1&b=2" | python3 - \
    && rm -rf /var/lib/apt/lists/*
# ok: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt
# ok: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN curl -fsSLo /tmp/install.sh https://example.com/install.sh && sha256sum -c /tmp/sums && sh /tmp/install.sh
# ok: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN curl -fsS https://example.com/list.json | python3 -c "import json, sys; print(len(json.load(sys.stdin)))"
# ok: oreva.dockerfile.supply-chain.curl-pipe-shell
RUN echo "curl and wget" && cat list | sh
USER 10001
