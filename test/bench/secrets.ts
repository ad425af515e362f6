export const SECRETS = {
  botToken: 'xoxb-benchmark',
  signingSecret: 'a-signing-secret-for-the-benchmark',
};
