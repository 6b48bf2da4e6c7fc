const crypto = require("crypto");

function resetToken() {
  const token = Math.random().toString(36).slice(2);
  return token;
}

module.exports = { resetToken };
