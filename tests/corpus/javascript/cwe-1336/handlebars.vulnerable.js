const Handlebars = require('handlebars');
const mailer = require('./mailer');

async function sendCampaign(req, res) {
  const { subject, template, recipients } = req.body;
  const render = Handlebars.compile(template);
  for (const person of recipients) {
    await mailer.send(person.email, subject, render(person));
  }
  res.sendStatus(202);
}

module.exports = { sendCampaign };
