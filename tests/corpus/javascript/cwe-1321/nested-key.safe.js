const express = require("express");

const app = express();
const stock = { fruit: {}, bread: {} };

app.put("/stock/:group/:item", (req, res) => {
  const { group, item } = req.params;
  if (!Object.hasOwn(stock, group) || item === "__proto__") {
    return res.sendStatus(404);
  }
  stock[group][item] = req.body.amount;
  res.sendStatus(204);
});
