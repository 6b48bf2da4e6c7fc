const jwt = require('jsonwebtoken');

function requireUser(req, res, next) {
  const header = req.headers.authorization || '';
  const token = header.split(' ')[1];
  if (!token) return res.sendStatus(401);
  const claims = jwt.decode(token);
  if (!claims || claims.exp * 1000 < Date.now()) return res.sendStatus(401);
  req.user = { id: claims.sub, admin: claims.admin };
  next();
}

module.exports = { requireUser };
