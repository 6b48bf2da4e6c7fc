const express = require("express");
const { Note } = require("./models");

const app = express();

app.get("/notes", async (req, res) => {
  const notes = await Note.find({ owner: String(req.query.owner) });
  res.json(notes);
});
