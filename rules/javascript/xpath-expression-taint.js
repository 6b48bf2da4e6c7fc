const app = require("express")();
const xpath = require("xpath");

app.get("/a", (req, res) => {
  // ruleid: oreva.javascript.xpath-injection.xpath-expression-taint
  res.json(xpath.select("//user[name='" + req.query.name + "']", document));
});

app.get("/b", (req, res) => {
  const text = `//user[@id='${req.params.id}']/role`;
  // ruleid: oreva.javascript.xpath-injection.xpath-expression-taint
  res.json(xpath.select1(text, document));
});

app.get("/c", (req, res) => {
  // ok: oreva.javascript.xpath-injection.xpath-expression-taint
  res.json(xpath.parse("//user[name=$name]").select({ node: document, variables: { name: req.query.name } }));
});

app.get("/d", (req, res) => {
  // ok: oreva.javascript.xpath-injection.xpath-expression-taint
  res.json(xpath.select(`//user[@id='${Number(req.params.id)}']`, document));
});
