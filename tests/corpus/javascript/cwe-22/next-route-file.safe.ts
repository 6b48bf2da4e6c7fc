import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NextRequest, NextResponse } from 'next/server';

const ROOT = path.join(process.cwd(), 'reports');

export async function GET(request: NextRequest) {
  const { searchParams } = new URL(request.url);
  const name = searchParams.get('name') ?? 'latest.txt';
  const full = path.resolve(ROOT, name);
  if (!full.startsWith(ROOT + path.sep)) {
    return new NextResponse('not found', { status: 404 });
  }
  const body = await readFile(full, 'utf8');
  return new NextResponse(body, { headers: { 'content-type': 'text/plain' } });
}
