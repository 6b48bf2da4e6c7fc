const express = require("express");

const app = express();

app.use((req, res, next) => {
  res.setHeader("Access-Control-Allow-Origin", "https://shop.example.com");
  res.setHeader("Access-Control-Allow-Credentials", "true");
  next();
});
