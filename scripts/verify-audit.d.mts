/** What the stand-alone verifier says: the exit status and the words for it. */
export type Checked = { readonly status: number; readonly words: string };
export function checkExport(text: string, notes?: readonly string[], verifierKey?: string): Checked;
export function notesIn(text: string): readonly string[];
