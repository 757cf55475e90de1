// Run before the product (--import): writes into the file SENT_READS when it sends each FilterLogEvents, ms since the
// epoch a line.

import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

const file = process.env.SENT_READS;

subscribe('http.client.request.start', ({ request }) => {
  if (!String(request.getHeader('x-amz-target')).endsWith('.FilterLogEvents')) return;
  appendFileSync(file, `${performance.timeOrigin + performance.now()}\n`);
});
