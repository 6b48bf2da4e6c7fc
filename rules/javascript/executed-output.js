import OpenAI from "openai";
import { execSync } from "node:child_process";
const client = new OpenAI();

async function compute(question) {
  const reply = await client.chat.completions.create({ model: "gpt-4.1", messages: [{ role: "user", content: question }] });
  // ruleid: oreva.javascript.llm-output.executed-output
  return eval(reply.choices[0].message.content);
}

async function shell(question) {
  const reply = await client.responses.create({ model: "gpt-4.1", input: question });
  const command = reply.output_text.trim();
  // ruleid: oreva.javascript.llm-output.executed-output
  return execSync(command);
}

async function number(question) {
  const reply = await client.responses.create({ model: "gpt-4.1", input: question });
  // ok: oreva.javascript.llm-output.executed-output
  return parseFloat(reply.output_text);
}

function fixed() {
  // ok: oreva.javascript.llm-output.executed-output
  return execSync("git status");
}
