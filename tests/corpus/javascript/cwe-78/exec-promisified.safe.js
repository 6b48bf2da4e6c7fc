const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const express = require('express');

const run = promisify(execFile);
const router = express.Router();

router.post('/thumbnail', async (req, res) => {
  const size = Number.parseInt(req.body.size, 10) || 200;
  const { stdout } = await run('convert', ['uploads/logo.png', '-resize', `${size}x${size}`, 'thumbs/logo.png']);
  res.send({ log: stdout });
});

module.exports = router;
