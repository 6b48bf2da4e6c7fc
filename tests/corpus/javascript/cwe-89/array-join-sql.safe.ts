import { Client } from 'pg';
import { Request, Response } from 'express';

const COLUMNS = ['state', 'owner'] as const;

export const filterJobs = (client: Client) => async (req: Request, res: Response) => {
  const clauses: string[] = [];
  const values: string[] = [];
  for (const column of COLUMNS) {
    if (typeof req.query[column] === 'string') {
      values.push(req.query[column] as string);
      clauses.push(`${column} = $${values.length}`);
    }
  }
  const sql = ['SELECT id FROM jobs', clauses.length ? 'WHERE ' + clauses.join(' AND ') : ''].join(' ');
  const { rows } = await client.query(sql, values);
  res.json(rows);
};
