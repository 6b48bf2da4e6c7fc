const jwt = require("jsonwebtoken");
const session = require("express-session");
const SIGNING_KEY = "9f1c5d3a7b";

// ruleid: oreva.javascript.hard-coded-secret.jwt-hard-coded-secret
app.use(session({ resave: false, secret: "keyboard cat", saveUninitialized: true }));

function issue(user) {
  // ruleid: oreva.javascript.hard-coded-secret.jwt-hard-coded-secret
  return jwt.sign({ sub: user.id }, "s3cr3t-signing-key", { expiresIn: "1h" });
}

function check(token) {
  // ruleid: oreva.javascript.hard-coded-secret.jwt-hard-coded-secret
  return jwt.verify(token, SIGNING_KEY, { algorithms: ["HS256"] });
}

// ok: oreva.javascript.hard-coded-secret.jwt-hard-coded-secret
app.use(session({ resave: false, secret: process.env.SESSION_SECRET }));

function safe(user, token) {
  // ok: oreva.javascript.hard-coded-secret.jwt-hard-coded-secret
  jwt.verify(token, config.get("jwt.key"), { algorithms: ["HS256"] });
  // ok: oreva.javascript.hard-coded-secret.jwt-hard-coded-secret
  return jwt.sign({ sub: user.id, note: "a text" }, fs.readFileSync("key.pem"), { algorithm: "RS256" });
}
