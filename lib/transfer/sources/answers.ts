import { isAppError } from '../../errors.ts'
import { parseJson } from '../../json.ts'
import { failedSource } from './faults.ts'

const DEPTH = 200

/** Reads an answer that should be JSON. @param what was asked, in the words of errors */
export function readAnswer(text: string, what: string): unknown {
  try {
    return parseJson(text, { depth: DEPTH })
  } catch (error) {
    if (!isAppError(error)) throw error
    throw failedSource(`${what}: its answer is no JSON.`)
  }
}
