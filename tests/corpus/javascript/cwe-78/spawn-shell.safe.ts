import { spawn } from 'child_process';
import { Request, Response } from 'express';

export function exportLogs(req: Request, res: Response): void {
  const since = new Date(String(req.query.since)).toISOString();
  const child = spawn('journalctl', ['--since', since], { shell: false });
  res.type('text/plain');
  child.stdout.pipe(res);
}
