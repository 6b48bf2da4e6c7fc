const jwt = require("jsonwebtoken");
const app = require("express")();

app.get("/me", (req, res) => {
  const token = req.headers.authorization.slice(7);
  // ruleid: oreva.javascript.jwt.decoded-identity
  const claims = jwt.decode(token);
  res.json({ user: claims.sub });
});

app.get("/admin", function (req, res) {
  // ruleid: oreva.javascript.jwt.decoded-identity
  const claims = jwt.decode(req.cookies.token, { complete: false });
  res.json({ admin: claims.role === "admin" });
});

app.get("/verified", (req, res) => {
  // ok: oreva.javascript.jwt.decoded-identity
  const claims = jwt.verify(req.headers.authorization, process.env.JWT_KEY, { algorithms: ["HS256"] });
  res.json({ user: claims.sub });
});

app.get("/both", (req, res) => {
  // ok: oreva.javascript.jwt.decoded-identity
  const peek = jwt.decode(req.headers.authorization);
  jwt.verify(req.headers.authorization, keyOf(peek.iss));
  res.json({ user: peek.sub });
});
