const ejs = require("ejs");
const pug = require("pug");
const nunjucks = require("nunjucks");
const TEMPLATES = { short: "<%= name %>" };

app.get("/hello", (req, res) => {
  // ruleid: oreva.javascript.template-injection.template-source-taint
  res.send(ejs.render("<p>Hello " + req.query.name + "</p>", {}));
});

app.post("/mail", (req, res) => {
  const { subject, layout } = req.body;
  // ruleid: oreva.javascript.template-injection.template-source-taint
  const heading = nunjucks.renderString(`Re: ${subject}`, { user: req.user });
  // ruleid: oreva.javascript.template-injection.template-source-taint
  const page = pug.compile(layout)({ heading });
  res.send(page);
});

app.get("/safe", (req, res) => {
  // ok: oreva.javascript.template-injection.template-source-taint
  res.send(ejs.render("<p>Hello <%= name %></p>", { name: req.query.name }));
  // ok: oreva.javascript.template-injection.template-source-taint
  res.send(ejs.render(TEMPLATES[req.query.kind], { name: req.query.name }));
  // ok: oreva.javascript.template-injection.template-source-taint
  res.send(nunjucks.renderString("Hello {{ name }}", { name: req.query.name }));
  // ok: oreva.javascript.template-injection.template-source-taint
  res.render("hello", { name: req.query.name });
});
