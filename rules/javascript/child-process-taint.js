const { exec, execFile, spawn } = require("child_process");
const childProcess = require("node:child_process");
const FORMATS = new Set(["png", "jpg"]);

app.get("/ping", (req, res) => {
  // ruleid: oreva.javascript.command-injection.child-process-taint
  exec("ping -c 1 " + req.query.host, (err, stdout) => res.send(stdout));
});

app.post("/convert", async (req, res) => {
  const { file, size } = req.body;
  const command = `convert ${file} -resize ${size} out.png`;
  // ruleid: oreva.javascript.command-injection.child-process-taint
  childProcess.execSync(command, { timeout: 5000 });
  // ruleid: oreva.javascript.command-injection.child-process-taint
  spawn("convert", [file, "out.png"], { shell: true });
  // ruleid: oreva.javascript.command-injection.child-process-taint
  childProcess.spawn("/bin/bash", ["-c", `tar xf ${file}`]);
  const args = [];
  args.push(req.body.tool);
  // ruleid: oreva.javascript.command-injection.child-process-taint
  childProcess.spawn(args[0], []);
});

app.get("/log", (req, res) => {
  // ok: oreva.javascript.command-injection.child-process-taint
  execFile("git", ["log", "--", req.query.file], (err, out) => res.type("text").send(out));
  // ok: oreva.javascript.command-injection.child-process-taint
  exec("git log -n 20", (err, out) => res.type("text").send(out));
  // ok: oreva.javascript.command-injection.child-process-taint
  exec(`git log -n ${Number(req.query.n)}`, (err, out) => res.type("text").send(out));
  // ok: oreva.javascript.command-injection.child-process-taint
  const found = /(\d+)/.exec(req.query.range);
  const format = req.params.format;
  if (!FORMATS.has(format)) return res.sendStatus(400);
  // ok: oreva.javascript.command-injection.child-process-taint
  exec("convert in.svg out." + format);
  const job = format === "png" ? "render-png" : "render-jpg";
  // ok: oreva.javascript.command-injection.child-process-taint
  exec(job);
});
