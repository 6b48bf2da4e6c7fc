const crypto = require("crypto");

function resetToken() {
  const token = crypto.randomBytes(24).toString("hex");
  return token;
}

module.exports = { resetToken };
