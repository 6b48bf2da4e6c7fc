const https = require("https");

function partner(path, done) {
  const agent = new https.Agent({ rejectUnauthorized: false });
  https.get({ host: "partner.example.com", path, agent }, done);
}

module.exports = { partner };
