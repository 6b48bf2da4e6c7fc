const express = require("express");

const app = express();

app.get("/item/:id", (req, res) => {
  const { id } = req.params;
  const page = `<h1>No item ${encodeURIComponent(id)}</h1>`;
  res.status(404).send(page);
});
