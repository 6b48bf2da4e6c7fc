const axios = require("axios");
const https = require("https");
const HOSTS = { eu: "https://eu.api.example.com" };

app.get("/proxy", async (req, res) => {
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  const upstream = await fetch(req.query.url);
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  const second = await axios.get("https://" + req.query.host + "/status");
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  const third = await axios({ method: "post", url: req.body.callback, data: { done: true } });
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  https.get(`https://${req.params.tenant}/hook`, (answer) => answer.pipe(res));
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  await page.goto(req.body.address, { waitUntil: "load" });
});

export async function POST(request) {
  const { image } = await request.json();
  // ruleid: oreva.javascript.ssrf.outgoing-request-taint
  const picture = await fetch(image);
  return new Response(picture.body);
}

app.get("/items/:id", async (req, res) => {
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  const item = await fetch(`https://api.example.com/items/${req.params.id}`);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  const again = await axios.get("https://api.example.com/items/" + req.params.id);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  const region = await fetch(HOSTS[req.query.region] + "/status");
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  const search = await axios.get("https://api.example.com/search", { params: { q: req.query.q } });
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await axios.post(process.env.HOOK_URL, req.body);
  const target = req.query.target;
  if (!isAllowedHost(target)) return res.sendStatus(400);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(target);
  // ok: oreva.javascript.ssrf.outgoing-request-taint
  await fetch(`${API_BASE}/items/${req.params.id}`);
});
