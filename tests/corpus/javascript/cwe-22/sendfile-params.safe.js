import express from "express";

const app = express();

app.get("/docs/*", (req, res) => {
  res.sendFile(req.params[0], { root: "/srv/docs" });
});
