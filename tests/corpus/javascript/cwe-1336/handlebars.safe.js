const fs = require('fs');
const Handlebars = require('handlebars');
const mailer = require('./mailer');

const render = Handlebars.compile(fs.readFileSync('templates/campaign.hbs', 'utf8'));

async function sendCampaign(req, res) {
  const { subject, text, recipients } = req.body;
  for (const person of recipients) {
    await mailer.send(person.email, subject, render({ ...person, text }));
  }
  res.sendStatus(202);
}

module.exports = { sendCampaign };
