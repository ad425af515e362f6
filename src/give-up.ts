/** Ends a start that cannot succeed, with what stands in the way and what to do about it. */
export function giveUp(lines: readonly string[]): never {
  process.stderr.write(`Signalman cannot start:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}
