const crypto = require("crypto");

function hashPassword(password, salt) {
  return crypto.scryptSync(password, salt, 32).toString("hex");
}

module.exports = { hashPassword };
