import { Client } from 'pg';
import { Request, Response } from 'express';

export const filterJobs = (client: Client) => async (req: Request, res: Response) => {
  const clauses: string[] = [];
  for (const [column, value] of Object.entries(req.query)) {
    clauses.push(column + " = '" + value + "'");
  }
  const sql = ['SELECT id FROM jobs', clauses.length ? 'WHERE ' + clauses.join(' AND ') : ''].join(' ');
  const { rows } = await client.query(sql);
  res.json(rows);
};
