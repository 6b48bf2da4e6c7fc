const crypto = require("crypto");

// ruleid: oreva.javascript.weak-key.short-rsa-key
crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
// ruleid: oreva.javascript.weak-key.short-rsa-key
crypto.generateKeyPair("dsa", { modulusLength: 1024, divisorLength: 160 }, done);
// ok: oreva.javascript.weak-key.short-rsa-key
crypto.generateKeyPairSync("rsa", { modulusLength: 3072 });
// ok: oreva.javascript.weak-key.short-rsa-key
crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
