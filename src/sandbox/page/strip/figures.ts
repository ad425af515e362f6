/** Numbers as people read them at a glance; a dash where nothing was measured. */

export function percent(value: number | null): string {
  if (value === null) return '–';
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

export function milliseconds(value: number | null): string {
  return value === null ? '–' : `${Math.round(value).toLocaleString('en').replace(',', ' ')} ms`;
}

export function count(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)}k` : String(value);
}
