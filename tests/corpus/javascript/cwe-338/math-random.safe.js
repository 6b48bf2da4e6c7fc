const { randomBytes } = require('crypto');
const { sendMail } = require('./mail');
const Invite = require('./models/invite');

exports.invite = async (email) => {
  const code = randomBytes(24).toString('base64url');
  await Invite.create({ email, token: code, expires: Date.now() + 86400000 });
  await sendMail(email, `Your invitation: https://app.example.com/join/${code}`);
};
