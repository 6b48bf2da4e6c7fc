import { promises as fs } from 'fs';
import path from 'path';
import type { NextApiRequest, NextApiResponse } from 'next';

const DOCS = path.resolve(process.cwd(), 'content');

function first(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value[0] : value ?? '';
}

function resolveDoc(locale: string, page: string): string {
  return path.join(DOCS, locale, page);
}

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method !== 'GET') {
    res.status(405).end();
    return;
  }
  const file = resolveDoc(first(req.query.locale) || 'en', first(req.query.page) || 'index.md');
  try {
    const markdown = await fs.readFile(file, 'utf8');
    res.status(200).json({ markdown });
  } catch {
    res.status(404).json({ error: 'no such page' });
  }
}
