FROM debian:13.1-slim
# ruleid: oreva.dockerfile.permissions.world-writable-permission
RUN chmod -R 777 /srv
# ruleid: oreva.dockerfile.permissions.world-writable-permission
RUN mkdir /data && chmod a+rwx /data
# ruleid: oreva.dockerfile.permissions.world-writable-permission
COPY --chown=app --chmod=0777 start.sh /usr/local/bin/
# ok: oreva.dockerfile.permissions.world-writable-permission
RUN chmod 755 /usr/local/bin/start.sh
# ok: oreva.dockerfile.permissions.world-writable-permission
RUN chmod 1777 /tmp
# ok: oreva.dockerfile.permissions.world-writable-permission
RUN chmod +x /usr/local/bin/start.sh && chmod u+w /srv
# ok: oreva.dockerfile.permissions.world-writable-permission
COPY --chmod=755 start.sh /usr/local/bin/
USER 10001
