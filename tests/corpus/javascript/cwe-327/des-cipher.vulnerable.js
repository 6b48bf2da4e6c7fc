import crypto from "node:crypto";

export function seal(key, iv, text) {
  const cipher = crypto.createCipheriv("des-ede3-cbc", key, iv);
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
}
