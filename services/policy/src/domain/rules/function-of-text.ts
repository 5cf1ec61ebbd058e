/**
 * Makes a function of generated text; nothing else in the project does. The text holds nothing that a person wrote: values
 * reach the function as elements of an argument, and names of fields come from the table of fields.
 */
export function functionOfText<F>(parameter: string, body: string): F {
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(parameter, body) as F;
}
