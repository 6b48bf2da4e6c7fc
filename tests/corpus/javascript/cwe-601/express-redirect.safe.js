const express = require("express");

const app = express();
const PAGES = ["/home", "/orders"];

app.post("/login", (req, res) => {
  const next = req.query.next;
  if (!PAGES.includes(next)) {
    return res.redirect("/home");
  }
  res.redirect(next);
});
