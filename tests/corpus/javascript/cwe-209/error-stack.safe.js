const express = require("express");

const app = express();

app.use((error, req, res, next) => {
  const details = { message: "failed" };
  res.status(500).json(details);
});
