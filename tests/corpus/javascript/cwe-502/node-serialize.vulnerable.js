const express = require("express");
const serialize = require("node-serialize");

const app = express();

app.get("/profile", (req, res) => {
  const stored = Buffer.from(req.cookies.profile, "base64").toString();
  const profile = serialize.unserialize(stored);
  res.json({ name: profile.name });
});
