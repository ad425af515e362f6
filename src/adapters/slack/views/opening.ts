/** Words that begin a sentence; a token of Slack's, such as a person's, stays as it is. */
export const opening = (words: string) =>
  words.startsWith('<') ? words : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
