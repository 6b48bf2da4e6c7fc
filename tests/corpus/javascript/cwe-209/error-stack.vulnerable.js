const express = require("express");

const app = express();

app.use((error, req, res, next) => {
  const details = { message: "failed", trace: error.stack };
  res.status(500).json(details);
});
