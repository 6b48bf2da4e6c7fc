const jwt = require("jsonwebtoken");
const { UnsecuredJWT } = require("jose");

function claims(token) {
  // ruleid: oreva.javascript.jwt.jwt-none-algorithm
  return jwt.verify(token, publicKey, { algorithms: ["RS256", "none"] });
}

function unsigned(payload) {
  // ruleid: oreva.javascript.jwt.jwt-none-algorithm
  return jwt.sign(payload, "", { algorithm: "none", expiresIn: "1h" });
}

function careless(token) {
  // ruleid: oreva.javascript.jwt.jwt-none-algorithm
  const first = jwt.verify(token, null);
  // ruleid: oreva.javascript.jwt.jwt-none-algorithm
  return UnsecuredJWT.decode(token).payload ?? first;
}

function safe(token, payload) {
  // ok: oreva.javascript.jwt.jwt-none-algorithm
  jwt.verify(token, publicKey, { algorithms: ["RS256"] });
  // ok: oreva.javascript.jwt.jwt-none-algorithm
  jwt.verify(token, process.env.JWT_KEY, { algorithms: ["HS256"], audience: "api" }, done);
  // ok: oreva.javascript.jwt.jwt-none-algorithm
  jwt.sign(payload, privateKey, { algorithm: "RS256" });
  // ok: oreva.javascript.jwt.jwt-none-algorithm
  verify(token, key, { algorithms: algorithmsFor("none of your business") });
}
