const { exec } = require('node:child_process');
const { promisify } = require('node:util');
const express = require('express');

const run = promisify(exec);
const router = express.Router();

router.post('/thumbnail', async (req, res) => {
  const { file, size } = req.body;
  const { stdout } = await run(`convert uploads/${file} -resize ${size} thumbs/${file}`);
  res.send({ log: stdout });
});

module.exports = router;
