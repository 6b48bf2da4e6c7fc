import { promises as fs } from 'fs';
import path from 'path';
import type { NextApiRequest, NextApiResponse } from 'next';

const DOCS = path.resolve(process.cwd(), 'content');

function first(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value[0] : value ?? '';
}

function resolveDoc(locale: string, page: string): string | null {
  const file = path.resolve(DOCS, locale, page);
  return file.startsWith(DOCS + path.sep) ? file : null;
}

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method !== 'GET') {
    res.status(405).end();
    return;
  }
  const file = resolveDoc(first(req.query.locale) || 'en', first(req.query.page) || 'index.md');
  if (file === null) {
    res.status(400).json({ error: 'invalid page' });
    return;
  }
  try {
    const markdown = await fs.readFile(file, 'utf8');
    res.status(200).json({ markdown });
  } catch {
    res.status(404).json({ error: 'no such page' });
  }
}
