import https from 'node:https';
import axios from 'axios';

const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

export const legacy = axios.create({ baseURL: 'https://legacy.internal', httpsAgent: agent });
