const vm = require("vm");
const operations = new Map([["sum", (a, b) => a + b]]);

app.get("/calculate", (req, res) => {
  // ruleid: oreva.javascript.code-injection.eval-taint
  res.json({ result: eval(req.query.expression) });
});

app.post("/filter", (req, res) => {
  const source = "return row." + req.body.field + " > 0";
  // ruleid: oreva.javascript.code-injection.eval-taint
  const keep = new Function("row", source);
  // ruleid: oreva.javascript.code-injection.eval-taint
  vm.runInNewContext(req.body.script, { rows });
  // ruleid: oreva.javascript.code-injection.eval-taint
  setTimeout("notify('" + req.body.name + "')", 100);
  res.json(rows.filter(keep));
});

app.get("/safe", (req, res) => {
  // ok: oreva.javascript.code-injection.eval-taint
  const data = JSON.parse(req.query.data);
  // ok: oreva.javascript.code-injection.eval-taint
  const operation = operations.get(req.query.operation);
  // ok: oreva.javascript.code-injection.eval-taint
  const add = new Function("a", "b", "return a + b");
  // ok: oreva.javascript.code-injection.eval-taint
  setTimeout(() => audit(req.query.name), 100);
  // ok: oreva.javascript.code-injection.eval-taint
  eval("2 + " + Number(req.query.n));
  // ok: oreva.javascript.code-injection.eval-taint
  setTimeout(audit.bind(null, req.query.name), 100);
});
