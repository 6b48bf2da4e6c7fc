const fs = require("fs");
const express = require("express");

const app = express();
const NAMES = new Set(["a.txt", "b.txt"]);

app.delete("/files", (req, res) => {
  const { name } = req.body;
  fs.unlinkSync(`/srv/files/${name}`);
  res.sendStatus(204);
});
