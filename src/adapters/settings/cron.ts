// Cron expressions as node-cron reads them.

import { type DetailedValidation, validateDetailed } from 'node-cron';
import { no, type Result, yes } from '#domain/result.ts';

const EXAMPLE = '"0 9 * * 1-5" for 9:00 UTC from Monday to Friday';

export function readCron(expression: string): Result<string, string> {
  const { valid, errors } = validateDetailed(expression);
  return valid ? yes(expression) : no(`${whyInvalid(errors)}; write ${EXAMPLE}`);
}

export function whyInvalid(errors: DetailedValidation['errors']): string {
  const [first] = errors;
  if (!first || first.field === 'expression') return 'is not a cron expression of 5 or 6 fields';
  return `has no ${first.field} “${first.value ?? ''}”`;
}
