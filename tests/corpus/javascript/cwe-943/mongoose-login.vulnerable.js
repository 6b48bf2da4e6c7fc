const bcrypt = require('bcrypt');
const User = require('../models/user');

module.exports.reset = async (req, res) => {
  const { email, token } = req.body;
  const user = await User.findOne({ email, resetToken: token });
  if (!user) return res.status(400).json({ error: 'invalid' });
  user.password = await bcrypt.hash(req.body.password, 12);
  await user.save();
  return res.sendStatus(204);
};
