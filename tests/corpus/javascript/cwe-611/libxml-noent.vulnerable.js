const libxml = require("libxmljs");
const express = require("express");

const app = express();
app.use(express.text({ type: "application/xml" }));

app.post("/import", (req, res) => {
  const document = libxml.parseXml(req.body, { noent: true });
  res.json({ root: document.root().name() });
});
