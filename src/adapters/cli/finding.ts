/** One line of `signalman check`. */
export type Finding = { readonly ok: boolean | 'warning'; readonly words: string };

export const fine = (words: string): Finding => ({ ok: true, words });
export const problem = (words: string): Finding => ({ ok: false, words });
