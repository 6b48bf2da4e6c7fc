const got = require("got");
const express = require("express");

const app = express();
const HOSTS = { eu: "https://eu.example.com", us: "https://us.example.com" };

app.get("/status", async (req, res) => {
  let base = req.get("x-upstream");
  if (!base) {
    base = "https://status.example.com";
  }
  const answer = await got(base + "/status");
  res.json({ ok: answer.statusCode === 200 });
});
