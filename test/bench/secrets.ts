export const SECRETS = {
  botToken: 'xoxb-benchmark',
  signingSecret: 'a-signing-secret-for-the-benchmark',
};

/** A token may ask 20,000 times a second, so more than that needs several. */
const AGENT_SECRETS = Array.from({ length: 8 }, (_, at) => `a-secret-for-the-benchmark-${at}`);

export const AGENT_TOKENS = AGENT_SECRETS.map(
  (secret) => `production:evaluate+ingest+kill+metrics:${secret}`,
).join(',');

/** One set of headers for each token. */
export const AGENT_HEADERS = AGENT_SECRETS.map((secret) => ({ authorization: `Bearer ${secret}` }));
