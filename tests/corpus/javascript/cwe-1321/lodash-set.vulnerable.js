const _ = require('lodash');
const profiles = require('./profiles');

module.exports = async (req, res) => {
  const profile = await profiles.load(req.user.id);
  for (const change of req.body.changes) {
    _.set(profile, change.path, change.value);
  }
  await profiles.save(profile);
  res.json(profile);
};
