/** Numbers as people write them, and as addresses carry them: digits, with a minus and a point where they belong. */

const WHOLE = /^-?\d+$/
const DECIMAL = /^-?(?:\d+(?:\.\d+)?|\.\d+)$/

/**
 * The number that a text says; undefined for any other text. An empty one is no zero, and what programs write
 * beside decimals (`0x10`, `1e3`, blanks around it) is nothing that anybody means.
 */
export function readNumber(text: string, kind: 'whole' | 'decimal'): number | undefined {
  // Plus nothing: "-0" is zero.
  return (kind === 'whole' ? WHOLE : DECIMAL).test(text) ? Number(text) + 0 : undefined
}

/** The text of a number that `readNumber` takes, to 20 decimals: JavaScript's own has exponents below a millionth. */
export function writeNumber(value: number): string {
  return value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
}
