/** Small choices that outlive a reload. Storage may be forbidden; then they are forgotten. */

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`signalman.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`signalman.${name}`, value);
  } catch {
    // Private windows refuse; the choice then lasts until the page is closed.
  }
}
