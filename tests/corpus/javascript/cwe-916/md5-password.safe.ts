import { randomBytes, scryptSync } from 'crypto';
import { db } from './db';

export async function createUser(email: string, password: string) {
  const salt = randomBytes(16).toString('hex');
  const passwordHash = salt + ':' + scryptSync(password, salt, 64, { N: 32768, maxmem: 2 ** 26 }).toString('hex');
  return db.user.create({ data: { email, passwordHash } });
}
