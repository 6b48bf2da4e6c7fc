const jwt = require('jsonwebtoken');

function requireUser(req, res, next) {
  const header = req.headers.authorization || '';
  const token = header.split(' ')[1];
  if (!token) return res.sendStatus(401);
  try {
    const claims = jwt.verify(token, process.env.JWT_PUBLIC_KEY, { algorithms: ['RS256'] });
    req.user = { id: claims.sub, admin: claims.admin };
  } catch (err) {
    return res.sendStatus(401);
  }
  next();
}

module.exports = { requireUser };
