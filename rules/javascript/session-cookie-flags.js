const session = require("express-session");

app.post("/login", (req, res) => {
  // ruleid: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("session", token);
  // ruleid: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("auth_token", token, { maxAge: 86400000, sameSite: "lax" });
  // ruleid: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("jwt", token, { httpOnly: true, secure: false });
});

// ruleid: oreva.javascript.cookie-flags.session-cookie-flags
app.use(session({ secret: process.env.KEY, cookie: { httpOnly: false, secure: true } }));

app.post("/safe", (req, res) => {
  // ok: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("session", token, { httpOnly: true, secure: true, sameSite: "lax" });
  // ok: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("auth_token", token, { secure: process.env.NODE_ENV === "production", httpOnly: true });
  // ok: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("theme", "dark");
  // ok: oreva.javascript.cookie-flags.session-cookie-flags
  res.cookie("session", token, { ...cookieDefaults, maxAge: 1000 });
});

// ok: oreva.javascript.cookie-flags.session-cookie-flags
app.use(session({ secret: process.env.KEY, cookie: { secure: true } }));
