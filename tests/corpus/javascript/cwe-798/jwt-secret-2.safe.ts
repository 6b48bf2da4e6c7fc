import jwt from 'jsonwebtoken';

const JWT_SECRET = process.env.JWT_SECRET;

export function issueToken(userId: string, roles: string[]): string {
  if (!JWT_SECRET) throw new Error('JWT_SECRET is not set');
  return jwt.sign({ sub: userId, roles }, JWT_SECRET, { expiresIn: '2h' });
}
