/** What Slack says about blocks it refuses, with a JSON pointer to the place. */
import type { z } from 'zod';

export type Complaint = {
  readonly code: string;
  readonly message: string;
  readonly pointer: string;
  readonly field?: string;
  readonly constraint?: string | number;
};

type Path = readonly PropertyKey[];

const pointerTo = (path: Path) => path.map((step) => `/${String(step)}`).join('');

export const complain = (code: string, message: string, path: Path): Complaint => {
  const field = path.findLast((step) => typeof step === 'string');
  return { code, message, pointer: pointerTo(path), ...(field ? { field } : {}) };
};

/** The line of `response_metadata.messages` that Slack's clients log. */
export const asLogLine = ({ message, pointer }: Complaint) =>
  `[ERROR] ${message} [json-pointer:${pointer || '/'}]`;

type Refused = { readonly error: z.ZodError; readonly value: unknown };

/** `value` is what was read and stands at `at` in the request: a field it lacks is missing. */
export function complaintsOf({ error, value }: Refused, at: Path): Complaint[] {
  return error.issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    const isMissing = issue.path.length > 0 && valueAt(value, issue.path) === undefined;
    return isMissing ? [missing(path)] : complaintsOfOne(issue, path);
  });
}

function complaintsOfOne(issue: z.core.$ZodIssue, path: Path): Complaint[] {
  switch (issue.code) {
    case 'too_big':
      return [{ ...tooBig(issue, path), constraint: Number(issue.maximum) }];
    case 'too_small':
      return [{ ...tooSmall(issue, path), constraint: Number(issue.minimum) }];
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        complain('invalid_property', `invalid additional property: ${key}`, path),
      );
    case 'invalid_type':
      return [complain('wrong_type', `must be a valid ${issue.expected}`, path)];
    case 'invalid_value':
      return [complain('invalid_value', `must be one of: ${issue.values.join(', ')}`, path)];
    case 'invalid_union':
      return [complain('unsupported_type', 'unsupported type', path)];
    case 'custom':
      return [complain(String(issue.params?.['code'] ?? 'invalid'), issue.message, path)];
    default:
      return [complain('invalid', issue.message, path)];
  }
}

function tooBig(issue: z.core.$ZodIssueTooBig, path: Path): Complaint {
  const max = Number(issue.maximum);
  if (issue.origin === 'string') {
    return complain('too_long', `must be less than ${max + 1} characters`, path);
  }
  if (issue.origin === 'array') {
    return complain('too_many_items', `no more than ${max} items allowed`, path);
  }
  return complain('too_large', `must be no more than ${max}`, path);
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, path: Path): Complaint {
  const min = Number(issue.minimum);
  if (issue.origin === 'string') {
    return complain('too_short', `must be more than ${min - 1} characters`, path);
  }
  if (issue.origin === 'array') {
    return complain('too_few_items', `must have at least ${min} items`, path);
  }
  return complain('too_small', issue.message, path);
}

function missing(path: Path): Complaint {
  const field = String(path.at(-1));
  const told = complain('missing_field', `missing required field: ${field}`, path.slice(0, -1));
  return { ...told, field };
}

const valueAt = (value: unknown, path: Path) =>
  path.reduce((inner: unknown, step) => Object(inner)[step], value);
