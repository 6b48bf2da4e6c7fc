const https = require("https");

function partner(path, done) {
  const agent = new https.Agent({ keepAlive: true });
  https.get({ host: "partner.example.com", path, agent }, done);
}

module.exports = { partner };
