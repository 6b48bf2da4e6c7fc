const app = require("express")();

function merge(target, source) {
  for (const key of Object.keys(source)) {
    if (source[key] && typeof source[key] === "object") merge((target[key] ??= {}), source[key]);
    else target[key] = source[key];
  }
}

app.patch("/settings", (req, res) => {
  // ruleid: oreva.javascript.prototype-pollution.deep-merge-taint
  merge(settings, req.body);
});
