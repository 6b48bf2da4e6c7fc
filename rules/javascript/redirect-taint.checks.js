app.get('/a', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  if (!next.startsWith('/') || next.startsWith('//')) return res.redirect('/');
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
});
app.get('/b', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  if (next.startsWith('/') && !next.startsWith('//')) { return res.redirect(next); }
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect('/');
});
app.get('/b2', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  if (next && next.startsWith('/') && !next.startsWith('//')) return res.redirect(next);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect('/');
});
app.get('/c', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next.startsWith('/') && !next.startsWith('//') ? next : '/');
});
app.get('/c2', (req, res) => {
  const next = String(req.query.next || '/');
  const target = next.startsWith('/') && !next.startsWith('//') ? next : '/';
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(target);
});
app.get('/d', (req, res) => {
  let next = req.query.next || '/';
  if (!next.startsWith('/') || next.startsWith('//') || next.startsWith('/\\')) next = '/';
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
});
app.get('/e', (req, res) => {
  let next = req.query.next || '/';
  if (!next.startsWith('/')) return res.sendStatus(400);
  if (next.startsWith('//')) return res.sendStatus(400);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
});
app.get('/f', (req, res) => {
  const u = new URL(req.query.next, ORIGIN);
  // ok: oreva.javascript.open-redirect.redirect-taint
  if (u.origin !== ORIGIN) return res.redirect('/');
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(u.href);
});
app.get('/g', (req, res) => {
  const next = req.query.next;
  const u = new URL(next, ORIGIN);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(u.origin === ORIGIN ? next : '/');
});
app.get('/g2', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  if (next.startsWith('https://app.example.com/')) return res.redirect(next);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect('/');
});
app.get('/g3', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(/^\/(?!\/)/.test(next) ? next : '/');
});
app.get('/g4', (req, res) => {
  const next = req.query.next;
  // ok: oreva.javascript.open-redirect.redirect-taint
  if (!/^\/[a-z]/.test(next)) return res.redirect('/');
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`${BASE}/x/${req.query.y}`);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`${baseUrl}/x/${req.query.y}`);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`/x/${req.query.y}`);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`?y=${req.query.y}`);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`https://x.example.com?y=${req.query.y}`);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect(baseUrl + '/login?x=' + req.query.y);
});
app.get('/unchecked', (req, res) => {
  const next = req.query.next;
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  if (next.startsWith('/')) return res.redirect(next);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect('/');
});
app.get('/unchecked', (req, res) => {
  const next = req.query.next;
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  if (next.startsWith('https://app.example.com')) return res.redirect(next);
  // ok: oreva.javascript.open-redirect.redirect-taint
  res.redirect('/');
});
app.get('/unchecked', (req, res) => {
  const next = req.query.next;
  if (next.startsWith('//')) return res.sendStatus(400);
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
});
app.get('/unchecked', (req, res) => {
  const next = req.query.next;
  if (!next.startsWith('http')) return res.sendStatus(400);
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(next);
});
app.get('/unchecked', (req, res) => {
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`/${req.query.y}`);
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`${req.query.y}/x`);
  const { baseUrl } = req.query;
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`${baseUrl}/x`);
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(`https://${req.query.y}`);
  // ruleid: oreva.javascript.open-redirect.redirect-taint
  res.redirect(baseUrl + '/x');
});

export const getServerSideProps = async ({ req, query }) => {
  if (req.cookies.session) {
    // ruleid: oreva.javascript.open-redirect.redirect-taint
    return { redirect: { destination: query.next, permanent: false } };
  }
  // ok: oreva.javascript.open-redirect.redirect-taint
  return { redirect: { destination: query.next === "admin" ? "/admin" : "/home", permanent: false } };
};
