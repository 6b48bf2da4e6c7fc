const express = require("express");
const _ = require("lodash");

const app = express();
app.use(express.json());
const settings = {};

app.patch("/settings", (req, res) => {
  settings.theme = req.body.theme === "dark" ? "dark" : "light";
  res.json(settings);
});
