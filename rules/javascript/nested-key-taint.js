const _ = require("lodash");
const settings = {};
const counters = new Map();
const EDITABLE = ["theme", "language"];

app.post("/settings/:group/:key", (req, res) => {
  // ruleid: oreva.javascript.prototype-pollution.nested-key-taint
  settings[req.params.group][req.params.key] = req.body.value;
  res.sendStatus(204);
});

app.post("/profile", (req, res) => {
  const path = req.body.path;
  // ruleid: oreva.javascript.prototype-pollution.nested-key-taint
  _.set(profile, path, req.body.value);
  res.json(profile);
});

app.post("/safe", (req, res) => {
  // ok: oreva.javascript.prototype-pollution.nested-key-taint
  counters.set(req.body.key, req.body.value);
  const group = req.params.group;
  if (group === "__proto__" || group === "constructor") return res.sendStatus(400);
  // ok: oreva.javascript.prototype-pollution.nested-key-taint
  settings[group][req.params.key] = req.body.value;
  const field = req.body.field;
  if (!EDITABLE.includes(field)) return res.sendStatus(400);
  // ok: oreva.javascript.prototype-pollution.nested-key-taint
  _.set(profile, field, req.body.value);
  // ok: oreva.javascript.prototype-pollution.nested-key-taint
  settings.theme["colour"] = req.body.value;
});
