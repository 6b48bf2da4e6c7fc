const express = require('express');
const jwt = require('jsonwebtoken');

const app = express();
const secret = process.env.JWT_SECRET;

function bearer(req) {
  const header = req.get('authorization') || '';
  return header.startsWith('Bearer ') ? header.slice(7) : null;
}

function readClaims(token) {
  const claims = jwt.decode(token);
  if (!claims || claims.exp * 1000 < Date.now()) {
    throw new Error('token expired');
  }
  return claims;
}

function requireRole(role) {
  return (req, res, next) => {
    const token = bearer(req);
    if (!token) return res.sendStatus(401);
    try {
      req.user = readClaims(token);
    } catch (error) {
      return res.sendStatus(401);
    }
    return req.user.role === role ? next() : res.sendStatus(403);
  };
}

app.delete('/accounts/:id', requireRole('admin'), (req, res) => {
  res.json({ deleted: req.params.id, by: req.user.sub });
});

app.listen(3000);
