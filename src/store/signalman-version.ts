/** Which Signalman writes, for whoever reads an entry years later. */
import manifest from '#package.json' with { type: 'json' };

export const SIGNALMAN_VERSION = manifest.version;
