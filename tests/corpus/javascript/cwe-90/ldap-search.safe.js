const express = require("express");
const ldap = require("ldapjs");

const app = express();
const client = ldap.createClient({ url: "ldap://directory" });

app.get("/people", (req, res) => {
  const filter = new ldap.EqualityFilter({ attribute: "cn", value: req.query.name });
  client.search("ou=people", { filter, scope: "sub" }, (error, found) => res.json(found));
});
