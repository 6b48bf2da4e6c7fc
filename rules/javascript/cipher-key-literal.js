const crypto = require("crypto");

function seal(iv, text) {
  // ruleid: oreva.javascript.hard-coded-key.cipher-key-literal
  return crypto.createCipheriv("aes-128-cbc", "0123456789abcdef", iv).update(text);
}

function sign(text) {
  const key = Buffer.from("correct horse battery staple");
  // ruleid: oreva.javascript.hard-coded-key.cipher-key-literal
  return crypto.createHmac("sha256", key).update(text).digest("hex");
}

function sealed(iv, text, key) {
  // ok: oreva.javascript.hard-coded-key.cipher-key-literal
  return crypto.createCipheriv("aes-256-gcm", key, iv).update(text);
}

function signed(text) {
  // ok: oreva.javascript.hard-coded-key.cipher-key-literal
  return crypto.createHmac("sha256", process.env.SIGNING_KEY).update(text).digest("hex");
}
