const app = require("express")();
const EXPORTERS = { csv: require("./csv") };

app.get("/a", (req, res) => {
  // ruleid: oreva.javascript.code-injection.module-name-taint
  const exporter = require("./exporters/" + req.query.format);
  res.send(exporter.run());
});

app.get("/b", async (req, res) => {
  const { name } = req.params;
  // ruleid: oreva.javascript.code-injection.module-name-taint
  const module = await import(`./plugins/${name}.js`);
  res.send(module.default());
});

app.get("/c", (req, res) => {
  // ok: oreva.javascript.code-injection.module-name-taint
  const exporter = EXPORTERS[req.query.format];
  res.send(exporter.run());
});

app.get("/d", (req, res) => {
  // ok: oreva.javascript.code-injection.module-name-taint
  const exporter = require("./csv");
  res.send(exporter.run(req.query.format));
});
