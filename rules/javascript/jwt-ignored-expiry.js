const jwt = require("jsonwebtoken");

// ruleid: oreva.javascript.session-lifetime.jwt-ignored-expiry
jwt.verify(token, key, { algorithms: ["RS256"], ignoreExpiration: true });
// ruleid: oreva.javascript.session-lifetime.jwt-ignored-expiry
passport.use(new JwtStrategy({ secretOrKey: key, ignoreExpiration: true }, check));
// ok: oreva.javascript.session-lifetime.jwt-ignored-expiry
jwt.verify(token, key, { algorithms: ["RS256"] });
// ok: oreva.javascript.session-lifetime.jwt-ignored-expiry
jwt.verify(token, key, { algorithms: ["RS256"], ignoreExpiration: false });
