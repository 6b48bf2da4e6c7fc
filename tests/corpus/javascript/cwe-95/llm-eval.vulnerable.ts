import OpenAI from "openai";

const client = new OpenAI();

export async function compute(question: string) {
  const reply = await client.chat.completions.create({
    model: "gpt-4.1",
    messages: [{ role: "user", content: "Answer with one JavaScript expression: " + question }],
  });
  const code = reply.choices[0].message.content ?? "0";
  return eval(code);
}
