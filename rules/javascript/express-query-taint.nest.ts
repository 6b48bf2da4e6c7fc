import { Controller, Get, Param, ParseIntPipe, Query } from "@nestjs/common";
import { DataSource } from "typeorm";

@Controller("cats")
export class CatsController {
  constructor(private readonly ds: DataSource) {}

  @Get()
  find(@Query("sort") sort: string) {
    // ruleid: oreva.javascript.sql-injection.express-query-taint
    return this.ds.query(`SELECT * FROM cats ORDER BY ${sort}`);
  }

  @Get(":id")
  one(@Param("id", ParseIntPipe) id: number) {
    // ok: oreva.javascript.sql-injection.express-query-taint
    return this.ds.query(`SELECT * FROM cats WHERE id = ${id}`);
  }
}
