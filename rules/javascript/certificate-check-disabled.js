const https = require("https");

// ruleid: oreva.javascript.tls-verification.certificate-check-disabled
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

function connect(options) {
  // ruleid: oreva.javascript.tls-verification.certificate-check-disabled
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  // ruleid: oreva.javascript.tls-verification.certificate-check-disabled
  options.rejectUnauthorized = false;
  // ruleid: oreva.javascript.tls-verification.certificate-check-disabled
  return tls.connect({ host: options.host, checkServerIdentity: () => undefined });
}

function safe() {
  // ok: oreva.javascript.tls-verification.certificate-check-disabled
  const careful = new https.Agent({ keepAlive: true, ca: privateAuthority });
  // ok: oreva.javascript.tls-verification.certificate-check-disabled
  const explicit = new https.Agent({ rejectUnauthorized: true });
  // ok: oreva.javascript.tls-verification.certificate-check-disabled
  const configured = tls.connect({ rejectUnauthorized: config.verify, checkServerIdentity: pinned });
  return [careful, explicit, configured];
}
