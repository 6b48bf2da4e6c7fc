const escapeStringRegexp = require("escape-string-regexp");

app.get("/search", (req, res) => {
  // ruleid: oreva.javascript.regex-injection.regexp-input-taint
  const wanted = new RegExp(req.query.q, "i");
  res.json(items.filter((item) => wanted.test(item.name)));
});

app.post("/filter", (req, res) => {
  const { prefix } = req.body;
  // ruleid: oreva.javascript.regex-injection.regexp-input-taint
  const matcher = RegExp("^" + prefix + ".*$");
  res.json(items.filter((item) => matcher.test(item.name)));
});

app.get("/safe", (req, res) => {
  // ok: oreva.javascript.regex-injection.regexp-input-taint
  const escaped = new RegExp(escapeStringRegexp(req.query.q), "i");
  // ok: oreva.javascript.regex-injection.regexp-input-taint
  const replaced = new RegExp(req.query.q.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // ok: oreva.javascript.regex-injection.regexp-input-taint
  const fixed = new RegExp("^[a-z]+$").test(req.query.q);
  // ok: oreva.javascript.regex-injection.regexp-input-taint
  const plain = items.filter((item) => item.name.includes(req.query.q));
  res.json([escaped, replaced, fixed, plain]);
});
