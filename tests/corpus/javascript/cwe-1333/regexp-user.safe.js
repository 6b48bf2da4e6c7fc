const express = require("express");
const escape = require("lodash.escaperegexp");

const app = express();
const names = require("./names.json");

app.get("/names", (req, res) => {
  const wanted = new RegExp(escape(req.query.like), "i");
  res.json(names.filter((name) => wanted.test(name)));
});
