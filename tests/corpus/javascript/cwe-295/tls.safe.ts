import fs from 'node:fs';
import https from 'node:https';
import axios from 'axios';

const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync('/etc/ssl/corp-ca.pem') });

export const legacy = axios.create({ baseURL: 'https://legacy.internal', httpsAgent: agent });
