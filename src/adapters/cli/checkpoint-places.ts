import {
  type CheckpointPlaces,
  checkpointPlaces,
} from '#adapters/checkpoints/checkpoint-places.ts';
import { readSettingsFile } from '#adapters/settings/settings-holder.ts';

/** A configuration that cannot be read keeps nobody from checking the register, or from stopping. */
export function placesBy(databasePath: string, configPath: string): CheckpointPlaces {
  const file = readSettingsFile(configPath);
  return checkpointPlaces(databasePath, file.ok ? file.value.settings.audit : {});
}
