import { Router, Request, Response } from 'express';
import { Pool } from 'pg';

class CustomerRepository {
  constructor(private readonly pool: Pool) {}

  async byEmail(email: string) {
    const result = await this.pool.query(`SELECT * FROM customers WHERE email = '${email}'`);
    return result.rows[0];
  }
}

const router = Router();
const customers = new CustomerRepository(new Pool());

router.get('/customers/by-email', async (req: Request, res: Response) => {
  const customer = await customers.byEmail(String(req.query.email));
  res.json(customer ?? null);
});

export default router;
