const crypto = require("crypto");

function sign(text) {
  return crypto.createHmac("sha256", process.env.SIGN_KEY).update(text).digest("hex");
}

module.exports = { sign };
