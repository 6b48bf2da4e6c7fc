const crypto = require("crypto");
const express = require("express");
const multer = require("multer");

const app = express();
const storage = multer.diskStorage({
  destination: "/srv/photos",
  filename: (req, file, done) => {
    done(null, Date.now() + "-" + file.originalname);
  },
});

app.post("/photos", multer({ storage }).single("photo"), (req, res) => res.sendStatus(201));
