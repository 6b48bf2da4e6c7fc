import express from "express";
import pg from "pg";

const router = express.Router();
const db = new pg.Pool();

router.post("/search", async (req, res) => {
  const clauses = ["active = true"];
  clauses.push("name ILIKE '%" + req.body.term + "%'");
  const text = "SELECT id, name FROM shops WHERE " + clauses.join(" AND ");
  const result = await db.query(text);
  res.json(result.rows);
});

export default router;
