import type { Place } from '#adapters/slack/inbound/deps.ts';

/** Forms kept in mind; the one opened longest ago makes room. */
const FORMS_MAX = 1_000;

export type FormPlaces = {
  readonly opened: (viewId: string, place: Place | undefined) => void;
  readonly placeOf: (viewId: string) => Place | undefined;
};

/**
 * Where forms were opened. Kept in memory: after a restart a form that is still open lets nothing
 * more through, and is opened again.
 */
export function createFormPlaces(): FormPlaces {
  const places = new Map<string, Place | undefined>();
  return {
    opened: (viewId, place) => {
      places.set(viewId, place);
      const [oldest] = places.keys();
      if (places.size > FORMS_MAX && oldest !== undefined) places.delete(oldest);
    },
    placeOf: (viewId) => places.get(viewId),
  };
}
