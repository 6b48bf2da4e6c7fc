const cors = require("cors");
const ORIGINS = ["https://app.example.com"];

// ruleid: oreva.javascript.cors.cors-any-origin-credentials
app.use(cors({ origin: true, credentials: true }));

app.use((req, res, next) => {
  // ruleid: oreva.javascript.cors.cors-any-origin-credentials
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  res.setHeader("Access-Control-Allow-Credentials", "true");
  next();
});

// ruleid: oreva.javascript.cors.cors-any-origin-credentials
app.use(cors({ methods: ["GET"], origin: (origin, done) => done(null, true), credentials: true }));

// ok: oreva.javascript.cors.cors-any-origin-credentials
app.use(cors());
// ok: oreva.javascript.cors.cors-any-origin-credentials
app.use(cors({ origin: ORIGINS, credentials: true }));
// ok: oreva.javascript.cors.cors-any-origin-credentials
app.use(cors({ origin: true }));

app.use((req, res, next) => {
  if (ORIGINS.includes(req.headers.origin)) {
    // ok: oreva.javascript.cors.cors-any-origin-credentials
    res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
    res.setHeader("Access-Control-Allow-Credentials", "true");
  }
  next();
});

app.use((req, res, next) => {
  const origin = req.headers.origin;
  if (origin) {
    // ruleid: oreva.javascript.cors.cors-any-origin-credentials
    res.setHeader("Access-Control-Allow-Origin", origin);
    res.setHeader("Access-Control-Allow-Credentials", "true");
  }
  next();
});

app.use(async (ctx, next) => {
  const { origin } = ctx.headers;
  // ruleid: oreva.javascript.cors.cors-any-origin-credentials
  ctx.set("Access-Control-Allow-Origin", origin || "*");
  ctx.set("Access-Control-Allow-Credentials", "true");
});

app.use((req, res, next) => {
  // ruleid: oreva.javascript.cors.cors-any-origin-credentials
  res.set({ "Access-Control-Allow-Origin": req.get("origin"), "Access-Control-Allow-Credentials": "true" });
});

app.use((req, res, next) => {
  const origin = req.headers.origin;
  if (!ORIGINS.includes(origin)) return next();
  // ok: oreva.javascript.cors.cors-any-origin-credentials
  res.setHeader("Access-Control-Allow-Origin", origin);
  res.setHeader("Access-Control-Allow-Credentials", "true");
});

app.use((req, res, next) => {
  const origin = req.headers.origin;
  if (origin === "https://app.example.com") {
    // ok: oreva.javascript.cors.cors-any-origin-credentials
    res.setHeader("Access-Control-Allow-Origin", origin);
    res.setHeader("Access-Control-Allow-Credentials", "true");
  }
});
