const libxmljs = require("libxmljs2");

app.post("/import", (req, res) => {
  // ruleid: oreva.javascript.xxe.xml-external-entities
  const document = libxmljs.parseXml(req.body, { noblanks: true, noent: true });
  res.json({ root: document.root().name() });
});

function load(text) {
  // ruleid: oreva.javascript.xxe.xml-external-entities
  return libxmljs.parseXmlString(text, { noent: true, dtdload: true });
}

function safe(text) {
  // ok: oreva.javascript.xxe.xml-external-entities
  const plain = libxmljs.parseXml(text);
  // ok: oreva.javascript.xxe.xml-external-entities
  const strict = libxmljs.parseXml(text, { noent: false, nonet: true });
  return [plain, strict];
}
