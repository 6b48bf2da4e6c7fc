const { exec, execFile } = require("child_process");
const express = require("express");

const app = express();
app.use(express.json());

app.post("/ping", (req, res) => {
  const { host } = req.body;
  exec(`ping -c 1 ${host}`, (error, stdout) => res.send({ output: stdout }));
});
