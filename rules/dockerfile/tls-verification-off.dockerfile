FROM debian:13.1-slim
# ruleid: oreva.dockerfile.tls.tls-verification-off
RUN curl -fsSLk https://example.com/tool -o /usr/local/bin/tool
# ruleid: oreva.dockerfile.tls.tls-verification-off
RUN wget --quiet --no-check-certificate https://example.com/tool
# ruleid: oreva.dockerfile.tls.tls-verification-off
RUN apt-get update && apt-get install -y --allow-unauthenticated tool
# ruleid: oreva.dockerfile.tls.tls-verification-off
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
# ruleid: oreva.dockerfile.tls.tls-verification-off
RUN pip install --trusted-host packages.example.com tool
# ok: oreva.dockerfile.tls.tls-verification-off
RUN curl -fsSL https://example.com/tool -o /usr/local/bin/tool
# ok: oreva.dockerfile.tls.tls-verification-off
RUN wget --quiet https://example.com/tool && tar -k -xf tool
# ok: oreva.dockerfile.tls.tls-verification-off
RUN curl --cacert /etc/ssl/company.pem https://example.com/tool -o /opt/tool
# ok: oreva.dockerfile.tls.tls-verification-off
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem
# ok: oreva.dockerfile.tls.tls-verification-off
# Never set NODE_TLS_REJECT_UNAUTHORIZED=0 here.
USER 10001
