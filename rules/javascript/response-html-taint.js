const escapeHtml = require("escape-html");

app.get("/hello", (req, res) => {
  // ruleid: oreva.javascript.xss.response-html-taint
  res.send("<h1>Hello " + req.query.name + "</h1>");
});

app.use((req, res) => {
  res.status(404);
  // ruleid: oreva.javascript.xss.response-html-taint
  res.send(`No page at ${req.originalUrl}`);
});

http.createServer((request, response) => {
  const name = request.headers["x-name"];
  const rows = [];
  rows.push("<li>" + name + "</li>");
  response.write("<ul>");
  // ruleid: oreva.javascript.xss.response-html-taint
  response.write(rows.join(""));
  response.end("</ul>");
});

app.get("/found/:id", async (req, res) => {
  const { term } = req.query;
  // ruleid: oreva.javascript.xss.response-html-taint
  if (!term) return res.status(400).send("<p>nothing for " + term + "</p>");
  // ok: oreva.javascript.xss.response-html-taint
  res.send("<p>" + escapeHtml(term) + "</p>");
  // ok: oreva.javascript.xss.response-html-taint
  res.json({ term });
  // ok: oreva.javascript.xss.response-html-taint
  res.send(req.body);
  // ok: oreva.javascript.xss.response-html-taint
  res.send({ term: req.query.term });
  const item = await items.findOne(req.params.id);
  // ok: oreva.javascript.xss.response-html-taint
  res.send(item.html);
  // ok: oreva.javascript.xss.response-html-taint
  res.send("<p>" + encodeURIComponent(req.query.term) + "</p>");
});

app.get("/plain", (req, res) => {
  res.type("text/plain");
  // ok: oreva.javascript.xss.response-html-taint
  res.send(req.query.echo);
});

app.get("/challenge", (req, res) => {
  res.setHeader("Content-Type", "text/plain");
  // ok: oreva.javascript.xss.response-html-taint
  res.end(req.query.challenge);
});
