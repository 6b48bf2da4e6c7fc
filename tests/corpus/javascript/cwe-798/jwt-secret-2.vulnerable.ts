import jwt from 'jsonwebtoken';

const JWT_SECRET = 'n0t-so-secret-signing-key-2023';

export function issueToken(userId: string, roles: string[]): string {
  return jwt.sign({ sub: userId, roles }, JWT_SECRET, { expiresIn: '2h' });
}
