import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../problems.ts';

/** The body of every refusal (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:aegis:problem:invalid_request' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong with this request, for people.' }),
    code: z
      .enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]])
      .meta({ description: 'Stable: clients may switch on it.' }),
    requestId: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'The fields at fault; `path` is such as `rules.conditions[0].field`.' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
