import { createHmac } from 'node:crypto';

type Signed = { readonly secret: string; readonly timestamp: string; readonly body: string };

/** Slack signs the raw bytes of what it sends, with the time in seconds before them. */
export const signatureOf = ({ secret, timestamp, body }: Signed) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
