import crypto from "node:crypto";

export function seal(key, iv, text) {
  const cipher = crypto.createCipheriv("aes-256-gcm", key, iv);
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
}
