import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import { z } from 'zod';
import { formatPath } from './json-path.ts';

type Part = 'body' | 'query';

/**
 * Checks one part of a request against its schema.
 *
 * @throws ProblemError `invalid_request` with one entry a field at fault; an unknown field is told what is allowed
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown, part: Part): T {
  const result = schema.safeParse(value, { error: demandOf });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => fieldErrors(issue, { schema, value, path: [] }));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new ProblemError('invalid_request', `${first?.path || `the ${part}`} ${first?.message}${more}`, errors);
}

type Issue = z.core.$ZodIssue;

/** A value inside the request, the schema it has to fit, and where it stands. */
interface Place {
  readonly schema: z.core.$ZodType | undefined;
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

function fieldErrors(issue: Issue, root: Place): FieldError[] {
  const place = issue.path.reduce(descend, root);
  const path = formatPath(place.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = allowedNames(place);
      const message = allowed.length > 0 ? `is not known here; allowed: ${allowed.join(', ')}` : 'is not known here';
      return issue.keys.map((key) => ({ path: formatPath([...place.path, key]), message }));
    }
    case 'invalid_union': {
      const [branch, ...others] = issue.errors.map((issues, index) => ({ issues, index })).toSorted(byCloseness);
      if (!branch || (others.length > 0 && isUnknownForm(branch.issues)))
        return [{ path, message: 'has none of the allowed forms' }];
      const schema = optionsOf(place.schema)[branch.index];
      return branch.issues.flatMap((nested) => fieldErrors(nested, { ...place, schema }));
    }
    case 'invalid_type':
      return [{ path, message: typeMessage(issue) }];
    default:
      return [{ path, message: sentence(issue.message) }];
  }
}

interface Branch {
  readonly issues: readonly Issue[];
  readonly index: number;
}

/** The branch with the fewest faults, and these deepest inside, is the one that was meant. */
function byCloseness(a: Branch, b: Branch): number {
  const depth = ({ issues }: Branch) => Math.max(0, ...issues.map((issue) => issue.path.length));
  return a.issues.length - b.issues.length || depth(b) - depth(a);
}

/** Not even the kind of value is right, so that no branch was meant more than another. */
function isUnknownForm(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type');
}

function typeMessage(issue: z.core.$ZodIssueInvalidType): string {
  const received = /received (.+)$/.exec(issue.message)?.[1];
  if (received === undefined) return sentence(issue.message);
  return received === 'undefined' ? 'is required' : `must be of type ${issue.expected}, not ${received}`;
}

/** What a schema that says nothing itself is taken to demand, as a sentence after the field's name. */
function demandOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'too_small':
      return boundMessage(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return boundMessage(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'invalid_value': {
      const required = issue.input === undefined ? 'is required: ' : 'must be ';
      return `${required}${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    }
    case 'invalid_format':
      return issue.format === 'email' ? 'must be an e-mail address' : undefined;
    default:
      return undefined;
  }
}

function boundMessage(origin: string, bound: number | bigint, comparison: string): string {
  if (origin !== 'string' && origin !== 'array') return `must be ${comparison} ${bound}`;
  const unit = origin === 'string' ? 'character' : 'item';
  return `must have ${comparison} ${bound} ${unit}${Number(bound) === 1 ? '' : 's'}`;
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function descend(place: Place, segment: PropertyKey): Place {
  const container = meantSchema(place);
  const path = [...place.path, segment];
  const value = (place.value as Record<PropertyKey, unknown> | null | undefined)?.[segment];
  if (container instanceof z.core.$ZodObject) return { schema: container._zod.def.shape[String(segment)], value, path };
  if (container instanceof z.core.$ZodArray) return { schema: container._zod.def.element, value, path };
  if (container instanceof z.core.$ZodRecord) return { schema: container._zod.def.valueType, value, path };
  return { schema: undefined, value, path };
}

function allowedNames(place: Place): string[] {
  const schema = meantSchema(place);
  return schema instanceof z.core.$ZodObject ? Object.keys(schema._zod.def.shape) : [];
}

/** The schema behind `optional`, `lazy` and the like; of a union the option to which the value comes closest. */
function meantSchema({ schema, value }: Place): z.core.$ZodType | undefined {
  const options = optionsOf(schema);
  if (options.length === 0) return unwrap(schema);
  const branches = options.map((option, index) => ({ issues: z.safeParse(option, value).error?.issues ?? [], index }));
  const closest = branches.toSorted(byCloseness)[0];
  return meantSchema({ schema: options[closest?.index ?? 0], value, path: [] });
}

function optionsOf(schema: z.core.$ZodType | undefined): readonly z.core.$ZodType[] {
  const union = unwrap(schema);
  return union instanceof z.core.$ZodUnion ? union._zod.def.options : [];
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let current = schema;
  for (;;) {
    if (current instanceof z.core.$ZodLazy) current = current._zod.innerType;
    else if (current instanceof z.core.$ZodPipe) current = current._zod.def.in;
    else if (current && 'innerType' in current._zod.def) current = current._zod.def.innerType as z.core.$ZodType;
    else return current;
  }
}
