import { isNode, isScalar, LineCounter, type Document as YamlDocument } from 'yaml'
import { isAppError } from '../../../errors.ts'
import { parseJson } from '../../../json.ts'
import { parseYaml } from '../../file/parse-yaml.ts'
import type { SourceNote } from '../../source.ts'

/** A path into a document. */
export type DocumentPath = readonly (string | number)[]

/** Data of a file that knows its lines. */
export interface Data {
  value: unknown
  /** The line of the file on which a value begins. */
  line(path: DocumentPath): number | undefined
  /** For a text in the data: from its own lines to those of the file, as far as they go together. */
  lines(path: DocumentPath): (line: number) => number | undefined
}

export type ReadData = Data | { fault: SourceNote }

/** Longest YAML that is read, and longest JSON whose lines are found: prompts have a hundredth of it. */
const MOST_YAML = 1_000_000
/** An alias may bring in as many nodes in all: more is a trick. */
const MOST_ALIASES = 100
const JSON_LIMITS = { depth: 200, values: 2_000_000 }

/**
 * Reads YAML: no tags of anybody's own, aliases bounded, keys once.
 * @param offset lines of the file before it
 */
export function readYaml(text: string, offset = 0): ReadData {
  if (text.length > MOST_YAML)
    return faultOf(`YAML of more than ${MOST_YAML} characters is not read`, 1 + offset)
  const counter = new LineCounter()
  try {
    const document = parseYaml(text, YAML_OPTIONS(counter))
    const [problem] = [
      ...document.errors,
      ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED'),
    ]
    if (problem !== undefined) return faultOf(whyNot(problem), counter.linePos(problem.pos[0]).line + offset)
    return yamlData(document, counter, document.toJS({ maxAliasCount: MOST_ALIASES }), offset)
  } catch (error) {
    // Aliases within aliases, or brackets within brackets until the stack is full.
    return faultOf(whyNot(error), 1 + offset)
  }
}

const YAML_OPTIONS = (lineCounter: LineCounter) => ({ lineCounter, logLevel: 'error', merge: true }) as const

function whyNot(error: unknown): string {
  return `The YAML cannot be read: ${error instanceof Error ? firstLine(error.message) : 'it is broken'}`
}

function yamlData(document: YamlDocument.Parsed, counter: LineCounter, value: unknown, offset: number): Data {
  const nodeAt = (path: DocumentPath) => (path.length === 0 ? document.contents : document.getIn(path, true))
  const line = (path: DocumentPath) => {
    const node = nodeAt(path)
    return isNode(node) && node.range ? counter.linePos(node.range[0]).line + offset : undefined
  }
  return {
    value,
    line,
    lines(path) {
      const node = nodeAt(path)
      const first = line(path)
      const isLiteral = isScalar(node) && node.type === 'BLOCK_LITERAL'
      return (at) => (first === undefined ? undefined : isLiteral ? first + at : first)
    },
  }
}

/** Reads JSON; lines are looked for only where somebody asks. */
export function readJson(text: string, offset = 0): ReadData {
  try {
    const value = parseJson(text, JSON_LIMITS)
    let known: Data | undefined
    const placed = () => {
      known ??= positions(text, offset)
      return known
    }
    return {
      value,
      line: (path) => placed().line(path),
      lines: (path) => {
        const first = placed().line(path)
        return () => first
      },
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    const [detail] = error.details
    const where = detail?.range?.line
    return faultOf(
      `The JSON cannot be read: ${detail?.message ?? error.message}`,
      where === undefined ? undefined : where + offset,
    )
  }
}

/** JSON is YAML, whose reader knows positions. */
function positions(text: string, offset: number): Data {
  const nowhere: Data = { value: undefined, line: () => undefined, lines: () => () => undefined }
  const found = readYaml(text, offset)
  return 'fault' in found ? nowhere : found
}

function faultOf(message: string, line: number | undefined): { fault: SourceNote } {
  return { fault: { message, ...(line === undefined ? {} : { line }) } }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}

/** JSON for `.json`, else YAML. */
export function readData(path: string, text: string): ReadData {
  return /\.jsonc?$/i.test(path) || /^\s*[{[]\s*["{[\]}]/.test(text) ? readJson(text) : readYaml(text)
}
