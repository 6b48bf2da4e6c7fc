const multer = require("multer");
const fs = require("fs");
const path = require("path");

const a = multer.diskStorage({
  filename(req, file, callback) {
    // ruleid: oreva.javascript.file-upload.upload-name-path
    callback(null, file.originalname);
  },
});

app.post("/b", (req, res) => {
  const file = req.files.photo;
  // ruleid: oreva.javascript.file-upload.upload-name-path
  file.mv("/srv/photos/" + file.name, () => res.sendStatus(201));
});

const c = multer.diskStorage({
  filename(req, file, callback) {
    // ok: oreva.javascript.file-upload.upload-name-path
    callback(null, crypto.randomUUID() + path.extname(file.originalname));
  },
});

app.post("/d", (req, res) => {
  // ok: oreva.javascript.file-upload.upload-name-path
  fs.renameSync(req.file.path, "/srv/photos/" + path.basename(req.file.originalname));
});
