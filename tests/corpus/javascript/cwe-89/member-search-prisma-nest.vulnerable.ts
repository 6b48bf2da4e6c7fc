import { Controller, Get, Injectable, Query } from '@nestjs/common';
import { PrismaClient } from '@prisma/client';

interface MemberRow {
  id: number;
  name: string;
  city: string;
}

@Injectable()
export class MemberService {
  private readonly prisma = new PrismaClient();

  async search(name: string, city?: string): Promise<MemberRow[]> {
    let sql = `SELECT id, name, city FROM members WHERE name ILIKE '%${name}%'`;
    if (city) {
      sql += ` AND city = '${city}'`;
    }
    return this.prisma.$queryRawUnsafe<MemberRow[]>(sql + ' LIMIT 50');
  }
}

@Controller('members')
export class MemberController {
  constructor(private readonly members: MemberService) {}

  @Get('search')
  async search(@Query('name') name: string, @Query('city') city?: string) {
    if (!name || name.length < 2) {
      return [];
    }
    return this.members.search(name, city);
  }
}
