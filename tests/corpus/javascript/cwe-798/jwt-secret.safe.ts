import jwt from "jsonwebtoken";

export function issue(user: string): string {
  return jwt.sign({ sub: user }, process.env.JWT_KEY!, { expiresIn: "1h" });
}
