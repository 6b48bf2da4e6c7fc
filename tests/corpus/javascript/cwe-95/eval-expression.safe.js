const express = require("express");

const app = express();
app.use(express.text());

app.post("/calculate", (req, res) => {
  const expression = req.body;
  const result = expression.split("+").reduce((sum, part) => sum + Number(part), 0);
  res.json({ result });
});
