import express from "express";

const app = express();

app.get("/docs/*", (req, res) => {
  res.sendFile("/srv/docs/" + req.params[0]);
});
