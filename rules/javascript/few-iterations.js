const crypto = require("crypto");
const bcrypt = require("bcrypt");

// ruleid: oreva.javascript.weak-password-hash.few-iterations
crypto.pbkdf2Sync(password, salt, 1000, 32, "sha512");
// ruleid: oreva.javascript.weak-password-hash.few-iterations
bcrypt.hashSync(password, 4);
// ok: oreva.javascript.weak-password-hash.few-iterations
crypto.pbkdf2Sync(password, salt, 210000, 32, "sha512");
// ok: oreva.javascript.weak-password-hash.few-iterations
bcrypt.hashSync(password, 12);
