const express = require("express");

const app = express();
const FEEDS = { news: "https://news.example.com/rss", blog: "https://blog.example.com/rss" };

app.get("/preview", async (req, res) => {
  const address = req.query.url;
  const answer = await fetch(address);
  res.type("text/plain").send(await answer.text());
});
