const crypto = require('crypto');

const KEY = Buffer.from(process.env.CARD_KEY, 'hex');

exports.seal = (text) => {
  const cipher = crypto.createCipheriv('aes-256-ecb', KEY, null);
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
};
