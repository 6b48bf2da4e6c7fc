const path = require('path');
const express = require('express');
const router = express.Router();

router.get('/files/*', (req, res, next) => {
  const file = path.join(__dirname, '..', 'storage', req.params[0]);
  res.sendFile(file, (err) => err && next(err));
});

module.exports = router;
