const crypto = require("crypto");

function encrypt(text, key, iv) {
  // ruleid: oreva.javascript.weak-cipher.insecure-cipher
  const first = crypto.createCipheriv("des-ede3-cbc", key, iv);
  // ruleid: oreva.javascript.weak-cipher.insecure-cipher
  const second = crypto.createCipheriv("aes-128-ecb", key, null);
  // ruleid: oreva.javascript.weak-cipher.insecure-cipher
  const third = crypto.createCipher("aes-256-cbc", "a passphrase");
  // ruleid: oreva.javascript.weak-cipher.insecure-cipher
  const fourth = CryptoJS.AES.encrypt(text, key, { mode: CryptoJS.mode.ECB });
  return [first, second, third, fourth];
}

function safe(key, text) {
  const iv = crypto.randomBytes(12);
  // ok: oreva.javascript.weak-cipher.insecure-cipher
  const cipher = crypto.createCipheriv("aes-256-gcm", key, iv);
  // ok: oreva.javascript.weak-cipher.insecure-cipher
  const other = crypto.createCipheriv("chacha20-poly1305", key, iv, { authTagLength: 16 });
  // ok: oreva.javascript.weak-cipher.insecure-cipher
  const described = crypto.createHash("sha256").update("des-ecb");
  return [cipher, other, described, text];
}
