const fs = require("fs");
const path = require("path");
const UPLOADS = path.join(__dirname, "uploads");
const TEMPLATES = { invoice: "/srv/templates/invoice.html" };

app.get("/files/:name", (req, res) => {
  // ruleid: oreva.javascript.path-traversal.file-path-taint
  res.sendFile(path.join(UPLOADS, req.params.name));
});

app.get("/read", (req, res) => {
  const file = path.resolve(UPLOADS, req.query.file);
  // ruleid: oreva.javascript.path-traversal.file-path-taint
  fs.readFile(file, "utf8", (err, text) => res.type("text").send(text));
});

app.delete("/files", async (req, res) => {
  const { name } = req.body;
  // ruleid: oreva.javascript.path-traversal.file-path-taint
  await fs.promises.unlink(`${UPLOADS}/${name}`);
  res.sendStatus(204);
});

app.get("/safe/:name", (req, res) => {
  // ok: oreva.javascript.path-traversal.file-path-taint
  res.sendFile(path.join(UPLOADS, path.basename(req.params.name)));
  // ok: oreva.javascript.path-traversal.file-path-taint
  res.sendFile(req.params.name, { root: UPLOADS });
  const wanted = path.resolve(UPLOADS, req.query.file);
  if (!wanted.startsWith(UPLOADS + path.sep)) return res.sendStatus(404);
  // ok: oreva.javascript.path-traversal.file-path-taint
  fs.createReadStream(wanted).pipe(res);
  // ok: oreva.javascript.path-traversal.file-path-taint
  fs.readFile(TEMPLATES[req.query.template], () => {});
  // ok: oreva.javascript.path-traversal.file-path-taint
  fs.readFile(path.join(UPLOADS, `${Number(req.query.id)}.pdf`), () => {});
  // ok: oreva.javascript.path-traversal.file-path-taint
  fs.writeFile("/var/log/app/last.json", JSON.stringify(req.body), () => {});
});
