const express = require("express");
const Handlebars = require("handlebars");

const app = express();

app.get("/card", (req, res) => {
  const template = Handlebars.compile("<p>" + req.query.greeting + "</p>");
  res.send(template({ greeting: req.query.greeting }));
});
