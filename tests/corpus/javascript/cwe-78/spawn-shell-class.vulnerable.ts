import { spawn } from "node:child_process";
import type { Request, Response } from "express";

export class Converter {
  private size = "";

  convert(req: Request, res: Response) {
    this.size = req.query.size as string;
    const child = spawn("convert in.png -resize " + this.size + " out.png", { shell: true });
    child.on("close", () => res.sendStatus(204));
  }
}
