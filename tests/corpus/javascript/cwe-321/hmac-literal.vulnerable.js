const crypto = require("crypto");

function sign(text) {
  return crypto.createHmac("sha256", "s1gn-orders-2024").update(text).digest("hex");
}

module.exports = { sign };
