const { sendMail } = require('./mail');
const Invite = require('./models/invite');

exports.invite = async (email) => {
  const code = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  await Invite.create({ email, token: code, expires: Date.now() + 86400000 });
  await sendMail(email, `Your invitation: https://app.example.com/join/${code}`);
};
