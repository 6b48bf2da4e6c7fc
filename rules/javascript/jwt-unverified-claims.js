const jwt = require("jsonwebtoken");

app.use((req, res, next) => {
  const token = req.headers.authorization.split(" ")[1];
  const claims = jwt.decode(token);
  // ruleid: oreva.javascript.jwt.jwt-unverified-claims
  req.user = claims;
  // ruleid: oreva.javascript.jwt.jwt-unverified-claims
  req.userId = claims.sub;
  next();
});

app.get("/me", async (req, res) => {
  const { sub } = jwt.decode(req.cookies.session);
  // ruleid: oreva.javascript.jwt.jwt-unverified-claims
  res.json(await User.findById(sub));
});

app.get("/safe", async (req, res) => {
  const token = req.cookies.session;
  const key = keys.get(jwt.decode(token, { complete: true }).header.kid);
  const claims = jwt.verify(token, key, { algorithms: ["RS256"] });
  // ok: oreva.javascript.jwt.jwt-unverified-claims
  req.user = claims;
  // ok: oreva.javascript.jwt.jwt-unverified-claims
  res.json(await User.findById(claims.sub));
});

function expired(token) {
  // ok: oreva.javascript.jwt.jwt-unverified-claims
  return jwt.decode(token).exp * 1000 < Date.now();
}
