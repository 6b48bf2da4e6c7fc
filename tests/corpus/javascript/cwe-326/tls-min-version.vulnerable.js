const fs = require("fs");
const https = require("https");

const options = {
  key: fs.readFileSync("key.pem"),
  cert: fs.readFileSync("cert.pem"),
  minVersion: "TLSv1.1",
};

https.createServer(options, (req, res) => res.end("ok")).listen(8443);
