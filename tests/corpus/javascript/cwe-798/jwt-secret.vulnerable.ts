import jwt from "jsonwebtoken";

export function issue(user: string): string {
  return jwt.sign({ sub: user }, "correct-horse-battery-staple-42", { expiresIn: "1h" });
}
