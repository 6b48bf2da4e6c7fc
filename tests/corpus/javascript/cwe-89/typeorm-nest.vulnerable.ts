import { Controller, Get, Query } from "@nestjs/common";
import { DataSource } from "typeorm";

@Controller("cars")
export class CarController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query("make") make: string) {
    return this.dataSource.query(`SELECT * FROM car WHERE make = '${make}'`);
  }
}
