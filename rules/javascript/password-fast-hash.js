const crypto = require("crypto");

function register(user, password) {
  // ruleid: oreva.javascript.weak-hash.password-fast-hash
  user.hash = crypto.createHash("md5").update(password).digest("hex");
}

function login(req) {
  const digest = crypto.createHash("sha256");
  // ruleid: oreva.javascript.weak-hash.password-fast-hash
  digest.update(req.body.password + SALT);
  // ruleid: oreva.javascript.weak-hash.password-fast-hash
  return md5(req.body.password) === stored || digest.digest("hex") === stored;
}

async function safe(password, file) {
  // ok: oreva.javascript.weak-hash.password-fast-hash
  const etag = crypto.createHash("md5").update(file).digest("hex");
  // ok: oreva.javascript.weak-hash.password-fast-hash
  const hash = await bcrypt.hash(password, 12);
  // ok: oreva.javascript.weak-hash.password-fast-hash
  crypto.scrypt(password, salt, 64, done);
  // ok: oreva.javascript.weak-hash.password-fast-hash
  const key = crypto.createHash("sha256").update(passwordResetToken).digest("hex");
  return { etag, hash, key };
}
