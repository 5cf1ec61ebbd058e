import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { listOf, pageQuery, withOnePosition } from './pagination.ts';
import { timestampSchema } from './text.ts';

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be a currency code of ISO 4217 such as "EUR"')
  .meta({ example: 'EUR' });

/** A text, because a JSON number is a float. */
const rate = z
  .string('must be a decimal in quotes, such as "90.5"')
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal in quotes such as "90.5", at most 12 digits on each side')
  .refine((text) => /[1-9]/.test(text), 'must be above 0')
  .meta({ description: 'What one unit of the currency is worth in the base currency.', example: '90.5' });

export const MAX_RATES_A_CALL = 500;

export const putFxRatesBody = z
  .strictObject({
    rates: z
      .array(
        z.strictObject({
          currency,
          rate,
          effectiveAt: z.iso
            .datetime({ offset: true })
            .optional()
            .meta({ description: 'From when it holds. Default: now.' }),
        }),
      )
      .min(1)
      .max(MAX_RATES_A_CALL),
  })
  .meta({ id: 'PutFxRates' });
export type PutFxRatesBody = z.infer<typeof putFxRatesBody>;

export const fxRateSchema = z
  .object({
    id: idSchema('fxr'),
    currency: z.string(),
    baseCurrency: z.string(),
    rate: z.string(),
    effectiveAt: timestampSchema,
    recordedAt: timestampSchema,
  })
  .meta({ id: 'FxRate' });

export const fxRatesSchema = z.object({ data: z.array(fxRateSchema) });

export const listFxRatesQuery = withOnePosition(z.strictObject({ ...pageQuery, currency: currency.optional() }));
export const fxRateListSchema = listOf(fxRateSchema);
