const express = require("express");

const app = express();
const PAGES = ["/home", "/orders"];

app.post("/login", (req, res) => {
  const next = req.query.next;
  res.redirect(next);
});
