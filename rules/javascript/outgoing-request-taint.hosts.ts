export async function a(req, res) {
  const u = new URL(req.query.u);
  if (!HOSTS.has(u.hostname)) return res.sendStatus(400);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(u.href);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await axios.get(u.toString());
}
export async function b(req, res) {
  const url = req.query.u;
  const u = new URL(url);
  if (!['a.example.com'].includes(u.hostname)) { res.status(400).end(); return; }
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(url);
}
export async function c(req, res) {
  const u = new URL(req.query.u);
  if (HOSTS.includes(u.host)) {
    // ok: oreva.javascript.ssrf.outgoing-request-taint
    await fetch(u);
  }
}
export async function d(req, res) {
  const u = new URL(req.query.u);
  switch (u.hostname) {
    case 'a.example.com':
      // ok: oreva.javascript.ssrf.outgoing-request-taint
      await fetch(u);
      break;
    default:
      return res.end();
  }
}
export async function e(req, res) {
  const u = new URL(req.query.u);
  if (u.hostname !== 'api.example.com') throw new Error('x');
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(u);
}
export async function f(req, res) {
  let u;
  try { u = new URL(req.query.u); } catch { return res.sendStatus(400); }
  if (u.protocol !== 'https:' || !HOSTS.has(u.hostname)) { return res.sendStatus(400); }
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(u);
}
export async function unchecked(req, res) {
  const u = new URL(req.query.u);
  if (u.protocol !== 'https:') { return res.sendStatus(400); }
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(u);
  if (!HOSTS.has(u.hostname)) { console.log("x"); }
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(u);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`${req.query.proto}://${req.query.host}/x`);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`${req.query.host}/x/${req.query.y}`);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(req.query.base + '/x/' + req.query.y);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch('https://' + req.query.base + '/x/');
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`https://${req.query.sub}.example.com/x/`);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`https://${TENANT}.example.com/x/${req.query.y}`);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(baseUrl + '/x/' + req.query.y);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(baseUrl + `/x/${req.query.y}`);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`${baseUrl}/x/${req.query.y}?a=${req.query.z}`);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`${config.api.url}/x/` + req.query.y);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch('https://' + HOST + '/x/' + req.query.y);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch('http://api:8080/x?y=' + req.query.y);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`http://api:8080?y=${req.query.y}`);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`/x/${req.query.y}`);
  const url = `${baseUrl}/x/${req.query.y}`;
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(url);
  const client = axios.create({ baseURL: 'https://x.example.com' });
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await client.get(`/x/${req.query.y}`);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await client.get(req.query.y);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(baseUrl + req.query.path);
}
