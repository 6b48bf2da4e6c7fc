const express = require('express');
const fs = require('fs');
const path = require('path');
const multer = require('multer');
const AdmZip = require('adm-zip');

const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 10 * 1024 * 1024 } });
const router = express.Router();

class SiteRestore {
  constructor(root) {
    this.root = path.resolve(root);
  }

  restore(buffer) {
    const entries = new AdmZip(buffer).getEntries().filter((entry) => !entry.isDirectory);
    for (const entry of entries) {
      const target = path.join(this.root, entry.entryName);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, entry.getData());
    }
    return entries.length;
  }
}

router.post('/restore', upload.single('backup'), (req, res) => {
  if (!req.file) {
    return res.status(400).json({ error: 'no backup' });
  }
  const count = new SiteRestore('/srv/site').restore(req.file.buffer);
  return res.json({ restored: count });
});

module.exports = router;
