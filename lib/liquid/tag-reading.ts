import type { Tokenizer } from 'liquidjs'
import { toOperand } from './expression.ts'
import { fault } from './fault.ts'
import { isVariableName, VARIABLE_NAME_RULE } from './name-rules.ts'
import type { Operand } from './syntax.ts'

/** Reads a variable name. */
export function readName(tokenizer: Tokenizer, what: string): string {
  const token = tokenizer.readIdentifier()
  if (isVariableName(token.content)) return token.content
  throw fault(
    'invalid_name',
    `${what} is ${VARIABLE_NAME_RULE}`,
    token.begin,
    Math.max(token.end, token.begin + 1),
  )
}

/** Reads one given word. */
export function expectWord(tokenizer: Tokenizer, word: string): void {
  const token = tokenizer.readIdentifier()
  if (token.content === word) return
  throw fault('syntax', `"${word}" is expected here`, token.begin, Math.max(token.end, token.begin + 1))
}

/** Reads one value. */
export function readOperand(tokenizer: Tokenizer): Operand {
  tokenizer.skipBlank()
  const start = tokenizer.p
  const token = tokenizer.readValue()
  if (!token)
    throw fault('missing_value', 'A value is expected here', start, Math.max(start + 1, tokenizer.N))
  return toOperand(token)
}
