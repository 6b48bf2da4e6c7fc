const path = require('path');
const express = require('express');
const router = express.Router();

router.get('/files/:name', (req, res, next) => {
  const name = path.basename(req.params.name);
  const file = path.join(__dirname, '..', 'storage', name);
  res.sendFile(file, (err) => err && next(err));
});

module.exports = router;
