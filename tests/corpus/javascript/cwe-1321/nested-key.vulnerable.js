const express = require("express");

const app = express();
const stock = { fruit: {}, bread: {} };

app.put("/stock/:group/:item", (req, res) => {
  const { group, item } = req.params;
  stock[group][item] = req.body.amount;
  res.sendStatus(204);
});
