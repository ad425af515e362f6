import type { Ack, Envelope } from '#sandbox/slack/delivery/envelope.ts';
import type { Manifest } from '#sandbox/slack/manifest.ts';
import type { TrafficRecord } from '#sandbox/slack/traffic.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

/** What an act of a person needs: the workspace, the app's manifest, and the way to the app. */
export type Slack = {
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  readonly traffic: TrafficRecord;
  /** The origin of the stand-in, for response URLs. */
  readonly origin: () => string;
  readonly deliver: (envelope: Envelope) => Promise<Ack>;
};
