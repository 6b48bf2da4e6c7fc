function reset(user) {
  // ruleid: oreva.javascript.weak-random.math-random-token
  const resetToken = Math.random().toString(36).slice(2);
  // ruleid: oreva.javascript.weak-random.math-random-token
  user.otp = Math.floor(100000 + Math.random() * 900000);
  return resetToken;
}

function generatePassword() {
  let text = "";
  for (let i = 0; i < 12; i++) text += ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
  // ruleid: oreva.javascript.weak-random.math-random-token
  return text;
}

function open(user) {
  // ruleid: oreva.javascript.weak-random.math-random-token
  return { user, sessionId: "s-" + Math.random() };
}

function safe() {
  // ok: oreva.javascript.weak-random.math-random-token
  const token = crypto.randomBytes(32).toString("hex");
  // ok: oreva.javascript.weak-random.math-random-token
  const delay = Math.random() * 1000;
  // ok: oreva.javascript.weak-random.math-random-token
  const colour = "#" + Math.floor(Math.random() * 0xffffff).toString(16);
  // ok: oreva.javascript.weak-random.math-random-token
  const element = { id: "field-" + Math.random() };
  // ok: oreva.javascript.weak-random.math-random-token
  const sessionId = sessions.create(Math.random() < 0.5 ? "a" : "b", pick(users, Math.random()));
  return { token, delay, colour, element, sessionId };
}

async function invite(email) {
  const code = Math.random().toString(36).slice(2);
  // ruleid: oreva.javascript.weak-random.math-random-token
  await Invite.create({ email, token: code });
  // ruleid: oreva.javascript.weak-random.math-random-token
  await Invite.create({ email, token: Math.random().toString(36) });
  const digits = Array.from({ length: 6 }, () => Math.floor(Math.random() * 10)).join("");
  // ruleid: oreva.javascript.weak-random.math-random-token
  await redis.set("login", { otp: digits });
}

async function fetched() {
  const answer = await fetch("/session?_=" + Math.random());
  // ok: oreva.javascript.weak-random.math-random-token
  const token = answer.headers.get("x-token");
  // ok: oreva.javascript.weak-random.math-random-token
  return { token };
}
