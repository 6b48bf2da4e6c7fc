const express = require("express");
const jwt = require("jsonwebtoken");

const app = express();

app.get("/me", (req, res) => {
  const token = req.headers.authorization.replace("Bearer ", "");
  const claims = jwt.decode(token);
  res.json({ user: claims.sub });
});
