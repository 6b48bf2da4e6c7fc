const express = require("express");
const deepmerge = require("deepmerge");

const app = express();
app.use(express.json());
let preferences = { theme: { dark: false } };

app.put("/preferences", (req, res) => {
  preferences = { theme: { dark: req.body.theme?.dark === true } };
  res.json(preferences);
});
