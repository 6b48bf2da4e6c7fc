import { Router, Request, Response, NextFunction } from 'express';
import knex, { Knex } from 'knex';

const db: Knex = knex({ client: 'pg', connection: process.env.DATABASE_URL });
export const shipments = Router();

interface ReportOptions {
  carrier?: string;
  since: string;
  sort: string;
}

function readOptions(req: Request): ReportOptions {
  const { carrier, since, sort } = req.query as Record<string, string>;
  return { carrier, since: since ?? '2024-01-01', sort: sort ?? 'created_at' };
}

async function report(options: ReportOptions) {
  const query = db('shipments').select('id', 'carrier', 'weight_grams').where('created_at', '>=', options.since);
  if (options.carrier) {
    query.andWhere('carrier', options.carrier);
  }
  return query.orderByRaw(`${options.sort} DESC NULLS LAST`).limit(200);
}

shipments.get('/report', async (req: Request, res: Response, next: NextFunction) => {
  try {
    res.json(await report(readOptions(req)));
  } catch (error) {
    next(error);
  }
});
