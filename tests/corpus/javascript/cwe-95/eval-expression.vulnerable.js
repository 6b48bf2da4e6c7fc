const express = require("express");

const app = express();
app.use(express.text());

app.post("/calculate", (req, res) => {
  const expression = req.body;
  const result = eval(expression);
  res.json({ result });
});
