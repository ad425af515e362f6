/** Who did it. What the id means depends on the kind: a Slack user ID, a token's name, a login. */
export type Actor = {
  readonly kind: 'user' | 'policy' | 'clock' | 'token' | 'cli' | 'git';
  readonly id: string;
};

export const POLICY: Actor = { kind: 'policy', id: 'policy' };
export const CLOCK: Actor = { kind: 'clock', id: 'clock' };
/** What `signalman.yml` does is done by whoever may change it on this machine. */
export const CONFIGURATION: Actor = { kind: 'cli', id: 'configuration' };

/**
 * What is known of an actor at the moment of asking. `unknown` means that nobody could tell:
 * enough to stop something, never enough to increase exposure.
 */
export type Standing = {
  readonly membership: 'full' | 'guest' | 'bot' | 'stranger' | 'unknown';
  readonly operator: boolean;
  readonly approver: boolean;
  /** Were the roles read just now? Remembered roles will do to stop, not to let more through. */
  readonly fresh: boolean;
};

/**
 * By which way somebody asked, for the register: it is what vouches for them. Slack signs what it
 * delivers, a caller over HTTP shows a token, and the command line needs access to the machine.
 */
export type Origin =
  | {
      readonly via: 'slack';
      readonly team: string;
      /** Absent in a direct message and in the Home tab. */
      readonly channel?: string;
      /** The message whose button was pressed. */
      readonly message?: string;
    }
  | { readonly via: 'http' | 'command_line' | 'file' };

/** Someone who asks for something, with what is known of them. */
export type Asker = Standing & {
  readonly actor: Actor;
  /** Absent when nobody asked: the policy and the clock act by themselves. */
  readonly origin?: Origin;
  /** Other names of the same person, as nameOf writes them. */
  readonly knownAs?: readonly string[];
  /**
   * Set when it was asked where nobody is meant to let more through, with the places where people
   * are. Stopping works from anywhere.
   */
  readonly elsewhere?: readonly string[];
};

/** The machine's own hands: the policy, the clock, and whoever may run commands on the machine. */
export const trusted = (actor: Actor, origin?: Origin): Asker => ({
  actor,
  ...(origin && { origin }),
  membership: 'full',
  operator: true,
  approver: false,
  fresh: true,
});
