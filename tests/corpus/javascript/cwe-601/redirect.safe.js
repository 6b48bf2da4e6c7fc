const passport = require('passport');
const router = require('express').Router();

router.post('/login', passport.authenticate('local'), (req, res) => {
  let returnTo = '/';
  if (/^\/(?![\/\\])[\w\/-]*$/.test(req.body.returnTo)) {
    returnTo = req.body.returnTo;
  }
  res.redirect(302, returnTo);
});

module.exports = router;
