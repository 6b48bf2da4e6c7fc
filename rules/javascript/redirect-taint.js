app.get("/login", (req, res) => {
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(req.query.next || "/");
});

app.post("/leave", (req, res) => {
  const { to } = req.body;
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(302, to);
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.writeHead(302, { Location: "https://" + req.query.host });
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect("/" + req.params.rest);
});

router.get("/next", async (ctx) => {
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  ctx.redirect(ctx.query.to);
});

app.get("/safe", (req, res) => {
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect("/welcome");
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`/users/${req.params.id}`);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect("/search?q=" + req.query.q);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect("https://shop.example.com/item/" + req.params.id);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect("https://" + req.headers.host + req.originalUrl);
  const next = req.query.next;
  if (!isLocalPath(next)) return res.redirect("/");
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
});
