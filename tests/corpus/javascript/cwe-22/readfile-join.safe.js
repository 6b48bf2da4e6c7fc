const fs = require("fs");
const path = require("path");
const express = require("express");

const app = express();
const BASE = "/srv/reports";

app.get("/report", (req, res) => {
  const file = path.join(BASE, req.query.name);
  if (!file.startsWith(BASE + path.sep)) {
    return res.sendStatus(404);
  }
  fs.readFile(file, "utf8", (error, text) => (error ? res.sendStatus(404) : res.json({ text })));
});
