const https = require("https");
const tls = require("tls");

// ruleid: oreva.javascript.tls.outdated-protocol
https.createServer({ key, cert, minVersion: "TLSv1" });
// ruleid: oreva.javascript.tls.outdated-protocol
tls.connect({ host, secureProtocol: "TLSv1_method" });
// ok: oreva.javascript.tls.outdated-protocol
https.createServer({ key, cert, minVersion: "TLSv1.2" });
// ok: oreva.javascript.tls.outdated-protocol
tls.connect({ host, secureProtocol: "TLS_method" });
