const app = require("express")();
const BLOCKED = ["__proto__", "constructor", "prototype"];

function merge(target, source) {
  for (const key of Object.keys(source)) {
    if (BLOCKED.includes(key)) continue;
    if (source[key] && typeof source[key] === "object") merge((target[key] ??= {}), source[key]);
    else target[key] = source[key];
  }
}

app.patch("/settings", (req, res) => {
  // ok: oreva.javascript.prototype-pollution.deep-merge-taint
  merge(settings, req.body);
});
