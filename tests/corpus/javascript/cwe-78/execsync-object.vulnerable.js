const { execSync } = require("node:child_process");
const express = require("express");

const app = express();

app.get("/log", (req, res) => {
  const options = { count: 10, file: req.query.file };
  const command = ["git", "log", "-n", String(options.count), "--", options.file].join(" ");
  res.type("text").send(execSync(command, { cwd: "/srv/repo" }));
});
