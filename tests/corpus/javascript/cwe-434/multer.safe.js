const crypto = require('crypto');
const fs = require('fs/promises');
const path = require('path');
const multer = require('multer');
const router = require('express').Router();

const upload = multer({ storage: multer.memoryStorage() });

router.post('/attachments', upload.single('file'), async (req, res) => {
  const target = path.join('/srv/attachments', crypto.randomUUID() + '.bin');
  await fs.writeFile(target, req.file.buffer);
  res.status(201).json({ target });
});

module.exports = router;
