/** The three places blocks are shown in; each allows its own kinds. */
export type Surface = 'message' | 'modal' | 'home';

export const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];
