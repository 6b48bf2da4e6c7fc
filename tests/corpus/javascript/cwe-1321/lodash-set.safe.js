const _ = require('lodash');
const profiles = require('./profiles');

const EDITABLE = { nickname: 'nickname', city: 'address.city' };

module.exports = async (req, res) => {
  const profile = await profiles.load(req.user.id);
  for (const [field, path] of Object.entries(EDITABLE)) {
    if (typeof req.body[field] === 'string') {
      _.set(profile, path, req.body[field]);
    }
  }
  await profiles.save(profile);
  res.json(profile);
};
