const express = require("express");
const _ = require("lodash");

const app = express();
app.use(express.json());
const settings = {};

app.patch("/settings", (req, res) => {
  _.merge(settings, req.body);
  res.json(settings);
});
