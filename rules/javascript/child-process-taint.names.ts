import { exec as sh, execFile } from "node:child_process";
import util from "util";

const run = util.promisify(require("child_process").exec);
const runFile = util.promisify(execFile);

export async function list(req, res) {
  // ruleid: oreva.javascript.command-injection.child-process-taint
  sh(`ls ${req.query.dir}`, (error, out) => res.send(out));
  // ruleid: oreva.javascript.command-injection.child-process-taint
  await run(`ls ${req.query.dir}`);
  // ok: oreva.javascript.command-injection.child-process-taint
  await runFile("ls", [req.query.dir]);
  // ok: oreva.javascript.command-injection.child-process-taint
  await run("ls -l");
}
