const _ = require("lodash");
const app = require("express")();

app.patch("/a", (req, res) => {
  // ruleid: oreva.javascript.prototype-pollution.deep-merge-taint
  _.merge(settings, req.body);
});

app.patch("/b", (req, res) => {
  const sent = JSON.parse(req.query.options);
  // ruleid: oreva.javascript.prototype-pollution.deep-merge-taint
  const options = deepmerge(defaults, sent);
});

app.patch("/c", (req, res) => {
  // ok: oreva.javascript.prototype-pollution.deep-merge-taint
  _.merge(settings, _.pick(req.body, ["theme"]));
});

app.patch("/d", (req, res) => {
  // ok: oreva.javascript.prototype-pollution.deep-merge-taint
  _.merge(settings, { theme: "dark" });
});
