import { spawn } from 'child_process';
import { Request, Response } from 'express';

export function exportLogs(req: Request, res: Response): void {
  const since = req.query.since as string;
  const child = spawn('journalctl', ['--since', since], { shell: true });
  res.type('text/plain');
  child.stdout.pipe(res);
}
