import { createHash } from 'crypto';
import { db } from './db';

export async function createUser(email: string, password: string) {
  const passwordHash = createHash('sha1').update(password).digest('hex');
  return db.user.create({ data: { email, passwordHash } });
}
